"""Which row of a submission belongs to which row of the reference."""

from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evaluators.errors import Rejected, shown
from evaluators.tables.stretches import Rows, by_stretches, taken
from evaluators.tables.values import blank, has_blank, integers, texts

_FEW = 100
# For fewer ids polars' threads take a fork longer to start than Python takes to look at each of them.
_MANY = 20_000


@dataclass(frozen=True)
class KnownIds:
    """The ids of a reference, each once, and what finds them in any number of submissions.

    ``order`` are their rows in the order in which they are wanted; without it that of the texts.
    """

    texts: pl.Series
    order: Rows | None = None

    def __len__(self) -> int:
        return len(self.texts)

    @cached_property
    def numbers(self) -> Rows | None:
        """The ids' own numbers, in the order that is wanted.

        None unless they are dense and every id is written as a number writes itself.
        """
        numbers = self.texts.cast(pl.Int64, strict=False)
        if numbers.has_nulls():
            return None
        found = numbers.to_numpy()
        if found.min() < 0 or found.max() > 4 * len(self) + 1000:
            return None
        # A leading zero or a plus sign can only make a text longer than its number's digits.
        return self.wanted(found) if _digits(found) == self.length else None

    @cached_property
    def length(self) -> int:
        """Bytes of all ids together."""
        return _length(self.texts)

    @cached_property
    def by_hash(self) -> tuple[Rows, NDArray[np.uint64]]:
        """The rows in the order of their ids' hashes, and these hashes."""
        return _by_hash(self.texts)

    @property
    def once(self) -> bool:
        """Whether no id stands twice."""
        if self.numbers is not None:
            return int(np.bincount(self.numbers).max()) == 1
        _, hashes = self.by_hash
        return bool((hashes[1:] != hashes[:-1]).all()) or self.texts.n_unique() == len(self)

    def work_out(self) -> None:
        """Do now what the first submission in another order would have to wait for."""
        _ = self.by_hash if self.numbers is None else self.length

    def wanted(self, rows: Rows) -> Rows:
        """What stands for each text, in the order that is wanted."""
        return rows if self.order is None else taken(rows, self.order)


def _length(texts: pl.Series) -> int:
    return int(texts.str.len_bytes().sum())


def _digits(numbers: Rows) -> int:
    """How many digits these numbers have together."""
    powers = 10 ** np.arange(1, len(str(numbers.max())))
    return len(numbers) + sum(int(np.count_nonzero(numbers >= power)) for power in powers)


def align(known: KnownIds, found: pl.Series) -> Rows:
    """The row in ``found`` of each known id, in the order that is wanted of these.

    Ids are compared as texts; integers as the texts of their digits.

    Raises:
        Rejected: empty_ids, duplicate_ids, spaced_ids, rewritten_ids, missing_ids or extra_ids, the first
            that is so.
    """
    if len(found) == len(known):
        if _same(known.texts, found):
            return np.arange(len(known)) if known.order is None else known.order
        rows = _placed(known, found)
        if rows is not None:
            return rows
    written = texts(found)
    _check_filled(written)
    return known.wanted(_rows_by_text(known.texts, written))


def _same(known: pl.Series, found: pl.Series) -> bool:
    """Another order mostly shows at the beginning."""
    return found.dtype == pl.String and all(
        (known.head(rows) == found.head(rows)).all(ignore_nulls=False) for rows in (_FEW, len(known))
    )


def _check_filled(found: pl.Series) -> None:
    if has_blank(found):
        places = blank(found).arg_true()
        raise Rejected("empty_ids", count=len(places), examples=shown(f"#{row + 1}" for row in places))


def _placed(known: KnownIds, found: pl.Series) -> Rows | None:
    """The rows, where all ids match one to one."""
    if len(known) < _MANY:
        return _rows_by_name(known, texts(found))
    return _rows_by_hash(known, texts(found)) if known.numbers is None else _rows_by_number(known, found)


def _rows_by_name(known: KnownIds, found: pl.Series) -> Rows | None:
    """Look up each known id; as many different ones as were found leave none over."""
    given = dict(zip(found.to_list(), range(len(found)), strict=True))
    rows = [given.get(name) for name in known.texts.to_list()]
    return None if None in rows else known.wanted(np.array(rows, dtype=np.int64))


def _rows_by_number(known: KnownIds, found: pl.Series) -> Rows | None:
    """Place the rows by the ids' own numbers; None unless all of them match.

    As many found ids as known ones, every known number among them, and texts of the same total length: so
    none has a leading zero or a plus sign, which could only make it longer.
    """
    wanted = known.numbers
    if wanted is None:
        return None
    places = np.full(int(wanted.max()) + 1, -1, dtype=np.int32)
    lengths = by_stretches(partial(_place, found, places), len(found))
    if None in lengths or (found.dtype == pl.String and sum(filter(None, lengths)) != known.length):
        return None
    rows: Rows = taken(places, wanted)
    return rows if rows.min() >= 0 else None


def _place(found: pl.Series, places: NDArray[np.int32], stretch: slice) -> int | None:
    """Note where each number stands, and tell the bytes of texts; None where one is no number that may be."""
    given = found[stretch]
    numbers = given.cast(pl.Int64, strict=False)
    if numbers.has_nulls():
        return None
    at = numbers.to_numpy()
    if at.min() < 0 or at.max() >= len(places):
        return None
    places[at] = np.arange(stretch.start, stretch.stop, dtype=np.int32)
    return _length(given) if given.dtype == pl.String else 0


def _rows_by_hash(known: KnownIds, found: pl.Series) -> Rows | None:
    """Bring both sides into the order of hashes; None unless the texts are found to match in it.

    Different texts with one hash, or a text that is not known, end here without a match.
    """
    (wanted_order, wanted), (given_order, given) = known.by_hash, _by_hash(found)
    if (wanted != given).any():
        return None
    rows = np.empty(len(known), dtype=np.int64)
    rows[wanted_order] = given_order
    matching = (found.gather(rows) == known.texts).all(ignore_nulls=False)
    return known.wanted(rows) if matching else None


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
