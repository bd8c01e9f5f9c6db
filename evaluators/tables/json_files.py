"""JSON Lines: one object a line, in UTF-8; values become the texts that they would be in a CSV."""

import codecs
import json
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import polars as pl

from evaluators.errors import Rejected, shown
from evaluators.tables.limits import LONGEST_LINE, Wanted, check_columns
from evaluators.tables.sources import Source
from evaluators.tables.texts import as_utf8


def read(source: Source, wanted: Wanted) -> Mapping[str, pl.Series]:
    """The wanted columns as texts: an integer as its digits, other numbers in their shortest form.

    The first line says which columns there are; what a later line leaves out is missing there. Lines without
    anything count among the most rows.

    Raises:
        Rejected: unreadable, not_utf8, too_wide, missing_columns, no_rows, too_many_rows.
    """
    columns: dict[str, list[str | None]] = {name: [] for name in wanted.columns}
    for number, row in _rows(source, wanted):
        if not columns[wanted.columns[0]]:
            check_columns(wanted.columns, list(row))
        for name, values in columns.items():
            values.append(_text(row.get(name), name, number))
    return {name: _series(name, values) for name, values in columns.items()}


def _rows(source: Source, wanted: Wanted) -> Iterator[tuple[int, dict[str, Any]]]:
    with as_utf8(source).stream() as stream:
        for number, line in enumerate(_lines(stream), 1):
            wanted.check_rows(number)
            if line.strip():
                yield number, _object(line, number)


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    if stream.read(3) != codecs.BOM_UTF8:
        stream.seek(0)
    number = 1
    while line := stream.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE and not line.endswith(b"\n"):
            raise Rejected("unreadable", problem=f"line {number} is longer than {LONGEST_LINE:,} bytes")
        yield line
        number += 1


def _object(line: bytes, number: int) -> dict[str, Any]:
    try:
        row = json.loads(line.decode())
    except UnicodeDecodeError:
        raise Rejected("not_utf8") from None
    except (ValueError, RecursionError):
        raise Rejected("unreadable", problem=f"line {number} is not JSON") from None
    if not isinstance(row, dict):
        raise Rejected("unreadable", problem=f"line {number} is not a JSON object like {{…}}")
    return row


def _text(value: Any, name: str, number: int) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    problem = f"the column {shown([name])[0]} holds nested values in line {number}; write texts or numbers"
    raise Rejected("unreadable", problem=problem)


def _series(name: str, values: list[str | None]) -> pl.Series:
    try:
        return pl.Series(name, values, dtype=pl.String)
    except UnicodeEncodeError:
        problem = f"the column {shown([name])[0]} holds half of a surrogate pair"
        raise Rejected("unreadable", problem=problem) from None
