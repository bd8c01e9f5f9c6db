"""The scores of resamples, and the interval that they span."""

import math
from collections.abc import Callable
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np

from evaluators.errors import UndefinedByReference, UndefinedBySubmission
from evaluators.formulas.guard import Array, Floats
from evaluators.uncertainty.draws import FEWEST_IN_PART, PARTS, Draws
from evaluators.uncertainty.sums import are_known, sums

MOST_UNDEFINED = 0.05
DIGITS = 3
"""How many digits of its own width an interval is told with."""

# Of these a part of the rows has a score that differs from that of all by chance alone, the less the larger
# it is. The largest error is none of them (Bickel and Freedman 1981), nor a distance that chance enlarges.
BY_PARTS = frozenset(
    {
        "adjusted_rand",
        "cohen_kappa",
        "concordance_index",
        "integrated_brier",
        "median_absolute_error",
        "partial_roc_auc",
        "spearman",
    }
)


def is_resampled(formula: Callable[..., float]) -> bool:
    """Whether resamples tell how far a metric could be off."""
    return are_known(formula) or formula.__name__ in BY_PARTS


class Deviations(NamedTuple):
    """How far the score of each resample is from that of the rows themselves, NaN where it has none.

    ``by_parts`` says what was drawn: resamples of parts and of units do not go together.
    """

    values: Floats
    by_parts: bool


def deviations(
    formula: Callable[..., float], draws: Draws, compared: tuple[Array, Array, dict[str, Any]], level: float
) -> Deviations | None:
    """What the resamples say of a metric of these rows; None where they can say nothing."""
    target, prediction, named = _looked_at(draws, *compared)
    try:
        with np.errstate(all="ignore"):
            found = _of_sums(formula, draws, target, prediction, named)
            by_parts = found is None
            if found is None:
                found = _of_parts(formula, draws, target, prediction, named) * _widening(level)
    except (UndefinedByReference, UndefinedBySubmission):
        return None
    undefined = ~np.isfinite(found)
    if undefined.mean() > MOST_UNDEFINED:
        return None
    return Deviations(np.where(undefined, np.nan, found) * draws.shrink, by_parts)


def _looked_at(
    draws: Draws, target: Array, prediction: Array, named: dict[str, Any]
) -> tuple[Array, Array, dict[str, Any]]:
    rows = slice(None) if draws.rows is None else draws.rows
    of_rows = {name: value[rows] for name, value in named.items() if isinstance(value, np.ndarray)}
    if draws.groups is not None:
        of_rows["groups"] = draws.groups
    return target[rows], prediction[rows], named | of_rows


def _of_sums(
    formula: Callable[..., float], draws: Draws, target: Array, prediction: Array, named: dict[str, Any]
) -> Floats | None:
    found = sums(formula, target, prediction, named)
    if found is None:
        return None
    return found.score(draws.means(found.columns)) - found.score(found.columns.mean(axis=0))


def _of_parts(
    formula: Callable[..., float], draws: Draws, target: Array, prediction: Array, named: dict[str, Any]
) -> Floats:
    """Resamples of the scores of a few equal parts: random groups (Hansen, Hurwitz and Madow 1953).

    Raises:
        UndefinedByReference, UndefinedBySubmission: a part has no score.
    """
    if draws.units < PARTS * FEWEST_IN_PART:
        raise UndefinedByReference("there are too few rows for a score of each part")
    scores = np.array([_score(formula, target, prediction, named, place) for place in draws.places])
    drawn: Floats = draws.weights_of_parts @ (scores - scores.mean()) / PARTS
    return drawn


def _score(
    formula: Callable[..., float], target: Array, prediction: Array, named: dict[str, Any], rows: Array
) -> float:
    of_rows = {name: value[rows] for name, value in named.items() if isinstance(value, np.ndarray)}
    return formula(target[rows], prediction[rows], **(named | of_rows))


def _widening(level: float) -> float:
    """What makes up for parts so few: their spread is itself known as badly as Student's t says."""
    return math.sqrt(PARTS / (PARTS - 1)) * _student(level, PARTS - 1) / NormalDist().inv_cdf((1 + level) / 2)


def _student(level: float, freedom: int) -> float:
    """The quantile of Student's t (Abramowitz and Stegun 1964, 26.7.5)."""
    z = NormalDist().inv_cdf((1 + level) / 2)
    terms = (
        z,
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return math.fsum(term / freedom**power for power, term in enumerate(terms))


def interval(replicates: Floats, level: float) -> tuple[float, float] | None:
    """The percentile interval (Efron 1979) of these scores of resamples, rounded; None where all are alike.

    The quantile at the place p·(B + 1) of B ordered scores has just the chance p below it.
    """
    ends = (1 - level) / 2, (1 + level) / 2
    places = np.arange(1, len(replicates) + 1) / (len(replicates) + 1)
    low, high = np.interp(ends, places, np.sort(replicates))
    if not low < high:
        return None
    digits = DIGITS - 1 - math.floor(math.log10(high - low))
    return round(float(low), digits), round(float(high), digits)
