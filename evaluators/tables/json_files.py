"""JSON Lines: one object a line, in UTF-8; values become the texts that they would be in a CSV."""

import codecs
import json
from collections.abc import Iterator, Mapping, Sequence
from io import BufferedReader
from pathlib import Path
from typing import Any

import polars as pl

from evaluators.errors import Rejected, shown
from evaluators.tables.limits import LONGEST_LINE, check_columns, check_rows
from evaluators.tables.texts import check_encoding


def read(path: Path, wanted: Sequence[str], most_rows: int | None = None) -> Mapping[str, pl.Series]:
    """The wanted columns as texts: an integer as its digits, other numbers in their shortest form.

    The first line says which columns there are; what a later line leaves out is missing there. Lines without
    anything count among ``most_rows``.

    Raises:
        Rejected: unreadable, not_utf8, too_wide, missing_columns, no_rows, too_many_rows.
    """
    columns: dict[str, list[str | None]] = {name: [] for name in wanted}
    for number, row in _rows(path, most_rows):
        if not columns[wanted[0]]:
            check_columns(wanted, list(row))
        for name, values in columns.items():
            values.append(_text(row.get(name), name, number))
    return {name: _series(name, values) for name, values in columns.items()}


def _rows(path: Path, most_rows: int | None) -> Iterator[tuple[int, dict[str, Any]]]:
    with path.open("rb") as file:
        check_encoding(file.peek(4)[:4])
        for number, line in enumerate(_lines(file), 1):
            if most_rows is not None:
                check_rows(number, most_rows)
            if line.strip():
                yield number, _object(line, number)


def _lines(file: BufferedReader) -> Iterator[bytes]:
    if file.peek(3)[:3] == codecs.BOM_UTF8:
        file.read(3)
    number = 1
    while line := file.readline(LONGEST_LINE + 1):
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
        raise _surprise(name, number, "true or false")
    if isinstance(value, int | float):
        return str(value)
    raise _surprise(name, number, "nested values")


def _surprise(name: str, number: int, what: str) -> Rejected:
    problem = f"the column {shown([name])[0]} holds {what} in line {number}; write texts or numbers"
    return Rejected("unreadable", problem=problem)


def _series(name: str, values: list[str | None]) -> pl.Series:
    try:
        return pl.Series(name, values, dtype=pl.String)
    except UnicodeEncodeError:
        problem = f"the column {shown([name])[0]} holds half of a surrogate pair"
        raise Rejected("unreadable", problem=problem) from None
