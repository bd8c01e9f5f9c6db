"""Parquet: texts, integers and floating-point numbers; everything else is refused by its name."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from evaluators.errors import Rejected, shown
from evaluators.tables.limits import check_columns

_SURPRISES: tuple[tuple[type[pl.DataType], str], ...] = (
    (pl.Boolean, "true or false"),
    (pl.Decimal, "decimals"),
    (pl.Date, "dates"),
    (pl.Datetime, "times"),
    (pl.Time, "times"),
    (pl.Duration, "durations"),
    (pl.Binary, "bytes"),
    (pl.List, "nested values"),
    (pl.Array, "nested values"),
    (pl.Struct, "nested values"),
)


def read(path: Path, wanted: Sequence[str], most_rows: int | None = None) -> Mapping[str, pl.Series]:
    """The wanted columns, as texts or with the numbers' own type.

    Raises:
        Rejected: unreadable, too_wide, missing_columns.
    """
    try:
        check_columns(wanted, list(pl.read_parquet_schema(path)))
        _check_rows(path, most_rows)
        frame = pl.read_parquet(path, columns=list(wanted), glob=False, hive_partitioning=False)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        raise Rejected("unreadable", problem="it is not a whole Parquet file") from None
    return {name: _plain(frame[name]) for name in wanted}


def _check_rows(path: Path, most_rows: int | None) -> None:
    """A few bytes of Parquet can stand for billions of rows."""
    frame = pl.scan_parquet(path, glob=False, hive_partitioning=False)
    rows = int(frame.select(pl.len()).collect().item())
    if most_rows is not None and rows > most_rows:
        raise Rejected("unreadable", problem=f"it has {rows:,} rows, far more than the task has ids")


def _plain(series: pl.Series) -> pl.Series:
    dtype = series.dtype
    if dtype == pl.String or dtype.is_integer():
        return series
    if dtype.is_float():
        return series.cast(pl.Float64)
    if dtype in (pl.Null, pl.Categorical, pl.Enum):
        return series.cast(pl.String)
    what = next((words for kind, words in _SURPRISES if dtype == kind), f"values of type {dtype}")
    problem = f"the column {shown([series.name])[0]} holds {what}; write texts or numbers"
    raise Rejected("unreadable", problem=problem)
