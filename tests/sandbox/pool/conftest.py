"""A pool of each test's own, of which nothing may be left."""

import secrets
from collections.abc import Iterator

import docker
import pytest

from sandbox.docker_engine import DockerSandbox
from sandbox.images import image_tag
from sandbox.job import Limits, Shape

LIMITS = Limits(wall_s=20, cpu_s=20, memory_bytes=400_000_000, work_bytes=64_000_000)


@pytest.fixture
def owner(engine: docker.DockerClient) -> Iterator[str]:
    """An installation of this test's own; nothing of it may be left at the end."""
    name = f"t{secrets.token_hex(4)}"
    yield name
    found = engine.api.containers(all=True, filters={"label": f"leitai.pool={name}"})
    claims = engine.api.volumes(filters={"label": f"leitai.pool={name}"})["Volumes"] or []
    for row in found:
        engine.api.remove_container(row["Id"], force=True)
    for row in claims:
        engine.api.remove_volume(row["Name"])
    assert (found, claims) == ([], [])


@pytest.fixture
def sandbox(host: str, owner: str) -> Iterator[DockerSandbox]:
    found = DockerSandbox(host, owner=owner)
    yield found
    found.settle()
    found.drain()


@pytest.fixture
def shape() -> Shape:
    return Shape(image_tag("runtime"), LIMITS, preload=("decimal",))


def waiting(engine: docker.DockerClient, owner: str) -> list[str]:
    """The containers of an owner that run, held by somebody or not."""
    return [row["Id"] for row in engine.api.containers(filters={"label": f"leitai.pool={owner}"})]
