"""NPY: arrays with named fields, or without names where rows may come without ids. Nothing is unpickled.

The layout is that of https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html.
"""

import ast
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.lib.format import descr_to_dtype
from numpy.typing import NDArray

from evaluators.errors import Rejected, shown
from evaluators.tables.limits import Wanted, check_columns, check_width
from evaluators.tables.sources import Content, Source

_MAGIC = b"\x93NUMPY"
# The first byte of the version, and how many bytes then tell how long the header is.
_LENGTHS = {1: 2, 2: 4, 3: 4}
_LONGEST_HEADER = 10_000
_KEYS = {"descr", "fortran_order", "shape"}
_MOST_DIMENSIONS = 2
_SURPRISES = {
    "O": "Python objects, which are not unpickled",
    "M": "times",
    "m": "durations",
    "V": "nested values",
}


@dataclass(frozen=True)
class _Header:
    """What an array says of itself, and where its values begin."""

    dtype: np.dtype[Any]
    fortran_order: bool
    shape: tuple[int, ...]
    start: int


def read(source: Source, wanted: Wanted) -> Mapping[str, pl.Series]:
    """The wanted columns: fields of an array of records, or the columns of a plain array, without ids.

    Raises:
        Rejected: unreadable, unnamed_columns, missing_columns, too_wide, too_many_rows, not_utf8.
    """
    array = values(source.content, wanted)
    if array.dtype.names is not None:
        check_columns(wanted.columns, array.dtype.names)
        return {name: column(name, array[name]) for name in wanted.columns}
    if not wanted.row_order:
        raise Rejected("unnamed_columns")
    names, matrix = wanted.columns[1:], array.reshape(len(array), -1) if array.size else array[:, None]
    if matrix.shape[1] != len(names):
        problem = f"its array has {matrix.shape[1]} columns, and {len(names)} are asked for"
        raise Rejected("unreadable", problem=problem)
    return {name: column(name, matrix[:, place]) for place, name in enumerate(names)}


def values(content: Content, wanted: Wanted) -> NDArray[Any]:
    """The array of a file, once its size is found to be that of the file.

    Raises:
        Rejected: unreadable, too_wide, too_many_rows.
    """
    try:
        header = _header(content)
    except (
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        SyntaxError,
        OverflowError,
        RecursionError,
        MemoryError,
    ):
        raise Rejected("unreadable", problem="it is not a whole NPY file") from None
    _check_kind(header.dtype)
    if not 1 <= len(header.shape) <= _MOST_DIMENSIONS:
        problem = f"its array has {len(header.shape)} dimensions; write one with a row for each id"
        raise Rejected("unreadable", problem=problem)
    wanted.check_rows(header.shape[0])
    check_width(header.shape[-1] if len(header.shape) > 1 else len(header.dtype.names or ()))
    if math.prod(header.shape) * header.dtype.itemsize != len(content) - header.start:
        raise Rejected("unreadable", problem="its array is not as large as its header says")
    flat = np.frombuffer(content[header.start :], header.dtype)
    return flat.reshape(header.shape, order="F" if header.fortran_order else "C")


def _header(content: Content) -> _Header:
    """The header as a literal of Python, which is what the format says."""
    width = _LENGTHS[content[6]]
    start = 8 + width
    end = start + int.from_bytes(content[8:start], "little")
    if content[:6] != _MAGIC or end - start > _LONGEST_HEADER or end > len(content):
        raise ValueError
    said = ast.literal_eval(content[start:end].decode("utf-8" if content[6] > 2 else "latin-1").strip())
    shape = said["shape"]
    if set(said) != _KEYS or not isinstance(said["fortran_order"], bool):
        raise ValueError
    if not isinstance(shape, tuple) or not all(type(size) is int and size >= 0 for size in shape):
        raise ValueError
    return _Header(descr_to_dtype(said["descr"]), said["fortran_order"], shape, end)


def _check_kind(dtype: np.dtype[Any]) -> None:
    """Nothing may be an object; a field that is nested is refused when it is asked for."""
    if dtype.hasobject:
        raise Rejected("unreadable", problem=f"it holds {_SURPRISES['O']}; write numbers or texts")
    if not dtype.itemsize:
        raise Rejected("unreadable", problem="its array holds nothing")


def column(name: str, array: NDArray[Any]) -> pl.Series:
    """One column as texts or numbers; true, false and complex numbers as they are written.

    Raises:
        Rejected: unreadable, not_utf8.
    """
    kind = array.dtype.kind
    if kind in _SURPRISES or array.ndim > 1:
        what = _SURPRISES.get(kind, "nested values")
        raise Rejected("unreadable", problem=f"{shown([name])[0]} holds {what}; write numbers or texts")
    if kind == "f":
        return pl.Series(name, array.astype(np.float64))
    if kind in "iu":
        return pl.Series(name, array.astype(array.dtype.newbyteorder("=")))
    if kind == "b":
        return pl.Series(name, array.astype(np.bool_)).cast(pl.String)
    try:
        texts = np.char.decode(array, "utf-8") if kind == "S" else array.astype(np.str_)
        return pl.Series(name, texts.tolist(), dtype=pl.String)
    except (UnicodeError, ValueError):
        raise Rejected("not_utf8") from None
