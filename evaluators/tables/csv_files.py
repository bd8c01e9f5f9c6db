"""CSV: UTF-8 or UTF-16, either line end, quotes; every value stays the text that it is."""

import codecs
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import polars as pl

from evaluators.errors import Rejected
from evaluators.tables import plain_csv
from evaluators.tables.limits import LONGEST_LINE, Wanted, check_columns, check_width
from evaluators.tables.sources import Content, Source
from evaluators.tables.texts import as_utf8

SEPARATORS = ",;\t"
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


def read(source: Source, wanted: Wanted) -> Mapping[str, pl.Series]:
    """The wanted columns as texts, or numbers where no more is asked of them.

    Lines without any value are left out, but count among the most rows.

    Raises:
        Rejected: unreadable, not_utf8, too_wide, missing_columns, too_many_rows.
    """
    if not len(source.content):
        raise Rejected("no_rows")
    if source.content[:4].startswith(_COMPRESSED):
        raise Rejected("unreadable", problem="it is compressed; hand in the table itself")
    source = as_utf8(source)
    _check_bytes(source.content)
    columns = plain_csv.read(source, wanted) or _parsed(source, wanted).to_dict()
    wanted.check_rows(len(columns[wanted.columns[0]]))
    return _without_blank_lines(columns, wanted.columns[0])


def _check_bytes(content: Content) -> None:
    _check_lines(content)
    header = _first_line(content)
    if b"\0" in header:
        raise Rejected("unreadable", problem="its first line holds zero bytes; save it as UTF-8 text")
    if b"\r" in header[:-1]:
        raise Rejected("unreadable", problem="its line ends are carriage returns alone; save it with \\n")
    check_width(max(header.count(separator.encode()) for separator in SEPARATORS) + 1)


def _check_lines(content: Content) -> None:
    """Look at one line end in each stretch of the longest length, which is enough."""
    start = 0
    while len(content) - start > LONGEST_LINE:
        end = content.rfind(b"\n", start, start + LONGEST_LINE + 1)
        if end < 0:
            number = content[:start].count(b"\n") + 1
            problem = f"line {number} is longer than {LONGEST_LINE:,} bytes"
            raise Rejected("unreadable", problem=problem)
        start = end + 1


def _separator(source: Source, wanted: Sequence[str]) -> str:
    """The first of them by which the first line names the wanted columns, else a comma's complaint."""
    for separator in SEPARATORS:
        with suppress(Rejected):
            if set(wanted) <= set(found := _header(source, separator)):
                break
    else:
        separator, found = SEPARATORS[0], _header(source, SEPARATORS[0])
    check_columns(wanted, found)
    return separator


def _header(source: Source, separator: str) -> list[str]:
    line = _first_line(source.content)
    if b'"' in line:  # within quotes it may go on
        frame = _parse(source, separator=separator, has_header=False, n_rows=1, truncate_ragged_lines=True)
        names = [name or "" for name in frame.row(0)] if frame.height else []
    else:
        names = _text(line).removesuffix("\r").split(separator)
    if names in ([], [""]):
        raise Rejected("unreadable", problem="its first line is empty; it must name the columns")
    return names


def _first_line(content: Content) -> bytes:
    end = content.find(b"\n")
    return content[: end if end >= 0 else len(content)]


def _text(line: bytes) -> str:
    try:
        return line.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError:
        raise Rejected("not_utf8") from None


def _parsed(source: Source, wanted: Wanted) -> pl.DataFrame:
    """What is no number where numbers are wanted is read as text, to be told by its rows."""
    given = {
        "separator": _separator(source, wanted.columns),
        "columns": list(wanted.columns),
        # An empty line is one byte in the file and a value of each column in memory.
        "n_rows": None if wanted.most_rows is None else wanted.most_rows + 1,
    }
    if wanted.numbers:
        try:
            frame = _parse(source, **given, schema_overrides=dict.fromkeys(wanted.numbers, pl.Float64))
        except Rejected:
            pass
        else:
            return frame.select(wanted.columns)
    return _parse(source, **given).select(wanted.columns)


def _parse(source: Source, **options: Any) -> pl.DataFrame:
    try:
        return pl.read_csv(source.handed, infer_schema=False, glob=False, **options)
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


def _without_blank_lines(columns: Mapping[str, pl.Series], first: str) -> Mapping[str, pl.Series]:
    if not columns[first].has_nulls():
        return columns
    return pl.DataFrame(list(columns.values())).filter(~pl.all_horizontal(pl.all().is_null())).to_dict()
