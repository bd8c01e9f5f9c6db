"""What crosses between worker and supervisor: a line of JSON, then as many bytes as it says."""

from __future__ import annotations

import json

TYPE_CHECKING = False  # typing takes longer to import than all of this
if TYPE_CHECKING:
    from typing import Any, BinaryIO

LONGEST_LINE = 64 * 1024
CHUNK = 1024 * 1024


class BrokenStream(Exception):
    """The other side ended, or said what no frame says."""


def write_head(stream: BinaryIO, head: dict[str, Any]) -> None:
    """The line before the bytes; its key ``size`` says how many follow."""
    stream.write(json.dumps(head, separators=(",", ":")).encode() + b"\n")


def read_head(stream: BinaryIO) -> dict[str, Any]:
    """The next line.

    Raises:
        BrokenStream: there is none, or it is no head.
    """
    line = stream.readline(LONGEST_LINE)
    try:
        head = json.loads(line)
    except ValueError:
        raise BrokenStream("no frame came") from None
    if not line.endswith(b"\n") or not isinstance(head, dict) or not isinstance(head.get("size"), int):
        raise BrokenStream("a frame is malformed")
    return head


def copy(source: BinaryIO, target: BinaryIO, size: int) -> None:
    """Move exactly so many bytes.

    Raises:
        BrokenStream: fewer came.
    """
    while size:
        chunk = source.read(min(size, CHUNK))
        if not chunk:
            raise BrokenStream("the stream ended within a frame")
        target.write(chunk)
        size -= len(chunk)
