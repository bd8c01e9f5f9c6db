"""The scores of resamples, and the interval that they span."""

import math
from collections.abc import Callable
from statistics import NormalDist
from typing import Any, Literal, NamedTuple

import numpy as np

from evaluators.errors import UndefinedByReference, UndefinedBySubmission
from evaluators.formulas.guard import Array, Floats
from evaluators.formulas.tallies import TALLIES, WEIGHED, Weighed
from evaluators.uncertainty.draws import FEWEST_IN_PART, MOST_DEAR, PARTS, Draws
from evaluators.uncertainty.sums import MOVED, are_known, sums

MOST_UNDEFINED = 0.05
MOST_WEIGHTS = 4_000_000
"""How many weights of rows are held at once."""
MOST_MOVED = 1.0
"""In parts of the spread of a score, how far chance may move it (Efron and Tibshirani 1993, section 10.3)."""
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
    return are_known(formula) or formula in WEIGHED or formula.__name__ in BY_PARTS


class Deviations(NamedTuple):
    """How far the score of each resample is from that of the rows themselves, NaN where it has none.

    Those go together that are of the same draws, of units, of some of them, or of parts.
    """

    values: Floats
    drawn: Literal["units", "some", "parts"]


def deviations(
    formula: Callable[..., float], draws: Draws, compared: tuple[Array, Array, dict[str, Any]], level: float
) -> Deviations | None:
    """What the resamples say of a metric of these rows; None where they can say nothing."""
    known = draws.fewer(MOST_DEAR) if formula in TALLIES or formula in WEIGHED else draws
    try:
        with np.errstate(all="ignore"):
            found, of_parts = _found(formula, known, _looked_at(known, *compared), level)
    except (UndefinedByReference, UndefinedBySubmission):
        return None
    undefined = ~np.isfinite(found)
    if undefined.mean() > MOST_UNDEFINED:
        return None
    found = np.where(undefined, np.nan, found)
    if formula in MOVED or formula in WEIGHED:
        middle, spread = np.nanmean(found), np.nanstd(found)
        if abs(middle) > MOST_MOVED * spread:
            return None
        found = found - 2 * middle
    return Deviations(found * known.shrink, "parts" if of_parts else "units" if known is draws else "some")


def _found(
    formula: Callable[..., float], draws: Draws, compared: tuple[Array, Array, dict[str, Any]], level: float
) -> tuple[Floats, bool]:
    """The deviations, and whether parts were drawn for them."""
    found = _of_units(formula, draws, *compared)
    if found is not None:
        return found * widening(level, draws.units), False
    return _of_parts(formula, draws, *compared) * widening(level, PARTS), True


def _looked_at(
    draws: Draws, target: Array, prediction: Array, named: dict[str, Any]
) -> tuple[Array, Array, dict[str, Any]]:
    rows = slice(None) if draws.rows is None else draws.rows
    of_rows = {name: value[rows] for name, value in named.items() if isinstance(value, np.ndarray)}
    if draws.groups is not None:
        of_rows["groups"] = draws.groups
    return target[rows], prediction[rows], named | of_rows


def _of_units(
    formula: Callable[..., float], draws: Draws, target: Array, prediction: Array, named: dict[str, Any]
) -> Floats | None:
    if formula in WEIGHED:
        return _of_weights(WEIGHED[formula](target, prediction, **named), draws, len(target))
    found = sums(formula, target, prediction, named)
    if found is None:
        return None
    return found.score(draws.means(found.columns)) - found.score(found.columns.mean(axis=0))


def _of_weights(weighed: Weighed, draws: Draws, rows: int) -> Floats:
    step = max(1, MOST_WEIGHTS // rows)
    parts = [draws.of_rows(slice(start, start + step)) for start in range(0, len(draws.weights), step)]
    found: Floats = np.concatenate([weighed.of_weights(part) for part in parts]) - weighed.score
    return found


def _of_parts(
    formula: Callable[..., float], draws: Draws, target: Array, prediction: Array, named: dict[str, Any]
) -> Floats:
    """Resamples of the scores of a few equal parts: random groups (Hansen, Hurwitz and Madow 1953).

    Raises:
        UndefinedByReference, UndefinedBySubmission: a part has no score, or one that chance moves too far.
    """
    if draws.units < PARTS * FEWEST_IN_PART or formula in MOVED:
        raise UndefinedByReference("there are too few rows for a score of each part")
    scores = np.array([_score(formula, target, prediction, named, place) for place in draws.places])
    drawn: Floats = draws.weights_of_parts @ (scores - scores.mean()) / PARTS
    return drawn


def _score(
    formula: Callable[..., float], target: Array, prediction: Array, named: dict[str, Any], rows: Array
) -> float:
    of_rows = {name: value[rows] for name, value in named.items() if isinstance(value, np.ndarray)}
    return formula(target[rows], prediction[rows], **(named | of_rows))


def widening(level: float, number: int) -> float:
    """What makes up for so few units or parts (Hesterberg 2015).

    Resamples spread by less than chance does, and the spread is itself known as badly as Student's t says.
    """
    normal = NormalDist().inv_cdf((1 + level) / 2)
    return math.sqrt(number / (number - 1)) * _student(level, number - 1) / normal


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
