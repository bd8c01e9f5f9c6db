"""Metrics whose rows are dear to compare: what rows add is told apart from what is made of it.

What they add is summed, or counted: a row that a resample draws twice counts twice.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, NamedTuple, ParamSpec, TypeAlias

import numpy as np

from evaluators.formulas.guard import Array, Floats
from evaluators.formulas.texts import OfTexts, of_texts

P = ParamSpec("P")


class Tally(NamedTuple):
    """A score; what each row adds to it, made when it is asked for; and the scores that have such means.

    Means lie along the last axis.
    """

    score: float
    columns: Callable[[], Floats]
    of_means: Callable[[Floats], Floats]


class Weighed(NamedTuple):
    """A score, and the scores that it would have where each row counted so often, a row of them for each."""

    score: float
    of_weights: Callable[[Floats], Floats]


Tallied: TypeAlias = Callable[Concatenate[Array, Array, P], Tally]
Weighable: TypeAlias = Callable[Concatenate[Array, Array, P], Weighed]
TALLIES: dict[Callable[..., float], Callable[..., Tally]] = {}
"""What each row adds, or each group of rows where a metric takes groups."""
WEIGHED: dict[Callable[..., float], Callable[..., Weighed]] = {}


def of_tally(formula: Tallied[P]) -> OfTexts[P]:
    """The metric that is the score of this tally."""
    score = _score(formula)
    TALLIES[score] = formula
    return score


def of_weights(formula: Weighable[P]) -> OfTexts[P]:
    """The metric that is the score of this."""
    score = _score(formula)
    WEIGHED[score] = formula
    return score


def _score(formula: Callable[Concatenate[Array, Array, P], Tally | Weighed]) -> OfTexts[P]:
    @of_texts
    @wraps(formula)
    def score(target: Array, prediction: Array, /, *rest: P.args, **named: P.kwargs) -> float:
        return formula(target, prediction, *rest, **named).score

    return score


def mean(worth: Floats) -> Tally:
    """The mean of what each row is worth."""
    return Tally(float(np.mean(worth)), lambda: worth[:, None], lambda means: means[..., 0])


def of_columns(columns: Array, of_means: Callable[[Array], Floats]) -> Tally:
    """What is the same of sums of columns as of their means."""
    return Tally(float(of_means(columns.sum(axis=0))), lambda: columns.astype(np.float64), of_means)


def ratio(over: Array, under: Array) -> Tally:
    """A sum over rows, divided by another one."""
    return of_columns(np.column_stack([over, under]), lambda means: means[..., 0] / means[..., 1])


def of_counts(columns: Array, score: Callable[[list[int]], float]) -> Tally:
    """What is computed of the sums of counts, which stay whole numbers where rows are drawn."""

    def of_means(means: Floats) -> Floats:
        counts = np.rint(means * len(columns)).astype(np.int64)
        found: Floats = np.apply_along_axis(lambda row: score(row.tolist()), -1, counts)
        return found.astype(np.float64)

    whole = score(columns.sum(axis=0).tolist())
    return Tally(whole, lambda: columns.astype(np.float64), of_means)
