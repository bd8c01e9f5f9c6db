"""What figures are made of: the public rows of one metric, as it compares them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import polars as pl

from evaluators.contents.answers import Answers
from evaluators.errors import shown
from evaluators.figures.kinds import MOST_LINES, MOST_POINTS
from evaluators.figures.thresholds import Found, found
from evaluators.formulas.guard import Array, Bools, Floats
from evaluators.spec.measures import Measure

FEWER_POINTS = 51


class Coded(NamedTuple):
    """Classes by their codes; ``listed`` are known to everybody, even those without a row.

    Ratings are named when they are shown: a submission may hold a million of them.
    """

    labels: Sequence[str] | Floats
    target: Array
    said: Array
    listed: bool

    def name(self, code: int) -> str:
        """What a class is called, on one short line."""
        label = self.labels[code]
        return text(label if isinstance(label, str) else f"{label + 0.0:.0f}")


class Side(NamedTuple):
    """One class or label against the rest, with a number for each row; without a name it is alone.

    ``whole`` is what the numbers of all classes sum to. Divided by it equal ones may cease to be equal.
    """

    name: str
    target: Bools
    said: Floats
    whole: Floats | float = 1.0


@dataclass(frozen=True)
class Compared:
    """Answers and predictions of the public rows, which stand in ``rows`` of the submission with its ``ids``.

    ``answers`` tell of classes and columns; their values are ``target``.
    """

    measure: Measure
    answers: Answers
    target: Array
    said: Array
    rows: Array
    ids: pl.Series

    @cached_property
    def coded(self) -> Coded:
        """Labels and ratings as they are, of numbers for each class the class with the highest one."""
        if self.measure.info.needs == "ratings":
            return _ratings(self.target, self.said)
        assert self.answers.classes is not None
        said = self.said.argmax(axis=1) if self.said.ndim > 1 else self.said
        names = self.answers.classes.in_order
        return Coded(names, self.target, said, listed=bool(self.measure.labels))

    @cached_property
    def sides(self) -> list[Side]:
        """Each class against the rest, or each label by itself; those with most rows where they are many."""
        if self.said.ndim == 1:
            return [Side("", self.target, self.said)]
        return self._labels if self.answers.columns else self._classes

    @property
    def _labels(self) -> list[Side]:
        chosen = most_rows(np.count_nonzero(self.target, axis=0), MOST_LINES)
        names = self.measure.targets
        return [Side(text(names[column]), self.target[:, column], self.said[:, column]) for column in chosen]

    @property
    def _classes(self) -> list[Side]:
        """Without those that have private rows alone, of which nobody should hear."""
        coded, said = self.coded, self.said
        rows = np.bincount(self.target, minlength=len(coded.labels))
        known = np.flatnonzero(rows) if not coded.listed else np.arange(len(rows))
        whole = said.sum(axis=1)
        chosen = known[most_rows(rows[known], MOST_LINES)]
        return [Side(coded.name(code), self.target == code, said[:, code], whole) for code in chosen]

    @property
    def most_points(self) -> int:
        """How many points a line may have: many lines together would be long."""
        return MOST_POINTS if len(self.sides) == 1 else FEWER_POINTS

    @cached_property
    def thresholds(self) -> list[tuple[str, Found]]:
        """What thresholds find of each side, by its name."""
        return [(side.name, found(side.target, side.said, self.most_points)) for side in self.sides]


def _ratings(target: Array, said: Array) -> Coded:
    values, codes = np.unique(np.concatenate([target, said]), return_inverse=True)
    return Coded(values, codes[: len(target)], codes[len(target) :], listed=False)


def most_rows(rows: Array, most: int) -> Array:
    """The places of the largest counts, in their own order; of equal ones the first."""
    return np.sort(np.argsort(-rows, kind="stable")[:most])


def text(name: str) -> str:
    """What the reference or a submission calls something, on one short printable line."""
    return shown([name])[0]
