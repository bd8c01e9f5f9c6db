"""Which row of a submission belongs to which row of the reference."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evaluators.errors import Rejected, shown
from evaluators.tables.values import blank, has_blank, integers

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class KnownIds:
    """The ids of a reference, each once, and what finds them in any number of submissions."""

    texts: pl.Series

    def __len__(self) -> int:
        return len(self.texts)

    @cached_property
    def numbers(self) -> Rows | None:
        """The ids' own numbers where these are dense and every id is written as a number writes itself."""
        numbers = self.texts.cast(pl.Int64, strict=False)
        if numbers.has_nulls() or (numbers.cast(pl.String) != self.texts).any():
            return None
        found: Rows = numbers.to_numpy()
        return found if found.min() >= 0 and found.max() <= 4 * len(self) + 1000 else None

    @cached_property
    def length(self) -> int:
        """Bytes of all ids together."""
        return int(self.texts.str.len_bytes().sum())

    @cached_property
    def by_hash(self) -> tuple[Rows, NDArray[np.uint64]]:
        """The rows in the order of their ids' hashes, and these hashes."""
        return _by_hash(self.texts)

    def work_out(self) -> None:
        """Do now what the first submission in another order would have to wait for."""
        _ = self.by_hash if self.numbers is None else self.length


def align(known: KnownIds, found: pl.Series) -> Rows | None:
    """The row in ``found`` of each known id; None when the order is the same.

    Ids are compared as texts.

    Raises:
        Rejected: empty_ids, duplicate_ids, spaced_ids, rewritten_ids, missing_ids or extra_ids, the first
            that is so.
    """
    _check_filled(found)
    if len(found) == len(known):
        if (found == known.texts).all():
            return None
        rows = _rows_by_hash(known, found) if known.numbers is None else _rows_by_number(known, found)
        if rows is not None:
            return rows
    return _rows_by_text(known.texts, found)


def _check_filled(found: pl.Series) -> None:
    if has_blank(found):
        places = blank(found).arg_true()
        raise Rejected("empty_ids", count=len(places), examples=shown(f"#{row + 1}" for row in places))


def _rows_by_number(known: KnownIds, found: pl.Series) -> Rows | None:
    """Place the rows by the ids' own numbers; None unless all of them match.

    As many found ids as known ones, every known number among them, and texts of the same total length: so
    none has a leading zero or a plus sign, which could only make it longer.
    """
    wanted, numbers = known.numbers, found.cast(pl.Int64, strict=False)
    if wanted is None or numbers.has_nulls():
        return None
    given = numbers.to_numpy()
    if given.min() < 0 or given.max() > wanted.max():
        return None
    places = np.full(int(wanted.max()) + 1, -1, dtype=np.int64)
    places[given] = np.arange(len(given))
    rows: Rows = places[wanted]
    same_length = found.str.len_bytes().sum() == known.length
    return rows if same_length and (rows >= 0).all() else None


def _rows_by_hash(known: KnownIds, found: pl.Series) -> Rows | None:
    """Bring both sides into the order of hashes; None unless the texts are found to match in it.

    Different texts with one hash, or a text that is not known, end here without a match.
    """
    (wanted_order, wanted), (given_order, given) = known.by_hash, _by_hash(found)
    if (wanted != given).any():
        return None
    rows = np.empty(len(known), dtype=np.int64)
    rows[wanted_order] = given_order
    return rows if (found.gather(rows) == known.texts).all() else None


def _by_hash(texts: pl.Series) -> tuple[Rows, NDArray[np.uint64]]:
    hashes = texts.hash().to_numpy()
    order = np.argsort(hashes)
    return order, hashes[order]


def _rows_by_text(known: pl.Series, found: pl.Series) -> Rows:
    right = pl.DataFrame({"id": found, "row": np.arange(len(found))})
    joined = pl.DataFrame({"id": known}).join(right, on="id", how="left", maintain_order="left")["row"]
    if len(joined) == len(known) == len(found) and not joined.has_nulls():
        rows: Rows = joined.to_numpy()
        return rows
    raise _mismatch(known, found)


def _mismatch(known: pl.Series, found: pl.Series) -> Rejected:
    """Missing ids are told in their own order: that of the reference could tell something of the answers."""
    twice = found.filter(found.is_duplicated()).unique(maintain_order=True)
    if len(twice):
        return Rejected("duplicate_ids", count=len(twice), examples=shown(twice))
    missing = known.filter(~known.is_in(found.implode()))
    extra = found.filter(~found.is_in(known.implode()))
    for code, plain in (("spaced_ids", _without_spaces), ("rewritten_ids", _as_numbers)):
        other = extra.filter(plain(extra).is_in(plain(missing).implode()))
        if len(other):
            return Rejected(code, count=len(other), examples=shown(other))
    if len(missing):
        first = pl.DataFrame({"id": missing}).sort(pl.col("id").str.len_bytes(), "id")["id"]
        return Rejected("missing_ids", count=len(missing), examples=shown(first))
    return Rejected("extra_ids", count=len(extra), examples=shown(extra))


def _without_spaces(ids: pl.Series) -> pl.Series:
    return ids.str.strip_chars()


def _as_numbers(ids: pl.Series) -> pl.Series:
    """Where an id is a whole number, its digits alone: 1 for 01, 1.0 and +1; null elsewhere."""
    return integers(ids).cast(pl.String)
