"""The sandbox on a Docker engine, near or far: one container for one job, and nothing left of it."""

import contextlib
import io
import time
from collections.abc import Container as Collection
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

import docker
import requests
from docker.errors import DockerException, ImageNotFound, NotFound
from docker.models.containers import Container

from sandbox import containers, receiving, volumes
from sandbox.inside.frames import CHUNK, BrokenStream, write_head
from sandbox.job import Job, Outcome, SandboxUnavailable, Verdict
from sandbox.stream import Attached
from sandbox.supervisor import source

# Beside the program's own time: bringing things in and out, unpacking, a busy engine.
OUTER_S = 90.0
ENGINE_S = 60
TROUBLE = (DockerException, requests.RequestException, OSError, BrokenStream)


@dataclass(frozen=True)
class EngineState:
    """What an engine says of itself; all but ``answers`` is empty when it does not answer."""

    answers: bool
    version: str = ""
    cgroup: str = ""
    storage: str = ""
    runtimes: tuple[str, ...] = ()
    containers: int = 0
    detail: str = ""


@dataclass(frozen=True)
class Cleared:
    """What was removed because no lease owns it."""

    containers: int = 0
    volumes: int = 0


class DockerSandbox:
    """Runs jobs on one engine; safe to share between threads."""

    def __init__(self, host: str, runtime: str = "", seccomp_profile: str = "") -> None:
        self._host, self._runtime = host, runtime
        self._seccomp = containers.seccomp_profile(seccomp_profile)

    @cached_property
    def _client(self) -> docker.DockerClient:
        return docker.DockerClient(base_url=self._host, timeout=ENGINE_S)

    def run(self, job: Job) -> Outcome:
        """Run a whole job in a container of its own.

        Raises:
            SandboxUnavailable: the engine, an image or a volume failed; the program is not to blame.
        """
        try:
            shape = job.shape
            mounted = {volumes.ensure(self._client, shape.image, row): row.mount for row in shape.volumes}
            with self._container(job, mounted) as container:
                return _Running(job, container).outcome()
        except ImageNotFound:
            raise SandboxUnavailable(
                f"The engine has no image {job.shape.image}. Build it: leitai images build"
            ) from None
        except TROUBLE as error:
            raise SandboxUnavailable(f"The sandbox failed: {error}") from error

    @contextlib.contextmanager
    def _container(self, job: Job, mounted: dict[str, str]) -> Iterator[Container]:
        given = containers.settings(job, mounted, self._runtime, self._seccomp)
        container = self._client.containers.create(**given)
        try:
            yield container
        finally:
            with contextlib.suppress(NotFound):
                container.remove(force=True, v=True)

    def present(self, image: str) -> bool:
        """Whether the engine has the image.

        Raises:
            SandboxUnavailable: the engine does not answer.
        """
        try:
            self._client.images.get(image)
        except ImageNotFound:
            return False
        except TROUBLE as error:
            raise SandboxUnavailable(f"The engine does not answer: {error}") from error
        return True

    def image_digest(self, image: str) -> str:
        """The image's content digest.

        Raises:
            SandboxUnavailable: the engine does not answer, or has no such image.
        """
        try:
            return str(self._client.images.get(image).id)
        except TROUBLE as error:
            raise SandboxUnavailable(f"The engine has no image {image}: {error}") from error

    def state(self) -> EngineState:
        """How the engine is; one that does not answer is a state too."""
        try:
            info: dict[str, Any] = self._client.info()
        except TROUBLE as error:
            return EngineState(answers=False, detail=str(error))
        return EngineState(
            answers=True,
            version=info.get("ServerVersion", ""),
            cgroup=str(info.get("CgroupVersion", "")),
            storage=info.get("Driver", ""),
            runtimes=tuple(sorted(info.get("Runtimes", {}))),
            containers=info.get("ContainersRunning", 0),
        )

    def clear(self, leases: Collection[str]) -> Cleared:
        """Remove containers whose lease is not among these, and volumes that nobody finished filling.

        Raises:
            SandboxUnavailable: the engine does not answer.
        """
        try:
            removed = 0
            for row in self._client.api.containers(all=True, filters={"label": containers.LEASE}):
                if row["Labels"][containers.LEASE] not in leases:
                    with contextlib.suppress(NotFound):
                        self._client.api.remove_container(row["Id"], force=True, v=True)
                        removed += 1
            return Cleared(removed, volumes.strays(self._client))
        except TROUBLE as error:
            raise SandboxUnavailable(f"The engine does not answer: {error}") from error


class _Running:
    def __init__(self, job: Job, container: Container) -> None:
        self.job, self.container = job, container
        self.until = time.monotonic() + job.limits.wall_s + OUTER_S

    def outcome(self) -> Outcome:
        with Attached(self.container, lambda: self.until - time.monotonic()) as stream:
            self.container.start()
            try:
                self._send(stream)
                reader = io.BufferedReader(stream)
                return receiving.receive(reader, self.job.output, self.job.limits)
            except (BrokenStream, OSError) as error:
                return self._ended_early(stream, error)

    def _send(self, stream: Attached) -> None:
        stream.send(source())
        assert self.job.program
        _send_file(stream, containers.job_head(self.job), self.job.program)
        for name, path in self.job.inputs.items():
            _send_file(stream, {"name": name, "size": path.stat().st_size}, path)

    def _ended_early(self, stream: Attached, error: Exception) -> Outcome:
        """Without an outcome: memory was too little even for the supervisor, or it is our trouble."""
        self.container.reload()
        if self.container.attrs["State"]["OOMKilled"]:
            most = self.job.limits.memory_bytes
            return Outcome(Verdict.MEMORY_LIMIT, detail=f"It needed more than {most} bytes.")
        words = stream.stderr.decode(errors="replace").strip()[-1000:]
        code = self.container.attrs["State"]["ExitCode"]
        raise SandboxUnavailable(
            f"The container gave no outcome ({error}; exit code {code}). {words}".strip()
        )


def _send_file(stream: Attached, head: dict[str, Any], path: Path) -> None:
    line: BinaryIO = io.BytesIO()
    write_head(line, head)
    stream.send(line.getvalue())  # type: ignore[attr-defined]  # it is the BytesIO
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            stream.send(chunk)
