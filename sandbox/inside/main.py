"""Process 1: takes a job on its stdin, runs it, sends the outcome on its stdout; when lasting, again."""

from __future__ import annotations

import io
import json
import os
import signal
import sys

from sandbox.inside import starting, watching, workspace
from sandbox.inside.frames import BrokenStream, copy, write_head

TYPE_CHECKING = False  # typing takes longer to import than all of this
if TYPE_CHECKING:
    from typing import Any, BinaryIO


def main() -> None:
    """Serve until nobody is there any more."""
    options: dict[str, Any] = json.loads(sys.argv[1])
    # Nothing of ours may be inherited: the program gets pipes of its own.
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    starter: watching.Starter = starting.Bare(options)
    if options["announce"]:
        from sandbox.inside import nursery  # noqa: PLC0415 a cold start is quicker without it

        starter = nursery.prepared(options)
        _say(out, "ready")
    while _serve(options, starter, out) and options["lasting"]:
        pass


def _say(out: BinaryIO, word: str) -> None:
    write_head(out, {"type": word, "size": 0})
    out.flush()


def _serve(options: dict[str, Any], starter: watching.Starter, out: BinaryIO) -> bool:
    """Do one job. Returns whether another may follow."""
    try:
        job, archive = workspace.receive(sys.stdin.buffer)
        _say(out, "begun")
        _answer(_run(job, archive, options, starter, out), out)
    except (BrokenStream, watching.Abandoned, starting.NotStarted):
        return False
    if options["lasting"]:
        workspace.clear(starter.user)
    return True


def _run(
    job: dict[str, Any],
    archive: BinaryIO | None,
    options: dict[str, Any],
    starter: watching.Starter,
    out: BinaryIO,
) -> dict[str, Any]:
    user = starter.take_user()
    if archive is not None:
        with archive:
            refused = workspace.unpack(archive, options["work_bytes"], job["executable"], user)
        if refused:
            return {"verdict": "refused_archive", "detail": refused}
    bounds = watching.Bounds(options["wall_s"], options["cpu_s"], options["log_bytes"])
    ended = watching.watch(starter, _command(job), bounds)
    outcome = _judged(ended, options)
    if outcome["verdict"] == "ok":
        most = options["output_bytes"], options["output_files"]
        outcome.update(workspace.collect(out, *most, user, trusted=options["lasting"]))
    return {**_told(ended), **outcome}


def _command(job: dict[str, Any]) -> list[str]:
    command: list[str] = job["command"]
    own = job["executable"]
    if own and os.path.isfile(f"{starting.PROGRAM}/{own}"):  # noqa: PTH113 no pathlib in here
        return [f"./{own}", *command[2:]]
    return command


def _judged(ended: watching.Ended, options: dict[str, Any]) -> dict[str, Any]:
    if ended.limit:
        most = options["wall_s"] if ended.limit == "wall" else options["cpu_s"]
        return {"verdict": "time_limit", "detail": f"It took more than {most:g} s of {ended.limit} time."}
    if ended.memory_kills:
        return {"verdict": "memory_limit", "detail": f"It needed more than {options['memory_bytes']} bytes."}
    code = os.waitstatus_to_exitcode(ended.status)
    if code < 0:
        return _signalled(-code, options)
    if code > 0:
        return {"verdict": "runtime_error", "exit_code": code, "detail": f"It ended with exit code {code}."}
    return {"verdict": "ok", "exit_code": 0}


def _signalled(number: int, options: dict[str, Any]) -> dict[str, Any]:
    if number == signal.SIGXCPU:
        return {"verdict": "time_limit", "detail": f"It took more than {options['cpu_s']:g} s of cpu time."}
    if number == signal.SIGXFSZ:
        return {"verdict": "output_limit", "detail": "It wrote a file larger than the work space."}
    name = signal.Signals(number).name if number in set(signal.Signals) else f"signal {number}"
    return {"verdict": "runtime_error", "signal": number, "detail": f"It was ended by {name}."}


def _told(ended: watching.Ended) -> dict[str, Any]:
    names = ("wall_s", "cpu_s", "peak_memory_bytes", "stdout", "stderr")
    return {name: getattr(ended, name) for name in names}


def _answer(outcome: dict[str, Any], out: BinaryIO) -> None:
    logs = [outcome.pop("stdout", b""), outcome.pop("stderr", b"")]
    for name, log in zip(("stdout", "stderr"), logs, strict=True):
        write_head(out, {"type": name, "size": len(log)})
        out.write(log)
    text = json.dumps(outcome).encode()
    write_head(out, {"type": "outcome", "size": len(text)})
    copy(io.BytesIO(text), out, len(text))
    out.flush()
