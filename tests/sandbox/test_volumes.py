"""Data sets on the engine: whole or not used at all, whoever fills them and whenever he dies."""

import io
import secrets
import tarfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import docker
import pytest

from sandbox import volumes
from sandbox.docker_engine import DockerSandbox
from sandbox.images import image_tag
from sandbox.job import Job, Verdict, Volume

pytestmark = pytest.mark.engine


def tar_with(content: bytes) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        member = tarfile.TarInfo("rows.csv")
        member.size, member.mode = len(content), 0o444
        archive.addfile(member, io.BytesIO(content))
    return stream.getvalue()


@pytest.fixture
def wanted(engine: docker.DockerClient, sandbox: DockerSandbox) -> Iterator[Volume]:
    digest = secrets.token_hex(32)
    yield Volume(digest, "/data/input", lambda: [tar_with(b"1,2\n")])
    sandbox.settle()
    for volume in engine.volumes.list():
        if digest in volume.name:
            volume.remove()


def of(engine: docker.DockerClient, wanted: Volume) -> set[str]:
    return {volume.name for volume in engine.volumes.list() if wanted.digest in volume.name}


def test_two_workers_that_fill_at_once_use_one_volume(engine: docker.DockerClient, wanted: Volume) -> None:
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(volumes.ensure, engine, image_tag("runtime"), wanted) for _ in range(4)]
    names = {each.result() for each in asked}
    assert len(names) == 1
    assert of(engine, wanted) == names | {volumes.PREFIX + wanted.digest}


def test_a_volume_that_was_taken_away_is_filled_again(
    engine: docker.DockerClient, sandbox: DockerSandbox, job: Callable[..., Job], wanted: Volume
) -> None:
    first = volumes.ensure(engine, image_tag("runtime"), wanted)
    engine.volumes.get(first).remove()
    outcome = sandbox.run(job("print(open('/data/input/rows.csv').read())", volumes=(wanted,)))
    assert (outcome.verdict, outcome.stdout) == (Verdict.OK, b"1,2\n\n")


def test_a_volume_that_others_filled_anew_is_found_by_who_knew_the_former(
    engine: docker.DockerClient, wanted: Volume
) -> None:
    other = docker.from_env()
    first = volumes.ensure(engine, image_tag("runtime"), wanted)
    assert volumes.ensure(engine, image_tag("runtime"), wanted) == first
    other.volumes.get(first).remove()
    second = volumes.ensure(other, image_tag("runtime"), wanted)
    assert volumes.ensure(engine, image_tag("runtime"), wanted) == second != first
    assert of(engine, wanted) == {second, volumes.PREFIX + wanted.digest}
    other.close()


def test_data_that_cannot_be_read_leaves_nothing(engine: docker.DockerClient, wanted: Volume) -> None:
    def read() -> Iterator[bytes]:
        yield tar_with(b"1,2\n")[:700]
        raise OSError("the store is gone")

    with pytest.raises(OSError, match="the store is gone"):
        volumes.ensure(engine, image_tag("runtime"), Volume(wanted.digest, wanted.mount, read))
    assert of(engine, wanted) == set()


def test_who_dies_while_filling_leaves_nothing_that_is_used_and_nothing_that_stays(
    engine: docker.DockerClient, wanted: Volume, monkeypatch: pytest.MonkeyPatch
) -> None:
    half = f"{volumes.PREFIX}{wanted.digest}-dead"
    label = {volumes.FILLING: wanted.digest}
    engine.volumes.create(half, labels=label)
    mounted = {half: {"bind": "/data", "mode": "rw"}}
    holder = engine.containers.create(image_tag("runtime"), ["true"], volumes=mounted, labels=label)
    assert volumes.ensure(engine, image_tag("runtime"), wanted) != half
    volumes.strays(engine)
    assert half in of(engine, wanted)
    monkeypatch.setattr(volumes, "_is_old", lambda _: True)
    # The engine may be in use by others.
    monkeypatch.setattr(volumes, "FILLING", f"{volumes.FILLING}={wanted.digest}")
    assert volumes.strays(engine) == 1
    assert half not in of(engine, wanted)
    assert engine.api.containers(all=True, filters={"id": holder.id}) == []
