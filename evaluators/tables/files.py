"""A table file in one of the formats: what must hold before anything is parsed."""

import stat
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import polars as pl

from evaluators.errors import Rejected, shown
from evaluators.tables import csv_files, json_files, parquet_files

Columns = Mapping[str, pl.Series]
Reader = Callable[[Path, Sequence[str], int | None], Columns]

READERS: Mapping[str, Reader] = {
    ".csv": csv_files.read,
    ".parquet": parquet_files.read,
    ".jsonl": json_files.read,
}


def read(path: Path, wanted: Sequence[str], most_rows: int | None = None) -> Columns:
    """The wanted columns; others are not looked at. A format that can hide its size is held to ``most_rows``.

    Raises:
        Rejected: wrong_format, unreadable, not_utf8, too_wide, missing_columns or no_rows.
    """
    if path.suffix.lower() not in READERS:
        raise Rejected("wrong_format", suffix=shown([path.suffix])[0])
    # A link or a pipe is nothing that a team may hand in, and opening it could hang or lead elsewhere.
    if not stat.S_ISREG(path.lstat().st_mode):
        raise Rejected("unreadable", problem="it is not a regular file")
    columns = READERS[path.suffix.lower()](path, wanted, most_rows)
    if not len(columns[wanted[0]]):
        raise Rejected("no_rows")
    return columns
