"""The bytes of a table, wherever they lie."""

import io
import mmap
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeAlias

from evaluators.errors import Rejected

# Mapping a file takes longer than reading a small one.
SMALL = 1_000_000
Content: TypeAlias = bytes | mmap.mmap


@dataclass(frozen=True)
class Source:
    """``content`` is all of it; ``path`` is there where a library may better map the file by itself."""

    content: Content
    path: Path | None = None

    def stream(self) -> BinaryIO:
        """The bytes to be read in turn."""
        return self.path.open("rb") if self.path else io.BytesIO(self.content)

    @property
    def handed(self) -> Path | bytes:
        """What a library is given."""
        return self.path or bytes(self.content)


def opened(path: Path) -> Source:
    """A file's bytes, mapped if they are many.

    Raises:
        Rejected: a link or a pipe is nothing to hand in; opening it could hang or lead elsewhere.
    """
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode):
        raise Rejected("unreadable", problem="it is not a regular file")
    if status.st_size <= SMALL:
        return Source(path.read_bytes())
    with path.open("rb") as file:
        return Source(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), path)
