"""Text files: which encodings are told apart by their first bytes, and UTF-8 made of what is UTF-16."""

import codecs
from collections.abc import Iterator

from evaluators.errors import Rejected
from evaluators.tables.sources import Content, Source

_MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_WIDER = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
# Where the zeros lie in two letters of ASCII.
_LETTERS: dict[tuple[bool, ...], str] = {
    (False, True, False, True): "utf-16-le",
    (True, False, True, False): "utf-16-be",
}
_AT_ONCE = 1_000_000


def as_utf8(source: Source) -> Source:
    """The same text in UTF-8. UTF-16 is told by its mark, or by two letters of ASCII at the beginning.

    Raises:
        Rejected: unreadable for UTF-32 and what looks like it; not_utf8 for UTF-16 that is broken.
    """
    start = source.content[:4]
    marked = None if start in _WIDER else _MARKS.get(start[:2])
    encoding = marked or _LETTERS.get(tuple(byte == 0 for byte in start))
    if encoding is None:
        if b"\0" in start:
            raise Rejected("unreadable", problem="its text is neither UTF-8 nor UTF-16; save it as UTF-8")
        return source
    try:
        return Source(b"".join(_converted(source.content, 2 if marked else 0, encoding)))
    except UnicodeError:
        raise Rejected("not_utf8") from None


def _converted(content: Content, start: int, encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    for place in range(start, len(content), _AT_ONCE):
        yield decoder.decode(content[place : place + _AT_ONCE]).encode()
    decoder.decode(b"", final=True)
