"""Process 1: takes a job on its stdin, runs it, sends the outcome on its stdout, and ends."""

import io
import json
import os
import signal
import sys
from dataclasses import asdict
from typing import Any, BinaryIO

from sandbox.inside import collecting, unpacking, watching
from sandbox.inside.frames import BrokenStream, copy, read_head, write_head

WORK = "/job"
PROGRAM, INPUT, OUTPUT = f"{WORK}/program", f"{WORK}/input", f"{WORK}/output"
UNPACK_S = 60
# Exit codes of our own children.
FINE, REFUSED, TOO_MUCH = 0, 10, 11
REASON_LENGTH = 1000


def main() -> None:
    """One job."""
    source, out = sys.stdin.buffer, sys.stdout.buffer
    # Nothing of ours may be inherited: the program gets pipes of its own.
    out = os.fdopen(os.dup(out.fileno()), "wb")
    os.set_inheritable(out.fileno(), False)  # noqa: FBT003 its signature
    try:
        job, archive = _receive(source)
    except BrokenStream:
        return
    _answer(_run(job, archive, out), out)


def _receive(source: BinaryIO) -> tuple[dict[str, Any], BinaryIO]:
    job = read_head(source)
    archive = os.fdopen(os.memfd_create("program"), "w+b")
    copy(source, archive, job["size"])
    archive.seek(0)
    os.umask(0o022)
    os.mkdir(INPUT)  # noqa: PTH102 the standard library's plainest, here and below
    for _ in range(job["inputs"]):
        head = read_head(source)
        with open(f"{INPUT}/{os.path.basename(head['name'])}", "xb") as file:  # noqa: PTH119, PTH123 as above
            copy(source, file, head["size"])
    return job, archive


def _run(job: dict[str, Any], archive: BinaryIO, out: BinaryIO) -> dict[str, Any]:
    refused = _unpack(archive, job["work_bytes"])
    archive.close()
    if refused:
        return {"verdict": "refused_archive", "detail": refused}
    bounds = watching.Bounds(
        job["wall_s"], job["cpu_s"], job["work_bytes"], job["open_files"], job["log_bytes"]
    )
    ended = watching.watch(job["command"], PROGRAM, job["env"], bounds)
    outcome = _judged(ended, job)
    if outcome["verdict"] == "ok":
        outcome.update(_collect(job, out))
    return {**_told(ended), **outcome}


def _unpack(archive: BinaryIO, most_bytes: int) -> str:
    """Why the archive is refused; empty when it was unpacked."""

    def unpack() -> int:
        signal.alarm(UNPACK_S)
        for place in (PROGRAM, OUTPUT):
            os.mkdir(place)  # noqa: PTH102 as above
        unpacking.unpack(archive, PROGRAM, most_bytes)
        return FINE

    code, reason = _asked(unpack)
    if code == FINE:
        return ""
    return reason or "Unpacking it took too long, or more memory than the program may have."


def _collect(job: dict[str, Any], out: BinaryIO) -> dict[str, Any]:
    def send() -> int:
        collecting.send(OUTPUT, out, job["output_bytes"], job["output_files"])
        return FINE

    out.flush()
    code, reason = _asked(send)
    if code == FINE:
        return {}
    verdict = collecting.TOO_MUCH if code == TOO_MUCH else collecting.INVALID
    return {"verdict": verdict, "detail": reason or "The output could not be read."}


def _asked(do: Any) -> tuple[int, str]:
    """Let a child, as the program's user, do something that it may refuse with a reason."""
    read, write = os.pipe()

    def child() -> int:
        try:
            return int(do())
        except (unpacking.Refused, collecting.Refused) as refusal:
            os.write(write, str(refusal).encode()[:REASON_LENGTH])
            return TOO_MUCH if getattr(refusal, "verdict", "") == collecting.TOO_MUCH else REFUSED

    code = watching.as_user(child)
    os.close(write)
    with os.fdopen(read, "rb") as words:
        return code, words.read().decode(errors="replace")


def _judged(ended: watching.Ended, job: dict[str, Any]) -> dict[str, Any]:
    if ended.limit:
        most = job["wall_s"] if ended.limit == "wall" else job["cpu_s"]
        return {"verdict": "time_limit", "detail": f"It took more than {most:g} s of {ended.limit} time."}
    if ended.memory_kills:
        return {"verdict": "memory_limit", "detail": f"It needed more than {job['memory_bytes']} bytes."}
    code = os.waitstatus_to_exitcode(ended.status)
    if code < 0:
        return _signalled(-code, job)
    if code > 0:
        return {"verdict": "runtime_error", "exit_code": code, "detail": f"It ended with exit code {code}."}
    return {"verdict": "ok", "exit_code": 0}


def _signalled(number: int, job: dict[str, Any]) -> dict[str, Any]:
    if number == signal.SIGXCPU:
        return {"verdict": "time_limit", "detail": f"It took more than {job['cpu_s']:g} s of cpu time."}
    if number == signal.SIGXFSZ:
        return {"verdict": "output_limit", "detail": "It wrote a file larger than the work space."}
    name = signal.Signals(number).name if number in set(signal.Signals) else f"signal {number}"
    return {"verdict": "runtime_error", "signal": number, "detail": f"It was ended by {name}."}


def _told(ended: watching.Ended) -> dict[str, Any]:
    told = asdict(ended)
    return {name: told[name] for name in ("wall_s", "cpu_s", "peak_memory_bytes", "stdout", "stderr")}


def _answer(outcome: dict[str, Any], out: BinaryIO) -> None:
    logs = [outcome.pop("stdout", b""), outcome.pop("stderr", b"")]
    for name, log in zip(("stdout", "stderr"), logs, strict=True):
        write_head(out, {"type": name, "size": len(log)})
        out.write(log)
    text = json.dumps(outcome).encode()
    write_head(out, {"type": "outcome", "size": len(text)})
    copy(io.BytesIO(text), out, len(text))
    out.flush()
