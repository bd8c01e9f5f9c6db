"""A column as texts or as numbers."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evaluators.errors import Rejected, shown

EXACT = 2.0**53


def texts(series: pl.Series) -> pl.Series:
    """Texts as written; numbers as the text that would stand for them; NaN and nothing as null."""
    if series.dtype == pl.String:
        return series
    return series.fill_nan(None).cast(pl.String) if series.dtype.is_float() else series.cast(pl.String)


def ids(series: pl.Series, *, whole_numbers: bool = False) -> pl.Series:
    """Texts as written, or integers; as ``whole_numbers`` texts of the digits of each, however written.

    Raises:
        Rejected: not_integer_ids; unreadable, for 1.0 in a column of floating-point numbers could have been
            1 or 1.0.
    """
    if series.dtype.is_integer():
        return series
    if whole_numbers:
        return _digits(series)
    if series.dtype.is_float():
        name = shown([series.name])[0]
        problem = f"the column {name} holds floating-point numbers; ids are texts or integers"
        raise Rejected("unreadable", problem=problem)
    return texts(series)


def _digits(series: pl.Series) -> pl.Series:
    written = texts(series)
    found = integers(written)
    wrong = found.is_null() & ~blank(written)
    if wrong.any():
        raise Rejected("not_integer_ids", count=int(wrong.sum()), examples=shown(written.filter(wrong)))
    return found.cast(pl.String)


def integers(written: pl.Series) -> pl.Series:
    """The whole numbers that texts stand for, be it as 1, 01, +1 or 1.0; null where they do not.

    A double has every whole number up to 2**53, and above it cannot tell one from the next.
    """
    bare = pl.first().str.strip_chars()
    number = bare.cast(pl.Float64, strict=False)
    whole = pl.when((number == number.floor()) & (number.abs() <= EXACT)).then(number).cast(pl.Int64)
    digits = bare.cast(pl.Int64, strict=False)
    return written.to_frame().select(pl.coalesce(digits, whole)).to_series()


def blank(series: pl.Series) -> pl.Series:
    """Where there is nothing, or a text without a character."""
    nothing = series.is_null()
    return nothing | (series == "") if series.dtype == pl.String else nothing


def has_blank(series: pl.Series) -> bool:
    """Whether `blank` is true anywhere, found out without polars' threads: they take a fork long to start."""
    return series.has_nulls() or (series.dtype == pl.String and bool((series == "").any()))


def numbers(series: pl.Series) -> pl.Series:
    """Floating-point numbers; null where a text is no number in digits, point and exponent.

    Spaces around a number are passed over, as polars does at its beginning when it reads one from a CSV.
    """
    found = series.cast(pl.Float64, strict=False)
    if series.dtype == pl.String and found.null_count() > series.null_count():
        return series.str.strip_chars().cast(pl.Float64, strict=False)
    return found


def array(series: pl.Series) -> NDArray[np.float64]:
    """The numbers as an array that can be written to, null as NaN."""
    values: NDArray[np.float64] = series.to_numpy(writable=True)
    return values
