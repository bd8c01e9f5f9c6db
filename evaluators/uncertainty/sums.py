"""Metrics as functions of means over units: what each unit adds, and what is made of the means.

Whoever has the means of a resample has its score, without the rows. Ranks are no sums: what is made of them
is replaced by its projection (Hájek 1968), the sum of what each row moves it by.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from evaluators.formulas import clustering, multilabel, probabilities
from evaluators.formulas.averages import GROUPS, ROWS, finished
from evaluators.formulas.classification import COUNTS, Counts, quadratic_weighted_kappa
from evaluators.formulas.clustering import TABLES
from evaluators.formulas.correlation import pearson
from evaluators.formulas.forecasts import crps_quantiles, weighted_quantile_loss
from evaluators.formulas.guard import Array, Floats
from evaluators.formulas.regression import r2, wape
from evaluators.formulas.tallies import TALLIES

MOST_CLASSES = 100
MOST_COLUMNS = 300


class Sums(NamedTuple):
    """A row of ``columns`` for each unit; ``score`` takes means of them along the last axis."""

    columns: Floats
    score: Callable[[Floats], Floats]


Formula = Callable[..., float]


def are_known(formula: Formula) -> bool:
    """Whether a metric is a function of sums."""
    return any(formula in known for known in (ROWS, GROUPS, COUNTS, TABLES, TALLIES, _OTHERS))


def sums(formula: Formula, target: Array, prediction: Array, named: dict[str, Any]) -> Sums | None:
    """The metric as sums over the units; None where it is no function of any."""
    if formula in ROWS:
        worth = ROWS[formula](target, prediction, **named)
        return Sums(worth[:, None], lambda means: finished(formula, means[..., 0]))
    if formula in GROUPS and named["groups"].any():
        values, weights = GROUPS[formula](target, prediction, **named)
        return Sums(np.column_stack([values * weights, weights]), lambda means: means[..., 0] / means[..., 1])
    if formula in TALLIES:
        tally = TALLIES[formula](target, prediction, **named)
        return Sums(tally.columns(), tally.of_means)
    if formula in COUNTS:
        return _of_counts(COUNTS[formula], target, prediction, named)
    if formula in TABLES:
        return _of_clusters(formula, target, prediction, named)
    return _OTHERS[formula](target, prediction, **named) if formula in _OTHERS else None


def _of_counts(
    formula: Callable[..., Floats], target: Array, prediction: Array, named: dict[str, Any]
) -> Sums | None:
    classes = 1 + int(max(target.max(), prediction.max()))
    if classes > MOST_CLASSES:
        return None
    held, said = (side[:, None] == np.arange(classes) for side in (target, prediction))
    columns = np.concatenate([held & said, held, said], axis=1).astype(np.float64)

    def score(means: Floats) -> Floats:
        return formula(Counts(*np.split(means, 3, axis=-1)), **named)

    return Sums(columns, score)


def _of_clusters(formula: Formula, target: Array, prediction: Array, named: dict[str, Any]) -> Sums | None:
    """A row counts for the pair of clusters that it is in."""
    pairs, place = np.unique(np.column_stack([target, prediction]), axis=0, return_inverse=True)
    if len(pairs) > MOST_COLUMNS:
        return None

    def score(means: Floats) -> Floats:
        return TABLES[formula](clustering.tables(means, *pairs.T), **named)

    return Sums(1.0 * (place.reshape(-1, 1) == np.arange(len(pairs))), score)


def _roc_auc(target: Array, scores: Array) -> Sums:
    if scores.ndim == 1:
        return _area(target, scores)
    return _mean([_area(target == code, scores[:, code]) for code in range(scores.shape[1])])


def _mean_roc_auc(target: Array, scores: Array, one_class: str = "refuse") -> Sums:
    held = np.count_nonzero(target, axis=0)
    judged = np.flatnonzero((held > 0) & (held < len(target))) if one_class == "skip" else range(len(held))
    return _mean([_area(target[:, n], scores[:, n]) for n in judged])


def _mean(parts: list[Sums]) -> Sums:
    """The mean of several scores."""
    widths = np.cumsum([part.columns.shape[1] for part in parts])[:-1]

    def score(means: Floats) -> Floats:
        pairs = zip(parts, np.split(means, widths, axis=-1), strict=True)
        found: Floats = np.mean([part.score(own) for part, own in pairs], axis=0)
        return found

    return Sums(np.concatenate([part.columns for part in parts], axis=1), score)


def _area(target: Array, scores: Array) -> Sums:
    """For each row the share of the other class that it is right with (DeLong et al. 1988)."""
    place, positives, negatives = _levels(target, scores)
    below = (np.cumsum(negatives) - negatives / 2) / negatives.sum()
    above = 1 - (np.cumsum(positives) - positives / 2) / positives.sum()
    area = float(below @ positives / positives.sum())
    held, rows = target > 0, len(target)
    won = np.where(held, below[place], above[place]) - area
    return _projection(area, won * rows / np.where(held, positives.sum(), negatives.sum()))


def _average_precision(target: Array, scores: Array) -> Sums:
    """A row moves its own precision, and that of every positive row which scores as high or lower."""
    place, positives, negatives = _levels(target, scores)
    hits, errors = (np.cumsum(side[::-1])[::-1] for side in (positives, negatives))
    found, total = hits + errors, positives.sum()
    precision = hits / found
    average = float(precision @ positives / total)
    gained = np.cumsum(positives * errors / found**2)
    lost = np.cumsum(positives * hits / found**2)
    moved = np.where(target > 0, (precision - average + gained)[place], -lost[place])
    return _projection(average, moved * len(target) / total)


def _levels(target: Array, scores: Array) -> tuple[Array, Array, Array]:
    """The place of each row among the distinct scores, and the positive and other rows at each."""
    values, place = np.unique(scores, return_inverse=True)
    positives = np.bincount(place, weights=target, minlength=len(values))
    return place, positives, np.bincount(place, minlength=len(values)) - positives


def _projection(value: float, moved: Floats) -> Sums:
    """A score between 0 and 1 that moves by the mean of what each row moves it by.

    It moves on the scale of log-odds, where its errors are even, so that it stays between 0 and 1.
    """
    if not 0 < value < 1:
        return Sums(moved[:, None], lambda means: value + means[..., 0])
    odds = value / (1 - value)

    def score(means: Floats) -> Floats:
        found: Floats = 1 / (1 + np.exp(-means[..., 0] / (value * (1 - value))) / odds)
        return found

    return Sums(moved[:, None], score)


def _r2(target: Array, prediction: Array) -> Sums:
    centred = target - target.mean()
    columns = np.column_stack([np.square(target - prediction), centred, np.square(centred)])
    return Sums(columns, lambda means: 1 - means[..., 0] / (means[..., 2] - np.square(means[..., 1])))


def _wape(target: Array, prediction: Array) -> Sums:
    return _ratio(np.abs(target - prediction), np.abs(target))


def _weighted_quantile_loss(target: Array, prediction: Array, quantiles: Any) -> Sums:
    return _ratio(ROWS[crps_quantiles](target, prediction, quantiles), np.abs(target))


def _pf1(target: Array, prediction: Array) -> Sums:
    return _ratio(2 * target * prediction, target + prediction)


def _ratio(over: Floats, under: Floats) -> Sums:
    return Sums(np.column_stack([over, under]), lambda means: means[..., 0] / means[..., 1])


def _pearson(target: Array, prediction: Array) -> Sums:
    first, second = (side - side.mean() for side in (target, prediction))
    columns = np.column_stack([first, second, first * first, second * second, first * second])

    def score(means: Floats) -> Floats:
        one, other, one_square, other_square, both = np.moveaxis(means, -1, 0)
        spread = np.sqrt((one_square - one * one) * (other_square - other * other))
        found: Floats = (both - one * other) / spread
        return found

    return Sums(columns, score)


def _quadratic_weighted_kappa(target: Array, prediction: Array) -> Sums:
    first, second = target - target.mean(), prediction - target.mean()
    columns = np.column_stack([np.square(first - second), first, second, first * first, second * second])

    def score(means: Floats) -> Floats:
        observed, one, other, one_square, other_square = np.moveaxis(means, -1, 0)
        found: Floats = 1 - observed / (one_square + other_square - 2 * one * other)
        return found

    return Sums(columns, score)


_OTHERS: dict[Formula, Callable[..., Sums]] = {
    probabilities.roc_auc: _roc_auc,
    multilabel.mean_roc_auc: _mean_roc_auc,
    probabilities.pf1: _pf1,
    r2: _r2,
    wape: _wape,
    weighted_quantile_loss: _weighted_quantile_loss,
    pearson: _pearson,
    quadratic_weighted_kappa: _quadratic_weighted_kappa,
    probabilities.average_precision: _average_precision,
}
MOVED = frozenset(
    {
        clustering.normalized_mutual_information,
        clustering.homogeneity,
        clustering.completeness,
        clustering.v_measure,
    }
)
"""Metrics that chance moves one way: few rows never look as unlike as all rows are."""
