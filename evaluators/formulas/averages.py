"""Metrics that are a mean: of what each row is worth, or each group of rows.

They are written as what a row or group is worth, so that resamples of them need no other formula. A row's
worth depends on nothing but this row and parameters.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, NamedTuple, ParamSpec, TypeAlias

import numpy as np

from evaluators.errors import UndefinedByReference, UndefinedBySubmission
from evaluators.formulas import tallies
from evaluators.formulas.blocks import blocks
from evaluators.formulas.guard import Array, Floats, Formula, metric
from evaluators.formulas.texts import OfTexts

P = ParamSpec("P")


class Worth(NamedTuple):
    """Of each group by its code: its value, and the weight that the value has in the mean."""

    values: Array
    weights: Array


RowFormula: TypeAlias = Callable[Concatenate[Array, Array, P], Floats]
GroupFormula: TypeAlias = Callable[Concatenate[Array, Array, P], Worth]

# What a metric is the mean of; those in _ROOTS have the square root taken of it.
ROWS: dict[Callable[..., float], Callable[..., Floats]] = {}
GROUPS: dict[Callable[..., float], Callable[..., Worth]] = {}
_ROOTS: set[Callable[..., float]] = set()


def mean_of_rows(formula: RowFormula[P]) -> Formula[P]:
    """The metric that is the mean of what this formula gives for each row."""

    @metric
    @wraps(formula)
    def mean(target: Array, prediction: Array, /, *rest: P.args, **named: P.kwargs) -> float:
        return _mean(formula, target, prediction, *rest, **named)

    ROWS[mean] = formula
    return mean


def mean_of_cells(formula: RowFormula[P]) -> OfTexts[P]:
    """The same where a row is no number, but what stands in a cell, and dear to compare."""

    @wraps(formula)
    def tallied(target: Array, prediction: Array, /, *rest: P.args, **named: P.kwargs) -> tallies.Tally:
        return tallies.mean(formula(target, prediction, *rest, **named))

    return tallies.of_tally(tallied)


def root_mean_of_rows(formula: RowFormula[P]) -> Formula[P]:
    """The metric that is the square root of this mean."""

    @metric
    @wraps(formula)
    def root(target: Array, prediction: Array, /, *rest: P.args, **named: P.kwargs) -> float:
        return float(np.sqrt(_mean(formula, target, prediction, *rest, **named)))

    ROWS[root] = formula
    _ROOTS.add(root)
    return root


def _mean(
    formula: RowFormula[P], target: Array, prediction: Array, /, *rest: P.args, **named: P.kwargs
) -> float:
    """Block by block; where a block is undefined, all rows together tell whose trouble comes first."""
    try:
        parts = [
            np.sum(formula(target[block], prediction[block], *rest, **named)) for block in blocks(prediction)
        ]
    except (UndefinedByReference, UndefinedBySubmission):
        return float(np.mean(formula(target, prediction, *rest, **named)))
    return float(np.sum(parts) / len(target))


def mean_of_groups(formula: GroupFormula[P]) -> Formula[P]:
    """The metric that is the mean, by weight, of what this formula gives for each group."""

    @metric
    @wraps(formula)
    def mean(target: Array, prediction: Array, /, *rest: P.args, **named: P.kwargs) -> float:
        values, weights = formula(target, prediction, *rest, **named)
        counted = weights > 0
        return float(np.average(values[counted], weights=weights[counted]))

    GROUPS[mean] = formula
    return mean


def finished(formula: Callable[..., float], mean: Floats) -> Floats:
    """The scores that have these means."""
    score: Floats = np.sqrt(mean) if formula in _ROOTS else mean
    return score
