"""Brings out what a program left, as its own user, once every process of it is dead."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator

from sandbox.inside.frames import BrokenStream, copy, write_head

TYPE_CHECKING = False  # typing takes longer to import than all of this
if TYPE_CHECKING:
    from typing import BinaryIO

DEPTH = 32
NAME_LENGTH = 240
# Verdicts of their own; the supervisor passes them on.
TOO_MUCH, INVALID = "output_limit", "invalid_output"


class Refused(Exception):
    """The output is not taken: a verdict and the reason."""

    def __init__(self, verdict: str, reason: str) -> None:
        super().__init__(reason)
        self.verdict = verdict


def send(folder: str, out: BinaryIO, most_bytes: int, most_files: int) -> None:
    """Write a frame for every file, in the order of names; nothing is written unless all may be.

    Raises:
        Refused: a link or special file, an impossible name, too many files or bytes.
    """
    found = sorted(_checked(folder, most_bytes, most_files))
    for name, size in found:
        _send_file(folder, name, size, out)
    out.flush()


def _checked(folder: str, most_bytes: int, most_files: int) -> Iterator[tuple[str, int]]:
    files, folders, total = 0, 0, 0
    for name, facts in walk(folder):
        if stat.S_ISDIR(facts.st_mode):
            folders += 1
            if folders > most_files:
                raise Refused(TOO_MUCH, f"The output has more than {most_files} folders.")
            continue
        if not stat.S_ISREG(facts.st_mode) or facts.st_nlink != 1:
            raise Refused(INVALID, f"{name!r} in the output is a link or a special file.")
        files, total = files + 1, total + facts.st_size
        if files > most_files:
            raise Refused(TOO_MUCH, f"The output has more than {most_files} files.")
        if total > most_bytes:
            raise Refused(TOO_MUCH, f"The output is larger than {most_bytes} bytes.")
        yield name, facts.st_size


def walk(folder: str, below: str = "", depth: int = 0) -> Iterator[tuple[str, os.stat_result]]:
    """Everything below, a folder before what is in it, never through a link.

    Raises:
        Refused: a name that cannot be one, folders in folders without end, or an unreadable one.
    """
    if depth > DEPTH:
        raise Refused(INVALID, "The output's folders are nested too deeply.")
    try:
        with os.scandir(folder) as entries:
            rows = [(entry.name, entry.path, entry.stat(follow_symlinks=False)) for entry in entries]
    except OSError as error:
        raise Refused(INVALID, f"The output cannot be read: {error.strerror}.") from None
    for plain, path, facts in rows:
        name = below + plain
        if not name.isprintable() or "\\" in name or len(name) > NAME_LENGTH:
            raise Refused(INVALID, f"{name[:80]!a} is no name for an output file.")
        yield name, facts
        if stat.S_ISDIR(facts.st_mode):
            yield from walk(path, f"{name}/", depth + 1)


def _send_file(folder: str, name: str, size: int, out: BinaryIO) -> None:
    try:
        place = os.open(f"{folder}/{name}", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise Refused(INVALID, f"{name!r} in the output cannot be read: {error.strerror}.") from None
    with os.fdopen(place, "rb") as file:
        write_head(out, {"type": "file", "name": name, "size": size})
        try:
            copy(file, out, size)
        except BrokenStream:
            raise Refused(INVALID, f"{name!r} in the output changed while it was read.") from None
