"""Text files: which encodings are told apart by their first bytes."""

import codecs

from evaluators.errors import Rejected

_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)


def check_encoding(start: bytes) -> None:
    """Raises Rejected: unreadable for UTF-16 and UTF-32, which spreadsheets call Unicode text."""
    wide = start.startswith(_WIDE) or start[:1] == b"\0" or start[1:2] == b"\0"
    if wide:
        raise Rejected("unreadable", problem="it is UTF-16 or UTF-32 text; save it as UTF-8")
