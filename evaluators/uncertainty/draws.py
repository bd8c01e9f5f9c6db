"""Which rows a resample draws, and how often: the same for every submission of a task.

What is drawn is a unit: a row, or a group of rows that belong together (a query, a series). Resamples are
those of Efron (1979): as many units as there are, each drawn with the same chance, with replacement.

Where there are many units they are thrown at random into blocks, which are drawn in their place; and of very
many only a random part is looked at, its deviations made smaller by the root of its share (the m out of n
bootstrap: Politis and Romano 1994). Both cost a few per cent of precision of the interval, not of the score.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256

import numpy as np

from evaluators.formulas.guard import Array, Floats

MOST_SINGLE = 2048
BLOCKS = 1024
MOST_UNITS = 65_536
MOST_ROWS = 65_536
MOST_DEAR = 4096
"""Of rows whose comparison takes long no more are compared once more."""
FEWEST_UNITS = 20
"""Of fewer rows a resample tells too little."""

PARTS = 20
FEWEST_IN_PART = 5


class Dice:
    """Numbers by chance, the same for the same seed: raw output of PCG64, the same in every numpy."""

    def __init__(self, *seed: object) -> None:
        digest = sha256("\0".join(map(str, seed)).encode()).digest()
        self._bits = np.random.PCG64(int.from_bytes(digest))

    def below(self, most: int, *shape: int) -> Array:
        """Whole numbers from 0, each below ``most`` with the same chance."""
        raw = self._bits.random_raw(int(np.prod(shape))).reshape(shape)
        return ((raw >> np.uint64(32)) * np.uint64(most) >> np.uint64(32)).astype(np.int64)

    def counts(self, resamples: int, units: int) -> Floats:
        """How often each resample draws each unit."""
        drawn = self.below(units, resamples, units) + np.arange(resamples)[:, None] * units
        counted = np.bincount(drawn.ravel(), minlength=resamples * units)
        return counted.reshape(resamples, units).astype(np.float64)

    def some(self, of: int, most: int) -> Array | None:
        """About so many different numbers below ``of``, in order; None for all of them."""
        if of <= most:
            return None
        drawn = np.sort(self.below(of, most))
        # np.unique takes ten times as long to find those that differ.
        return drawn[np.diff(drawn, prepend=-1) > 0]

    def shuffled(self, count: int) -> Array:
        """The numbers below ``count`` in an order by chance."""
        order: Array = np.argsort(self._bits.random_raw(count), kind="stable")
        return order


@dataclass(frozen=True)
class Draws:
    """The resamples of one split.

    ``rows`` are the places of the rows that are looked at, None for all; ``groups`` their group, where groups
    are the units. ``blocks`` are the blocks of the units, where blocks are drawn, and ``part`` the part of
    each unit in a division into a few equal ones.
    """

    weights: Floats
    weights_of_parts: Floats
    rows: Array | None
    groups: Array | None
    blocks: Array | None
    part: Array
    shrink: float

    @property
    def units(self) -> int:
        """How many are looked at."""
        return len(self.part)

    @cached_property
    def places(self) -> list[Array]:
        """The looked-at rows of each part, by their place among them."""
        part = self.part if self.groups is None else self.part[self.groups]
        order = np.argsort(part, kind="stable")
        return np.split(order, np.searchsorted(part[order], np.arange(1, PARTS)))

    def means(self, columns: Floats) -> Floats:
        """Of each resample the means over its units, from a row for each unit."""
        if self.blocks is not None:
            size = self.weights.shape[1]
            sums = [np.bincount(self.blocks, weights=column, minlength=size) for column in columns.T]
            columns = np.column_stack(sums)
        return self.weights @ columns / self.sizes

    @cached_property
    def sizes(self) -> Floats:
        """The units in each resample, in a column."""
        size = self.weights.shape[1]
        units = np.ones(size) if self.blocks is None else np.bincount(self.blocks, minlength=size)
        return (self.weights @ units)[:, None]

    def of_rows(self, some: slice) -> Floats:
        """How often these resamples draw each row, a column for each."""
        weights = self.weights[some]
        units = weights if self.blocks is None else weights[:, self.blocks]
        return units if self.groups is None else units[:, self.groups]

    def fewer(self, most: int) -> "Draws":
        """The same resamples of about so many of the units, taken by chance; of all where these are fewer."""
        if self.units <= most:
            return self
        kept = self.part < max(1, most * PARTS // self.units)
        units = np.flatnonzero(kept)
        rows = units if self.groups is None else np.flatnonzero(kept[self.groups])
        return replace(
            self,
            weights=self.weights[:, units] if self.blocks is None else self.weights,
            rows=rows if self.rows is None else self.rows[rows],
            groups=None if self.groups is None else (np.cumsum(kept) - 1)[self.groups[rows]],
            blocks=None if self.blocks is None else self.blocks[units],
            part=self.part[units],
            shrink=self.shrink * float(np.sqrt(len(units) / self.units)),
        )

    def within(self, rows: Array) -> "Draws":
        """The same resamples, of these rows of the split alone; rows must be the units."""
        own = np.zeros(1 + int(max(rows.max(), self.units if self.rows is None else self.rows.max())), bool)
        own[rows] = True
        looked = np.arange(self.units) if self.rows is None else self.rows
        kept = np.flatnonzero(own[looked])
        blocks = None if self.blocks is None else self.blocks[kept]
        weights = self.weights[:, kept] if blocks is None else self.weights
        return replace(self, weights=weights, rows=looked[kept], blocks=blocks, part=self.part[kept])


@dataclass(frozen=True)
class Looked:
    """What is looked at: so many units, as a share of all."""

    units: int
    share: float
    rows: Array | None = None
    groups: Array | None = None


def of_rows(dice: Dice, rows: int) -> Looked:
    """Rows as units."""
    some = dice.some(rows, MOST_UNITS)
    return Looked(rows, 1.0) if some is None else Looked(len(some), len(some) / rows, some)


def of_groups(dice: Dice, groups: Array) -> Looked:
    """Groups of rows as units."""
    present = np.bincount(groups) > 0
    known = (np.cumsum(present) - 1)[groups]
    count = int(present.sum())
    some = dice.some(count, max(1, count * MOST_ROWS // len(groups)))
    if some is None:
        return Looked(count, 1.0, groups=known)
    places = np.full(count, -1)
    places[some] = np.arange(len(some))
    rows = np.flatnonzero(places[known] >= 0)
    return Looked(len(some), len(some) / count, rows, places[known[rows]])


def draw(dice: Dice, resamples: int, looked: Looked) -> Draws | None:
    """The resamples of what is looked at; None where that is too little."""
    units = looked.units
    if units < FEWEST_UNITS:
        return None
    blocks = dice.below(BLOCKS, units) if units > MOST_SINGLE else None
    part = np.empty(units, dtype=np.int64)
    part[dice.shuffled(units)] = np.arange(units) * PARTS // units
    return Draws(
        weights=dice.counts(resamples, units if blocks is None else BLOCKS),
        weights_of_parts=dice.counts(resamples, PARTS),
        rows=looked.rows,
        groups=looked.groups,
        blocks=blocks,
        part=part,
        shrink=float(np.sqrt(looked.share)),
    )
