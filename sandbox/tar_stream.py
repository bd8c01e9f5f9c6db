"""Tar archives made as they are sent: a member's head, its content, and how an archive ends."""

import tarfile
from collections.abc import Iterable, Iterator
from typing import IO

CHUNK = 1024 * 1024
END = bytes(2 * tarfile.BLOCKSIZE)


def member(name: str, size: int, content: Iterable[bytes]) -> Iterator[bytes]:
    """One file that everybody may read; ``content`` has exactly ``size`` bytes."""
    head = tarfile.TarInfo(name)
    head.size, head.mode = size, 0o444
    yield head.tobuf()
    yield from content
    yield bytes(-size % tarfile.BLOCKSIZE)


def chunks(file: IO[bytes]) -> Iterator[bytes]:
    """The rest of a file, piece by piece."""
    while chunk := file.read(CHUNK):
        yield chunk
