"""Unpacks a program's archive as the program's own user, and refuses what no honest archive holds."""

from __future__ import annotations

import lzma
import os
import stat
import struct
import tarfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

TYPE_CHECKING = False  # typing takes longer to import than all of this
if TYPE_CHECKING:
    from typing import IO, BinaryIO

MEMBERS = 10_000
DEPTH = 32
NAME_LENGTH = 240
CHUNK = 1024 * 1024
# A table of contents takes 46 bytes, a name and a few times for each member.
CONTENTS = MEMBERS * (NAME_LENGTH + 100)
BROKEN = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,
    ValueError,
    OSError,
)


class Refused(Exception):
    """The archive is not taken; the text says why."""


def unpack(archive: BinaryIO, target: str, most_bytes: int) -> None:
    """Write every file of a zip or tar below ``target``.

    Raises:
        Refused: the archive is broken, hostile or too large.
    """
    try:
        members = _zip(archive) if zipfile.is_zipfile(archive) else _tar(archive)
        _write_all(members, target, most_bytes)
    except BROKEN as error:
        raise Refused(f"The archive is damaged: {type(error).__name__}.") from None


def _write_all(members: Iterator[tuple[str, IO[bytes]]], target: str, most_bytes: int) -> None:
    seen: set[str] = set()
    left = most_bytes
    for name, content in members:
        path = checked(name)
        # Where a team made it these may have been one file.
        same = unicodedata.normalize("NFC", path).casefold()
        if same in seen:
            raise Refused(f"{name!r} stands in it twice, or differs by case or composition alone.")
        seen.add(same)
        if len(seen) > MEMBERS:
            raise Refused(f"It has more than {MEMBERS} files.")
        left = _write(os.path.join(target, path), content, left)  # noqa: PTH118 plain strings, as zip gives them


def checked(name: str) -> str:
    """The member's path below the target.

    Raises:
        Refused: it leads elsewhere, or is longer, deeper or stranger than a program needs.
    """
    path = PurePosixPath(name)
    if "\\" in name or "\0" in name or any(ord(sign) < 32 for sign in name):
        raise Refused(f"{name!r} is no plain file name.")
    if path.is_absolute() or ".." in path.parts or (path.parts and path.parts[0].endswith(":")):
        raise Refused(f"{name!r} leads out of the program's folder.")
    if len(path.parts) > DEPTH or len(name) > NAME_LENGTH:
        raise Refused(f"{name[:60]!r}… is nested too deeply or too long.")
    if not path.parts:
        raise Refused("A member has no name.")
    return str(path)


def _write(place: str, content: IO[bytes], left: int) -> int:
    os.makedirs(os.path.dirname(place), exist_ok=True)  # noqa: PTH103, PTH120 plain strings
    with open(place, "xb") as file:  # noqa: PTH123 plain strings
        # Counted as it comes, for the sizes that an archive claims may be false.
        while chunk := content.read(CHUNK):
            left -= len(chunk)
            if left < 0:
                raise Refused("Unpacked it is larger than the work space.")
            file.write(chunk)
    return left


class _Bounded:
    """An archive whose table of contents, which is read at once, is no larger than ours may be."""

    def __init__(self, archive: BinaryIO) -> None:
        self._archive = archive
        self.seek, self.tell, self.seekable = archive.seek, archive.tell, archive.seekable

    def read(self, size: int = -1) -> bytes:
        """As many bytes as were asked for.

        Raises:
            Refused: it would be more than a table of contents takes.
        """
        found = self._archive.read(CONTENTS + 1 if size < 0 else min(size, CONTENTS + 1))
        if len(found) > CONTENTS:
            raise Refused(f"It has more than {MEMBERS} members.")
        return found


def _zip(archive: BinaryIO) -> Iterator[tuple[str, IO[bytes]]]:
    with zipfile.ZipFile(_Bounded(archive)) as opened:
        if len(opened.infolist()) > MEMBERS:
            raise Refused(f"It has more than {MEMBERS} members.")
        for member in opened.infolist():
            if "\0" in member.orig_filename:
                raise Refused(f"{member.orig_filename!r} is no plain file name.")
            if member.flag_bits & 1:
                raise Refused("It is encrypted.")
            kind = stat.S_IFMT(member.external_attr >> 16)
            if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
                raise Refused(f"{member.filename!r} is a link or a special file.")
            if member.is_dir():
                checked(member.filename)
                continue
            with opened.open(member) as content:
                yield member.filename, content


def _tar(archive: BinaryIO) -> Iterator[tuple[str, IO[bytes]]]:
    archive.seek(0)
    with tarfile.open(fileobj=archive, mode="r:") as opened:
        for member in opened:
            if member.isdir():
                checked(member.name)
                continue
            content = opened.extractfile(member) if member.isreg() else None
            if content is None:
                raise Refused(f"{member.name!r} is a link or a special file.")
            yield member.name, content
