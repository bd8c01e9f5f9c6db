"""Looks at an engine: what it says, whether it has quotas, and what a program sees in a real container."""

import json
import secrets
import tempfile
import zipfile
from contextlib import closing, suppress
from importlib.resources import files
from pathlib import Path
from typing import Any

import docker
import requests
from docker.errors import DockerException, ImageNotFound

from sandbox import containers, reaching
from sandbox.docker_engine import DockerSandbox
from sandbox.job import INPUT, OUTPUT, Job, Limits, SandboxUnavailable, Shape, Verdict
from sandbox.posture import Asked, Facts, Quota

TROUBLE = (DockerException, requests.RequestException, OSError)
ENGINE_S = 30
LIMITS = Limits(wall_s=30.0, cpu_s=30.0, memory_bytes=256_000_000, work_bytes=16_000_000)
COMMAND = ("python3", "predict.py", INPUT, OUTPUT)
A_SIZE = "1G"


def examine(host: str, runtime: str, seccomp_profile: str, image: str) -> tuple[Facts, str]:
    """The facts, and why no container could be looked into; empty when one was.

    Raises:
        SandboxUnavailable: the engine does not answer.
    """
    own = seccomp_profile != containers.ENGINES_OWN
    try:
        asked = Asked(host, reaching.is_verified(host), runtime, own_profile=own)
        with closing(reaching.client(host, ENGINE_S)) as client:
            info = client.info()
            quota = _quota(client, image)
    except TROUBLE as error:
        raise SandboxUnavailable(str(error)) from error
    sandbox = DockerSandbox(host, runtime, seccomp_profile)
    try:
        seen = _look(sandbox, image)
    except SandboxUnavailable as error:
        return Facts(info, asked, None, quota), str(error)
    finally:
        sandbox.settle()
    return Facts(info, asked, seen, quota), ""


def _look(sandbox: DockerSandbox, image: str) -> dict[str, Any]:
    """Run the program that looks, as a submission runs."""
    with tempfile.TemporaryDirectory(prefix="leitai-doctor-") as place:
        program, output = Path(place) / "program.zip", Path(place) / "output"
        output.mkdir()
        with zipfile.ZipFile(program, "w") as archive:
            archive.writestr("predict.py", (files("sandbox") / "looking.py").read_text("utf-8"))
        lease = f"doctor.{secrets.token_hex(8)}"
        outcome = sandbox.run(Job(Shape(image, LIMITS), lease, program, COMMAND, output))
        if outcome.verdict != Verdict.OK:
            last = outcome.stderr.decode(errors="replace").strip().splitlines()[-1:]
            raise SandboxUnavailable(" ".join([outcome.detail, *last]))
        found: dict[str, Any] = json.loads((output / "seen.json").read_text())
        return found


def _quota(client: docker.DockerClient, image: str) -> Quota | None:
    """Ask for a container and a volume with a bound; nothing is started. Needs the image."""
    name = f"leitai-doctor-{secrets.token_hex(8)}"
    try:
        host = client.api.create_host_config(storage_opt={"size": A_SIZE})
        client.api.create_container(image, ["true"], name=name, host_config=host)
        bounded = True
    except ImageNotFound:
        return None
    except DockerException:
        bounded = False
    finally:
        with suppress(DockerException):
            client.api.remove_container(name, force=True, v=True)
    return Quota(bounded, _bounds_volumes(client, name))


def _bounds_volumes(client: docker.DockerClient, name: str) -> bool:
    try:
        client.volumes.create(name, driver_opts={"size": A_SIZE})
    except DockerException:
        return False
    finally:
        with suppress(DockerException):
            client.api.remove_volume(name)
    return True
