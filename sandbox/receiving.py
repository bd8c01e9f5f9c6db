"""Takes an outcome apart: output files, logs, verdict. Nothing that comes is believed unchecked."""

import json
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from sandbox.inside.frames import BrokenStream, copy, read_head
from sandbox.job import Limits, Outcome, Verdict

OUTCOME_BYTES = 64 * 1024
# The supervisor's own words beside the program's logs.
LOGS = ("stdout", "stderr")
# The supervisor's words: it waits for a job; it has one, and the program may run from now on.
READY, BEGUN = "ready", "begun"


def receive(stream: BinaryIO, folder: Path, limits: Limits) -> Outcome:
    """Read frames up to the outcome.

    Raises:
        BrokenStream: the stream ended before it, or holds what the supervisor never sends.
    """
    files: list[str] = []
    logs = dict.fromkeys(LOGS, b"")
    left = limits.output_bytes
    while True:
        head = read_head(stream)
        kind, size = head.get("type"), head["size"]
        if kind == "outcome":
            return _outcome(_read(stream, size, OUTCOME_BYTES), files, limits.output_bytes - left, logs)
        if kind in LOGS:
            logs[kind] = _read(stream, size, limits.log_bytes)
            continue
        left -= size
        if kind != "file" or size < 0 or left < 0 or len(files) >= limits.output_files:
            raise BrokenStream("more came than was allowed")
        files.append(_keep(stream, str(head.get("name")), size, folder))


def wait_for(stream: BinaryIO, word: str) -> None:
    """Read up to a word of the supervisor; that it is ready may come before.

    Raises:
        BrokenStream: it ended before, or said something else.
    """
    said = read_head(stream).get("type")
    while said == READY != word:
        said = read_head(stream).get("type")
    if said != word:
        raise BrokenStream(f"the supervisor is not {word}")


def _read(stream: BinaryIO, size: int, most: int) -> bytes:
    if not 0 <= size <= most:
        raise BrokenStream("more came than was allowed")
    found = stream.read(size)
    if len(found) != size:
        raise BrokenStream("the stream ended within a frame")
    return found


def _keep(stream: BinaryIO, name: str, size: int, folder: Path) -> str:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts or "\0" in name:
        raise BrokenStream("an output's name leads elsewhere")
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as file:
        copy(stream, file, size)
    return str(path)


def _outcome(text: bytes, files: list[str], size: int, logs: dict[str, bytes]) -> Outcome:
    try:
        told: dict[str, Any] = json.loads(text)
        verdict = Verdict(told["verdict"])
    except (ValueError, KeyError, TypeError):
        raise BrokenStream("the outcome is malformed") from None
    ok = verdict == Verdict.OK
    return Outcome(
        verdict=verdict,
        exit_code=told.get("exit_code"),
        signal=told.get("signal"),
        wall_s=float(told.get("wall_s", 0.0)),
        cpu_s=float(told.get("cpu_s", 0.0)),
        peak_memory_bytes=int(told.get("peak_memory_bytes", 0)),
        output_bytes=size,
        files=tuple(sorted(files)) if ok else (),
        stdout=logs["stdout"],
        stderr=logs["stderr"],
        detail=str(told.get("detail", "")),
    )
