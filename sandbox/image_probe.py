"""Whether our supervisor can run in an image that somebody else made."""

from typing import Any

import docker
import requests
from docker.errors import APIError

from sandbox import containers, creating, supervisor, volumes
from sandbox.errors import ImageError
from sandbox.job import Limits, Shape

PROBE_S = 60
LAST_LINES = 15
PROBE = f"import sys; sys.path.insert(0, {supervisor.HOME!r}); import sandbox.inside.main"
LIMITS = Limits(memory_bytes=512_000_000, processes=64, work_bytes=16_000_000)
REMEDY = "Install Python 3.11 or newer in it, or build it on leitai-runtime."


def probe(client: docker.DockerClient, image: str) -> None:
    """Import the supervisor in a container of the image, made as those of submissions are.

    Raises:
        ImageError: that does not work; the text is for whoever made the image.
    """
    api: Any = client.api
    container = creating.create(client, **_settings(client, image))
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


def _settings(client: docker.DockerClient, image: str) -> dict[str, Any]:
    shape = Shape(image, LIMITS)
    engine = containers.Engine(seccomp=containers.seccomp_profile(""))
    given = containers.settings(shape, volumes.ensure_all(client, shape), engine, {volumes.FILLING: "probe"})
    command = [*containers.COMMAND[:-1], PROBE]
    # Its last words are wanted, and nobody speaks to it.
    return given | {"command": command, "detach": True, "stdin_open": False, "log_config": None}
