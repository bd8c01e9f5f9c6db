"""Parquet: texts, integers and floating-point numbers; everything else is refused by its name."""

from collections.abc import Mapping

import polars as pl

from evaluators.errors import Rejected, shown
from evaluators.tables import parquet_sizes
from evaluators.tables.limits import Wanted, check_columns
from evaluators.tables.sources import Source

_SURPRISES: tuple[tuple[type[pl.DataType], str], ...] = (
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


def read(source: Source, wanted: Wanted) -> Mapping[str, pl.Series]:
    """The wanted columns, as texts or with the numbers' own type.

    Raises:
        Rejected: unreadable, too_wide, missing_columns, too_many_rows, too_large.
    """
    if wanted.most_rows is not None:
        parquet_sizes.check(source.content, wanted)
    try:
        schema = pl.read_parquet_schema(source.handed)
        check_columns(wanted.columns, list(schema))
        for name in wanted.columns:
            _check_type(name, schema[name])
        frame = pl.read_parquet(
            source.handed, columns=list(wanted.columns), glob=False, hive_partitioning=False
        )
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        raise Rejected("unreadable", problem="it is not a whole Parquet file") from None
    # A dictionary holds a text once, however many rows have it.
    wanted.check_size(sum(_text_bytes(frame[name]) for name in wanted.columns))
    return {name: _plain(frame[name]) for name in wanted.columns}


def _check_type(name: str, dtype: pl.DataType) -> None:
    plain = dtype in (pl.String, pl.Null, pl.Boolean, pl.Categorical, pl.Enum)
    if plain or dtype.is_integer() or dtype.is_float():
        return
    what = next((words for kind, words in _SURPRISES if dtype == kind), f"values of type {dtype}")
    problem = f"the column {shown([name])[0]} holds {what}; write texts or numbers"
    raise Rejected("unreadable", problem=problem)


def _text_bytes(series: pl.Series) -> int:
    if series.dtype == pl.String:
        return int(series.str.len_bytes().sum())
    return int(series.cat.len_bytes().sum()) if series.dtype in (pl.Categorical, pl.Enum) else 0


def _plain(series: pl.Series) -> pl.Series:
    dtype = series.dtype
    if dtype == pl.String or dtype.is_integer():
        return series
    return series.cast(pl.Float64 if dtype.is_float() else pl.String)
