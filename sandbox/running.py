"""One job in one container: what is sent in, and the outcome that comes back."""

import io
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, BinaryIO

import docker
from docker.errors import NotFound

from sandbox import containers, receiving
from sandbox.inside.frames import CHUNK, BrokenStream, write_head
from sandbox.job import Job, Outcome, SandboxUnavailable, Verdict
from sandbox.stream import Attached

# Beside the program's own time: bringing things in and out, unpacking, a busy engine.
OUTER_S = 90.0
# On a busy machine, with a program of the size that is still streamed.
BEGIN_S = 20.0
# What is larger comes by volume: a stream would be held in the memory that the program may use.
LARGE_BYTES = 32_000_000


class NotBegun(SandboxUnavailable):
    """The program has not run, and may as well run in another container."""


def within(seconds: float) -> Callable[[], float]:
    """Tells how many of these seconds are left."""
    until = time.monotonic() + seconds
    return lambda: until - time.monotonic()


def patience(job: Job) -> Callable[[], float]:
    """Tells how many seconds are left until a job is given up."""
    return within(job.limits.wall_s + OUTER_S)


def large_files(job: Job) -> dict[str, Path]:
    """The program and the inputs that are too large for the stream, by name."""
    files = {**job.inputs, **({containers.PROGRAM_NAME: job.program} if job.program else {})}
    return {name: path for name, path in files.items() if path.stat().st_size > LARGE_BYTES}


class Running:
    """A job on its way through a container whose supervisor waits for it; ``lent`` came by volume."""

    def __init__(
        self, job: Job, client: docker.DockerClient, container: str, lent: Collection[str] = ()
    ) -> None:
        self._job, self._client, self._container, self._lent = job, client, container, lent

    def outcome(self, stream: Attached) -> Outcome:
        """Send the job and take the outcome apart.

        Raises:
            NotBegun: the container had ended before it had the job.
            SandboxUnavailable: the container gave none.
        """
        try:
            self._send(stream)
            receiving.wait_for(stream.reader, receiving.BEGUN)
        except (BrokenStream, OSError) as error:
            raise NotBegun(self._words(stream, error)) from None
        stream.left_s = patience(self._job)
        try:
            return receiving.receive(stream.reader, self._job.output, self._job.limits)
        except (BrokenStream, OSError) as error:
            return self._ended_early(stream, error)

    def _send(self, stream: Attached) -> None:
        program = self._job.program if containers.PROGRAM_NAME not in self._lent else None
        _send_file(stream, containers.job_head(self._job, self._lent), program)
        for name, path in self._job.inputs.items():
            head = containers.input_head(name, path, self._lent)
            _send_file(stream, head, path if name not in self._lent else None)

    def _ended_early(self, stream: Attached, error: Exception) -> Outcome:
        """Without an outcome: memory was too little even for the supervisor, or it is our trouble."""
        if self._state()["OOMKilled"]:
            most = self._job.limits.memory_bytes
            return Outcome(Verdict.MEMORY_LIMIT, detail=f"It needed more than {most} bytes.")
        raise SandboxUnavailable(self._words(stream, error))

    def _words(self, stream: Attached, error: Exception) -> str:
        words = stream.stderr.decode(errors="replace").strip()[-1000:]
        code = self._state()["ExitCode"]
        return f"The container gave no outcome ({error}; exit code {code}). {words}".strip()

    def _state(self) -> dict[str, Any]:
        try:
            found: dict[str, Any] = self._client.api.inspect_container(self._container)["State"]
        except NotFound:
            return {"OOMKilled": False, "ExitCode": "unknown, for it was removed"}
        return found


def _send_file(stream: Attached, head: dict[str, Any], path: Path | None) -> None:
    line: BinaryIO = io.BytesIO()
    write_head(line, head)
    stream.send(line.getvalue())  # type: ignore[attr-defined]  # it is the BytesIO
    if path is None:
        return
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            stream.send(chunk)
