"""The real engine and the real images; every test looks afterwards that nothing is left of its containers."""

import os
import secrets
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import docker
import pytest

from sandbox.docker_engine import DockerSandbox
from sandbox.images import image_tag
from sandbox.job import Job, Limits, Outcome, Shape

COMMAND = ("python3", "predict.py", "/data/input", "/job/output")
# What waits in a warm container.
PRELOAD = ("numpy",)
SHAPE = ("image", "volumes", "preload", "lasting", "alone")
SMALL = {"wall_s": 20.0, "cpu_s": 20.0, "memory_bytes": 256_000_000, "work_bytes": 64_000_000}


@pytest.fixture(scope="session")
def engine() -> Iterator[docker.DockerClient]:
    """The engine that `make test` found or started."""
    client = docker.from_env()
    yield client
    client.close()


@pytest.fixture(scope="session")
def host() -> str:
    """The same engine by its address; the client does not tell which socket it uses."""
    return os.environ.get("DOCKER_HOST") or "unix:///var/run/docker.sock"


@pytest.fixture(scope="session")
def owner() -> str:
    """Whose the warm containers of these tests are."""
    return f"tests-{secrets.token_hex(4)}"


@pytest.fixture(scope="session")
def sandbox(host: str, owner: str) -> Iterator[DockerSandbox]:
    found = DockerSandbox(host, owner=owner)
    yield found
    found.drain()


@pytest.fixture
def path() -> str:
    """How a job comes to its container; a module that tries both ways has a fixture of this name with two."""
    return "cold"


@pytest.fixture
def lease(engine: docker.DockerClient, sandbox: DockerSandbox) -> Iterator[str]:
    """A lease of this test's own; whatever carries it must be gone at the end."""
    name = f"test.{secrets.token_hex(8)}"
    yield name
    sandbox.settle()
    mine = {"label": f"leitai.lease={name}"}
    assert engine.api.containers(all=True, filters=mine) == []
    assert not engine.api.volumes(filters=mine)["Volumes"]


def zipped(place: Path, files: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(place, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return place


@pytest.fixture
def job(tmp_path: Path, lease: str) -> Callable[..., Job]:
    """Makes a job of a program's text, or of an archive."""

    def make(
        program: str | dict[str, str | bytes] | Path, limits: dict[str, Any] | None = None, **more: Any
    ) -> Job:
        files = {"predict.py": program} if isinstance(program, str) else program
        output = more.pop("output", tmp_path / "output")
        output.mkdir(exist_ok=True)
        archive = files if isinstance(files, Path) else zipped(tmp_path / f"{output.name}.zip", files)
        parts = {name: more.pop(name) for name in SHAPE if name in more}
        shape = Shape(
            **{"image": image_tag("runtime"), "limits": Limits(**(SMALL | (limits or {}))), **parts}
        )
        return Job(shape, lease, archive, output=output, **{"command": COMMAND, **more})

    return make


@pytest.fixture
def carry_out(
    sandbox: DockerSandbox, engine: docker.DockerClient, owner: str, path: str
) -> Callable[[Job], Outcome]:
    """Runs a job on the path of this test, and sees to it that it was that one."""

    def pool() -> set[str]:
        mine = {"label": f"leitai.pool={owner}"}
        return {row["Id"] for row in engine.api.containers(all=True, filters=mine)}

    def warm(job: Job) -> Outcome:
        job = replace(job, shape=replace(job.shape, preload=job.shape.preload or PRELOAD))
        sandbox.warm(job.shape)
        before = pool()
        outcome = sandbox.run(job)
        sandbox.settle()
        assert before - pool(), "no warm container was used up"
        return outcome

    return warm if path == "warm" else sandbox.run


@pytest.fixture
def run(carry_out: Callable[[Job], Outcome], job: Callable[..., Job]) -> Callable[..., Outcome]:
    """Runs a program in the sandbox."""

    def run_one(program: str | dict[str, str | bytes] | Path, **given: Any) -> Outcome:
        return carry_out(job(program, **given))

    return run_one
