"""Labels as codes."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evaluators.formulas.blocks import blocks
from evaluators.tables import values

Codes = NDArray[np.int64]
_INTEGER = re.compile(r"-?(0|[1-9]\d{0,14})(\.0*)?")
UNKNOWN = -1


@dataclass(frozen=True)
class Classes:
    """The labels of a column, in order: integers by size, texts by their characters.

    Where all labels are integers a number is a label by its value, `1.0` like `1`; else texts must be equal.
    ``places`` are those of the names in another order, and of what is unknown at the end.
    """

    names: tuple[str, ...]
    integers: bool
    places: Codes | None = None

    def codes(self, series: pl.Series) -> Codes:
        """The place of each label, ``UNKNOWN`` for what is none."""
        codes = self._codes_of_integers(series) if self.integers else self._codes_of_texts(series)
        return codes if self.places is None else self.places[codes]

    def listed(self, labels: Sequence[str]) -> "Classes":
        """The same labels in the order of this list, which has all of them."""
        codes = [self.code(label) for label in labels]
        if codes == sorted(codes):
            return self
        places = np.full(len(self.names) + 1, UNKNOWN)
        places[codes] = np.arange(len(codes))
        return replace(self, places=places)

    @property
    def in_order(self) -> tuple[str, ...]:
        """The names by their places."""
        if self.places is None:
            return self.names
        return tuple(self.names[place] for place in np.argsort(self.places[:-1]))

    def code(self, label: str) -> int:
        """The place of one label."""
        return int(self.codes(pl.Series([label], dtype=pl.String))[0])

    def _codes_of_integers(self, series: pl.Series) -> Codes:
        given = values.array(values.numbers(series))
        return np.concatenate([self._codes_of_numbers(given[block]) for block in blocks(given)])

    def _codes_of_numbers(self, given: NDArray[np.float64]) -> Codes:
        known = np.array(self.names, dtype=np.float64)
        if known[-1] - known[0] == len(known) - 1:  # without gaps each is its own place
            places = given - known[0]
            with np.errstate(invalid="ignore"):  # what is no number equals no code either
                codes: Codes = places.astype(np.int64)
            codes[(codes != places) | (codes < 0) | (codes >= len(known))] = UNKNOWN
            return codes
        places = np.searchsorted(known, given).clip(max=len(known) - 1)
        return np.where(known[places] == given, places, UNKNOWN)

    def _codes_of_texts(self, series: pl.Series) -> Codes:
        known = values.texts(series).cast(pl.Enum(self.names), strict=False)
        return known.to_physical().cast(pl.Int64).fill_null(UNKNOWN).to_numpy()


def classes_of(labels: Iterable[str]) -> Classes:
    """The classes that these labels name, each once."""
    names = set(labels)
    if all(_INTEGER.fullmatch(name) for name in names):
        return Classes(tuple(map(str, sorted({int(float(name)) for name in names}))), integers=True)
    return Classes(tuple(sorted(names)), integers=False)


FLAGS = classes_of(["0", "1"])
