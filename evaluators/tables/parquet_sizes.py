"""What a Parquet file says of its own sizes, read before a library believes it.

A few bytes can stand for gigabytes: a page names the size that it unpacks to, a chunk how many values it has.
The layout is that of https://parquet.apache.org/docs/file-format/, in Thrift's compact protocol.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from evaluators.errors import Rejected
from evaluators.tables.limits import Wanted
from evaluators.tables.sources import Content
from evaluators.tables.thrift import Malformed, Struct, struct

_MAGIC = b"PAR1"
_TAIL = 8
_LONGEST_FOOTER = 4_000_000
_MOST_PAGES = 100_000
# Plain, dictionary (of two kinds), runs, bits, deltas of numbers, streams. Deltas of texts are not here, for
# texts that share their beginnings unpack without bound.
_ENCODINGS = {0, 2, 3, 4, 5, 8, 9}
# The fields of a page's header that tell of its values, each with its own field of the encoding.
_DICTIONARY = 7
_PAGES = {5: 2, 8: 4, _DICTIONARY: 2}


@dataclass(frozen=True)
class _Chunk:
    """One column of one group of rows: where its pages lie, and how many values they hold."""

    start: int
    end: int
    values: int


def check(content: Content, wanted: Wanted) -> None:
    """Add up what the wanted columns would become.

    Raises:
        Rejected: too_many_rows, too_large, or unreadable.
    """
    try:
        _check(content, wanted)
    except (Malformed, ValueError, IndexError, KeyError, TypeError, AttributeError):
        raise Rejected("unreadable", problem="it is not a whole Parquet file") from None


def _check(content: Content, wanted: Wanted) -> None:
    footer = _footer(content)
    groups = footer.get(4, [])
    wanted.check_rows(max(_natural(footer[3]), sum(_natural(group[3]) for group in groups)))
    unpacked, pages = 0, 0
    for chunk in _chunks(groups, wanted.columns, len(content)):
        wanted.check_rows(chunk.values)
        for page in _pages(content, chunk):
            wanted.check_rows(_values(page))
            unpacked, pages = unpacked + _natural(page[2]), pages + 1
            wanted.check_size(unpacked)
            if pages > _MOST_PAGES:
                raise Rejected("unreadable", problem=f"it has more than {_MOST_PAGES:,} pages")


def _footer(content: Content) -> Struct:
    size = int.from_bytes(content[-_TAIL:-4], "little")
    if len(content) < size + _TAIL + 4 or content[-4:] != _MAGIC:
        raise Malformed
    if size > _LONGEST_FOOTER:
        raise Rejected("unreadable", problem=f"its footer is longer than {_LONGEST_FOOTER:,} bytes")
    return struct(content[-size - _TAIL : -_TAIL], 0)[0]


def _chunks(groups: Sequence[Struct], wanted: Sequence[str], most: int) -> Iterator[_Chunk]:
    names = [[name.encode()] for name in wanted]
    for group in groups:
        for column in group[1]:
            facts = column[3]
            if facts[3] not in names:
                continue
            start = _natural(facts.get(11) or facts[9])
            end = start + _natural(facts[7])
            if column.get(1) or end > most:
                raise Malformed
            yield _Chunk(start, end, _natural(facts[5]))


def _pages(content: Content, chunk: _Chunk) -> Iterator[Struct]:
    place, values = chunk.start, 0
    while values < chunk.values and place < chunk.end:
        page, place = struct(content, place)
        place += _natural(page[3])
        if _DICTIONARY not in page:
            values += _values(page)
        yield page


def _values(page: Struct) -> int:
    """How many values the page holds; a page of an index holds none."""
    for kind, encoding in _PAGES.items():
        if kind in page:
            if page[kind][encoding] not in _ENCODINGS:
                problem = "its values are encoded in an unusual way; write it with the library's defaults"
                raise Rejected("unreadable", problem=problem)
            return _natural(page[kind][1])
    return 0


def _natural(number: Any) -> int:
    if not isinstance(number, int) or number < 0:
        raise Malformed
    return number
