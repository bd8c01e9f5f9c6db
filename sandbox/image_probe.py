"""Whether our supervisor can run in an image that somebody else made."""

from typing import Any

import docker
import requests
from docker.errors import APIError

from sandbox import supervisor, volumes
from sandbox.errors import ImageError

PROBE_S = 60
LAST_LINES = 15
PROBE = f"import sys; sys.path.insert(0, {supervisor.HOME!r}); import sandbox.inside.main"
REMEDY = "Install Python 3.11 or newer in it, or build it on leitai-runtime."


def probe(client: docker.DockerClient, image: str) -> None:
    """Import the supervisor in a container of the image.

    Raises:
        ImageError: that does not work; the text is for whoever made the image.
    """
    api: Any = client.api
    brought = volumes.ensure(client, image, supervisor.volume())
    container = api.create_container_from_config(_settings(image, brought))["Id"]
    try:
        api.start(container)
        code = api.wait(container, timeout=PROBE_S)["StatusCode"]
        words = api.logs(container, tail=LAST_LINES).decode(errors="replace").strip()
    except APIError as error:
        raise ImageError(
            f"python3 does not start in the task's image: {error.explanation} {REMEDY}"
        ) from None
    except (requests.ReadTimeout, requests.ConnectionError):  # the latter at a unix socket
        raise ImageError(f"python3 did not answer in the task's image. {REMEDY}") from None
    finally:
        api.remove_container(container, force=True, v=True)
    if code:
        raise ImageError(f"The sandbox does not run in the task's image. {REMEDY}\n{words}")


def _settings(image: str, brought: str) -> dict[str, Any]:
    limits = {"Memory": 512_000_000, "MemorySwap": 512_000_000, "PidsLimit": 64}
    closed = {"CapDrop": ["ALL"], "SecurityOpt": ["no-new-privileges:true"], "ReadonlyRootfs": True}
    return {
        "Image": image,
        "Cmd": ["python3", "-I", "-S", "-B", "-c", PROBE],
        "Entrypoint": [],
        "User": "0:0",
        "WorkingDir": "/",
        "NetworkDisabled": True,
        "Healthcheck": {"Test": ["NONE"]},
        "Labels": {volumes.FILLING: "probe"},
        "HostConfig": {"Binds": [f"{brought}:{supervisor.HOME}:ro"], **limits, **closed},
    }
