"""CSV: UTF-8 with or without BOM, either line end, quotes; every value stays the text that it is."""

import mmap
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from evaluators.errors import Rejected
from evaluators.tables.limits import LONGEST_LINE, check_columns, check_rows, check_width
from evaluators.tables.texts import check_encoding

# Mapping a file twice takes longer than reading a small one.
SMALL = 1_000_000
# polars would unpack what begins like this, to whatever size it grows.
_COMPRESSED = (
    b"\x1f\x8b",
    b"\x28\xb5\x2f\xfd",
    b"x\x01",
    b"x\x5e",
    b"x\x9c",
    b"x\xda",
    b"PK\x03\x04",
    b"BZh",
)


def read(path: Path, wanted: Sequence[str], most_rows: int | None = None) -> Mapping[str, pl.Series]:
    """The wanted columns as texts; lines without any value are left out, but count among ``most_rows``.

    Raises:
        Rejected: unreadable, not_utf8, too_wide, missing_columns, too_many_rows.
    """
    if path.stat().st_size == 0:
        raise Rejected("no_rows")
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        _check_bytes(content)
    source = path.read_bytes() if path.stat().st_size <= SMALL else path
    check_columns(wanted, _header(source))
    # An empty line is one byte in the file and a value of each column in memory.
    frame = _parse(source, columns=list(wanted), n_rows=None if most_rows is None else most_rows + 1)
    if most_rows is not None:
        check_rows(frame.height, most_rows)
    return _without_blank_lines(frame.select(wanted)).to_dict()


def _check_bytes(content: mmap.mmap) -> None:
    start = content[:4]
    if start.startswith(_COMPRESSED):
        raise Rejected("unreadable", problem="it is compressed; hand in the table itself")
    check_encoding(start)
    _check_lines(content)
    end = content.find(b"\n")
    header = content[: end if end >= 0 else len(content)]
    if b"\0" in header:
        raise Rejected("unreadable", problem="its first line holds zero bytes; save it as UTF-8 text")
    if b"\r" in header[:-1]:
        raise Rejected("unreadable", problem="its line ends are carriage returns alone; save it with \\n")
    check_width(header.count(b",") + 1)


def _check_lines(content: mmap.mmap) -> None:
    """Look at one line end in each stretch of the longest length, which is enough."""
    start = 0
    while len(content) - start > LONGEST_LINE:
        end = content.rfind(b"\n", start, start + LONGEST_LINE + 1)
        if end < 0:
            number = content[:start].count(b"\n") + 1
            problem = f"line {number} is longer than {LONGEST_LINE:,} bytes"
            raise Rejected("unreadable", problem=problem)
        start = end + 1


def _header(source: Path | bytes) -> list[str]:
    frame = _parse(source, has_header=False, n_rows=1, truncate_ragged_lines=True)
    names = [name or "" for name in frame.row(0)] if frame.height else []
    if names in ([], [""]):
        raise Rejected("unreadable", problem="its first line is empty; it must name the columns")
    return names


def _parse(
    source: Path | bytes,
    *,
    columns: list[str] | None = None,
    has_header: bool = True,
    n_rows: int | None = None,
    truncate_ragged_lines: bool = False,
) -> pl.DataFrame:
    try:
        return pl.read_csv(
            source,
            columns=columns,
            has_header=has_header,
            n_rows=n_rows,
            truncate_ragged_lines=truncate_ragged_lines,
            infer_schema=False,
            glob=False,
        )
    except pl.exceptions.NoDataError:
        raise Rejected("no_rows") from None
    except pl.exceptions.PolarsError as error:
        raise _refusal(str(error)) from None


def _refusal(complaint: str) -> Rejected:
    """The library's own words name its settings; a team needs to know what its file has."""
    if "utf-8" in complaint.lower() or "utf8" in complaint.lower():
        return Rejected("not_utf8")
    if "more fields" in complaint:
        return Rejected("unreadable", problem="a row has more values than the first line has columns")
    return Rejected("unreadable", problem="its quotes or rows do not match; write it with a CSV library")


def _without_blank_lines(frame: pl.DataFrame) -> pl.DataFrame:
    if not frame.to_series(0).has_nulls():
        return frame
    return frame.filter(~pl.all_horizontal(pl.all().is_null()))
