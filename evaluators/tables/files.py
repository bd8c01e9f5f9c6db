"""A table file in one of the formats: what must hold before anything is parsed."""

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

import polars as pl

from evaluators.errors import Rejected, shown
from evaluators.formats import PACKED, suffix
from evaluators.tables import array_files, csv_files, json_files, packed_files, parquet_files
from evaluators.tables.limits import Wanted
from evaluators.tables.sources import Source, opened

Columns = Mapping[str, pl.Series]
Reader = Callable[[Source, Wanted], Columns]

READERS: Mapping[str, Reader] = {
    ".csv": csv_files.read,
    ".parquet": parquet_files.read,
    ".jsonl": json_files.read,
    ".npy": array_files.read,
    ".npz": packed_files.read_arrays,
}


def read(
    path: Path,
    wanted: Sequence[str],
    most_rows: int | None = None,
    *,
    numbers: Collection[str] = (),
    row_order: bool = False,
    member: str = "",
) -> Columns:
    """The wanted columns, that of the ids first; others are not looked at.

    A format that can hide its size is held to ``most_rows``. Of ``numbers`` only the values are asked.
    With ``row_order`` an array may come without ids, and has no column of them here. With ``member`` the file
    is a zip, and its table of this name is meant.

    Raises:
        Rejected: wrong_format, unreadable, not_utf8, too_wide, missing_columns, no_rows or a limit's code.
    """
    kind = suffix(path.name)
    source, asked = opened(path), Wanted(wanted, frozenset(numbers), most_rows, row_order)
    if member:
        kind, source = packed_files.taken_out(kind, source, asked, member)
    elif kind in PACKED:
        kind, source = packed_files.unpacked(kind, source, asked)
    if kind not in READERS:
        raise Rejected("wrong_format", suffix=shown([kind])[0])
    columns = READERS[kind](source, asked)
    if not len(next(iter(columns.values()))):
        raise Rejected("no_rows")
    return columns
