"""Small tables without quotes, as nearly all are: split here, for a fork that starts polars' threads is slow.

What is read has the very values that polars would read; whatever else there may be in a CSV is left to it.
"""

import codecs
from collections.abc import Mapping, Sequence

import polars as pl

from evaluators.tables.limits import Wanted, check_columns
from evaluators.tables.sources import Source

MOST_BYTES = 300_000


def read(source: Source, wanted: Wanted) -> Mapping[str, pl.Series] | None:
    """The wanted columns as texts; None for what is not plain, or not right.

    Raises:
        Rejected: too_wide, missing_columns.
    """
    if len(source.content) > MOST_BYTES or not (lines := _lines(bytes(source.content))):
        return None
    header = lines[0].split(",")
    uneven = any(line.count(",") != len(header) - 1 for line in lines)
    if uneven or len(lines) == 1 or not set(wanted.columns) <= set(header):
        return None
    check_columns(wanted.columns, header)
    written = ",".join(lines[1:]).split(",")
    return {name: _series(name, written[header.index(name) :: len(header)]) for name in wanted.columns}


def _lines(content: bytes) -> list[str]:
    """Nothing where there is a quote, a line without a value, or a carriage return within a line."""
    plain = content.removeprefix(codecs.BOM_UTF8).replace(b"\r\n", b"\n").removesuffix(b"\n")
    blank = plain.startswith(b"\n") or plain.endswith(b"\n") or b"\n\n" in plain
    if blank or b'"' in plain or b"\r" in plain:
        return []
    try:
        return plain.decode().split("\n")
    except UnicodeDecodeError:
        return []


def _series(name: str, values: Sequence[str]) -> pl.Series:
    return pl.Series(name, [value or None for value in values], dtype=pl.String)
