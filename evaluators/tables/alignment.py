"""Which row of a submission belongs to which row of the reference."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evaluators.errors import Rejected, shown
from evaluators.tables.values import blank

Rows = NDArray[np.int64]


def align(expected: pl.Series, found: pl.Series) -> Rows | None:
    """The row in ``found`` of each expected id; None when the order is the same.

    Ids are compared as texts; the expected ones differ from each other.

    Raises:
        Rejected: empty_ids, duplicate_ids, missing_ids or extra_ids, the first that is so.
    """
    _check_filled(found)
    if len(found) == len(expected):
        if (found == expected).all():
            return None
        rows = _by_number(expected, found)
        if rows is not None:
            return rows
    return _by_text(expected, found)


def _check_filled(found: pl.Series) -> None:
    empty = blank(found)
    if empty.any():
        places = empty.arg_true()
        raise Rejected("empty_ids", count=len(places), examples=shown(f"#{row + 1}" for row in places))


def _by_number(expected: pl.Series, found: pl.Series) -> Rows | None:
    """Place the rows by the ids' own numbers, where these are dense; None unless all of them match.

    As many found ids as expected ones, every expected number among them, and texts of the same total
    length: so none has a leading zero or a plus sign, which could only make it longer.
    """
    wanted, given = _as_numbers(expected), _as_numbers(found)
    if wanted is None or given is None or wanted.min() < 0 or given.min() < 0:
        return None
    top = int(wanted.max())
    if (
        top > 4 * len(wanted) + 1000
        or given.max() > top
        or not (pl.Series(wanted).cast(pl.String) == expected).all()
    ):
        return None
    places = np.full(top + 1, -1, dtype=np.int64)
    places[given] = np.arange(len(given))
    rows: Rows = places[wanted]
    same_length = expected.str.len_bytes().sum() == found.str.len_bytes().sum()
    return rows if same_length and (rows >= 0).all() else None


def _as_numbers(texts: pl.Series) -> NDArray[np.int64] | None:
    values = texts.cast(pl.Int64, strict=False)
    return None if values.has_nulls() else values.to_numpy()


def _by_text(expected: pl.Series, found: pl.Series) -> Rows:
    right = pl.DataFrame({"id": found, "row": np.arange(len(found))})
    joined = pl.DataFrame({"id": expected}).join(right, on="id", how="left", maintain_order="left")["row"]
    if len(joined) == len(expected) == len(found) and not joined.has_nulls():
        rows: Rows = joined.to_numpy()
        return rows
    raise _mismatch(expected, found)


def _mismatch(expected: pl.Series, found: pl.Series) -> Rejected:
    """Missing ids are told in their own order: that of the reference could tell something of the answers."""
    twice = found.filter(found.is_duplicated()).unique(maintain_order=True)
    if len(twice):
        return Rejected("duplicate_ids", count=len(twice), examples=shown(twice))
    missing = expected.filter(~expected.is_in(found.implode()))
    if len(missing):
        first = pl.DataFrame({"id": missing}).sort(pl.col("id").str.len_bytes(), "id")["id"]
        return Rejected("missing_ids", count=len(missing), examples=shown(first))
    extra = found.filter(~found.is_in(expected.implode()))
    return Rejected("extra_ids", count=len(extra), examples=shown(extra))
