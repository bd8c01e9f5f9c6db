"""The folder of a job: what arrives there, what the program leaves, how it is cleared for the next one."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
from collections.abc import Callable

from sandbox.inside import collecting, unpacking
from sandbox.inside.frames import copy, read_head
from sandbox.inside.starting import OUTPUT, PROGRAM
from sandbox.inside.users import as_user

TYPE_CHECKING = False  # typing takes longer to import than all of this
if TYPE_CHECKING:
    from typing import Any, BinaryIO

WORK = "/job"
INPUT = f"{WORK}/input"
# Wherever a program may write.
WRITABLE = (PROGRAM, OUTPUT, "/tmp", "/dev/shm")  # noqa: S108 the container's own
UNPACK_S = 60
# Exit codes of our own children.
FINE, REFUSED, TOO_MUCH = 0, 10, 11
REASON_LENGTH = 1000


def receive(source: BinaryIO) -> tuple[dict[str, Any], BinaryIO | None]:
    """The next job, and its program's archive if it brings one; its inputs are laid out.

    Raises:
        BrokenStream: none came, or it broke off.
    """
    job = read_head(source)
    archive: BinaryIO | None = None
    if job["program"]:
        archive = open(job["program"], "rb")  # noqa: PTH123, SIM115 no pathlib in here; whoever asked closes it
    elif job["size"]:
        archive = os.fdopen(os.memfd_create("program"), "w+b")
        copy(source, archive, job["size"])
        archive.seek(0)
    os.umask(0o022)
    os.makedirs(INPUT, exist_ok=True)  # noqa: PTH103 as above
    for _ in range(job["inputs"]):
        _lay(source, read_head(source))
    return job, archive


def _lay(source: BinaryIO, head: dict[str, Any]) -> None:
    place = f"{INPUT}/{os.path.basename(head['name'])}"  # noqa: PTH119 as above
    if head["lies"]:
        os.symlink(head["lies"], place)  # noqa: PTH211 as above
        return
    with open(place, "xb") as file:  # noqa: PTH123 as above
        copy(source, file, head["size"])


def unpack(archive: BinaryIO, most_bytes: int, executable: str, user: int) -> str:
    """Lay out a program. Returns why its archive is refused; empty when it was unpacked."""

    def do() -> int:
        signal.alarm(UNPACK_S)
        os.mkdir(PROGRAM)  # noqa: PTH102 as above
        unpacking.unpack(archive, PROGRAM, most_bytes)
        if executable and os.path.isfile(f"{PROGRAM}/{executable}"):  # noqa: PTH113 as above
            os.chmod(f"{PROGRAM}/{executable}", 0o755)  # noqa: PTH101, S103 a zip often forgets it
        return FINE

    code, reason = _asked(do, user)
    if code == FINE:
        return ""
    return reason or "Unpacking it took too long, or more memory than the program may have."


def collect(out: BinaryIO, most_bytes: int, most_files: int, user: int, *, trusted: bool) -> dict[str, Any]:
    """Send what the program left. Returns nothing, or the verdict against it.

    What a team's program left is read by a child that may do no more than the program; ours is trusted.
    """

    def send() -> int:
        collecting.send(OUTPUT, out, most_bytes, most_files)
        return FINE

    out.flush()
    code, reason = _tried(send) if trusted else _asked(send, user)
    if code == FINE:
        return {}
    verdict = collecting.TOO_MUCH if code == TOO_MUCH else collecting.INVALID
    return {"verdict": verdict, "detail": reason or "The output could not be read."}


def clear(user: int) -> None:
    """Remove what arrived and what this user left."""
    shutil.rmtree(INPUT, ignore_errors=True)

    def remove() -> int:
        for place in (place for place in WRITABLE if place != PROGRAM or not os.path.ismount(place)):
            shutil.rmtree(place, ignore_errors=True)
        return FINE

    as_user(remove, user)


def _tried(do: Callable[[], int]) -> tuple[int, str]:
    """Do what may be refused with a reason."""
    try:
        return do(), ""
    except (unpacking.Refused, collecting.Refused) as refusal:
        code = TOO_MUCH if getattr(refusal, "verdict", "") == collecting.TOO_MUCH else REFUSED
        return code, str(refusal)


def _asked(do: Callable[[], int], user: int) -> tuple[int, str]:
    """Let a child, as the program's user, do what may be refused with a reason."""
    read, write = os.pipe()

    def child() -> int:
        code, reason = _tried(do)
        with contextlib.suppress(OSError):
            os.write(write, reason.encode()[:REASON_LENGTH])
        return code

    code = as_user(child, user)
    os.close(write)
    with os.fdopen(read, "rb") as words:
        return code, words.read().decode(errors="replace")
