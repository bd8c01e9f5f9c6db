"""A column as texts or as numbers."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evaluators.errors import Rejected, shown


def texts(series: pl.Series) -> pl.Series:
    """Texts as written; numbers as the text that would stand for them; NaN and nothing as null."""
    if series.dtype == pl.String:
        return series
    return series.fill_nan(None).cast(pl.String) if series.dtype.is_float() else series.cast(pl.String)


def ids(series: pl.Series) -> pl.Series:
    """Texts as written, an integer as its digits.

    Raises:
        Rejected: unreadable, for 1.0 in a column of floating-point numbers could have been 1 or 1.0.
    """
    if series.dtype.is_float():
        name = shown([series.name])[0]
        problem = f"the column {name} holds floating-point numbers; ids are texts or integers"
        raise Rejected("unreadable", problem=problem)
    return texts(series)


def blank(series: pl.Series) -> pl.Series:
    """Where there is nothing, or a text without a character."""
    nothing = series.is_null()
    return nothing | (series == "").fill_null(value=False) if series.dtype == pl.String else nothing


def numbers(series: pl.Series) -> pl.Series:
    """Floating-point numbers; null where a text is no number in digits, point and exponent."""
    return series.cast(pl.Float64, strict=False)


def array(series: pl.Series) -> NDArray[np.float64]:
    """The numbers as an array that can be written to, null as NaN."""
    values: NDArray[np.float64] = series.to_numpy(writable=True)
    return values
