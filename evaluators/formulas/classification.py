"""Metrics of labels. Targets and predictions are codes of labels: integers from 0.

A class counts when it occurs in the target or in the predictions, as in scikit-learn without ``labels``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, Literal, ParamSpec, TypeAlias

import numpy as np

from evaluators.errors import UndefinedByReference
from evaluators.formulas.averages import mean_of_rows
from evaluators.formulas.blocks import blocks
from evaluators.formulas.guard import Array, Floats, Formula, metric

P = ParamSpec("P")

Average = Literal["macro", "micro", "weighted", "binary"]
Weights = Literal["none", "linear", "quadratic"]


@dataclass(frozen=True)
class Counts:
    """Rows of each class: hit, in the target, in the predictions. Classes are the last axis.

    Axes before it hold resamples, whose counts need be no whole numbers of rows.
    """

    hit: Array
    target: Array
    predicted: Array


CountFormula: TypeAlias = Callable[Concatenate[Counts, P], Floats]
# What a metric computes from counts alone.
COUNTS: dict[Callable[..., float], Callable[..., Floats]] = {}


def metric_of_counts(formula: CountFormula[P]) -> Formula[P]:
    """The metric that this formula computes from counts."""

    @metric
    @wraps(formula)
    def counted(target: Array, prediction: Array, /, *rest: P.args, **named: P.kwargs) -> float:
        if named.get("average") == "binary" and not (target == named.get("positive", 1)).any():
            raise UndefinedByReference("no row has the positive label")
        return float(formula(_counts(target, prediction), *rest, **named))

    COUNTS[counted] = formula
    return counted


def _counts(target: Array, prediction: Array) -> Counts:
    size = int(max(target.max(), prediction.max())) + 1
    parts = (target[target == prediction], target, prediction)
    return Counts(*(np.bincount(part, minlength=size) for part in parts))


@mean_of_rows
def accuracy(target: Array, prediction: Array) -> Floats:
    """Share of rows with the right label. Range 0..1, higher is better."""
    right: Floats = (target == prediction).astype(np.float64)
    return right


@metric_of_counts
def balanced_accuracy(counts: Counts) -> Floats:
    """Mean recall over the classes of the target (Brodersen et al. 2010). Range 0..1, higher is better."""
    return _mean(_shares(counts.hit, counts.target), counts.target > 0)


@metric_of_counts
def precision(counts: Counts, average: Average = "macro", positive: int = 1) -> Floats:
    """Rows of a class on both sides / its predictions, averaged as F-beta is. Range 0..1, higher is better.

    0 for a class that is never predicted, as in scikit-learn.
    """
    return _share_of_hits(counts, counts.predicted, average, positive)


@metric_of_counts
def recall(counts: Counts, average: Average = "macro", positive: int = 1) -> Floats:
    """Rows of a class on both sides / its rows, averaged as F-beta is. Range 0..1, higher is better.

    0 for a class that is predicted and has no row, as in scikit-learn.
    """
    return _share_of_hits(counts, counts.target, average, positive)


def _share_of_hits(counts: Counts, rows: Array, average: Average, positive: int) -> Floats:
    if average == "micro":
        return _shares(counts.hit.sum(axis=-1), counts.target.sum(axis=-1))
    return _averaged(_shares(counts.hit, rows), counts, average, positive)


@metric_of_counts
def f1_macro(counts: Counts) -> Floats:
    """Mean over classes of F1 (van Rijsbergen 1979). Range 0..1, higher is better."""
    return _f_beta(counts, 1.0, "macro")


@metric_of_counts
def f1_micro(counts: Counts) -> Floats:
    """F1 of counts added over classes: accuracy, with one label a row. Range 0..1, higher is better."""
    return _f_beta(counts, 1.0, "micro")


@metric_of_counts
def f1_weighted(counts: Counts) -> Floats:
    """Mean of F1 weighted by the rows of each class in the target. Range 0..1, higher is better."""
    return _f_beta(counts, 1.0, "weighted")


@metric_of_counts
def f_beta(counts: Counts, beta: float, average: Average = "macro", positive: int = 1) -> Floats:
    """(1 + b²)·P·R / (b²·P + R), P precision and R recall (van Rijsbergen 1979).

    Range 0..1, higher is better.
    ``binary`` looks at the class ``positive`` alone; without a row of it in the target nobody could score.
    """
    return _f_beta(counts, beta, average, positive)


def _f_beta(counts: Counts, beta: float, average: Average, positive: int = 1) -> Floats:
    weight = beta * beta
    if average == "micro":
        return _shares(counts.hit.sum(axis=-1), counts.target.sum(axis=-1))
    shares = _shares((1 + weight) * counts.hit, weight * counts.target + counts.predicted)
    return _averaged(shares, counts, average, positive)


@metric_of_counts
def jaccard(counts: Counts, average: Average = "macro", positive: int = 1) -> Floats:
    """Rows of a class on both sides / rows of it on either side (Jaccard 1901), averaged as F-beta is.

    Range 0..1, higher is better.
    """
    either = counts.target + counts.predicted - counts.hit
    if average == "micro":
        return _shares(counts.hit.sum(axis=-1), either.sum(axis=-1))
    return _averaged(_shares(counts.hit, either), counts, average, positive)


def _averaged(by_class: Floats, counts: Counts, average: Average, positive: int) -> Floats:
    if average == "binary":
        found: Floats = by_class[..., positive]
        return found
    present = (counts.target > 0) | (counts.predicted > 0)
    return _mean(by_class, counts.target if average == "weighted" else present)


def _shares(part: Array, whole: Array) -> Floats:
    """0 where there is nothing to take a share of."""
    return np.divide(part, whole, out=np.zeros(np.shape(whole)), where=np.asarray(whole) > 0)


def _mean(by_class: Floats, weights: Array) -> Floats:
    mean: Floats = np.sum(by_class * weights, axis=-1) / np.sum(weights, axis=-1)
    return mean


@mean_of_rows
def hamming_loss(target: Array, prediction: Array) -> Floats:
    """Share of labels that are wrong (Hamming 1950). Range 0..1, lower is better."""
    rows: Floats = np.mean((target != prediction).reshape(len(target), -1), axis=1)
    return rows


@metric
def mcc(target: Array, prediction: Array) -> float:
    """Matthews correlation coefficient for any number of classes (Gorodkin 2004).

    Range -1..1, higher is better. 0 when all predictions are the same: they say nothing of the target.
    """
    if target.min() == target.max():
        raise UndefinedByReference("all rows have the same label")
    return float(_mcc(_counts(target, prediction)))


def _mcc(counts: Counts) -> Floats:
    """NaN where all rows have the same label."""
    rows = counts.target.sum(axis=-1)
    targets, predicted = (side / rows[..., None] for side in (counts.target, counts.predicted))
    spreads = (1 - np.sum(targets**2, axis=-1), 1 - np.sum(predicted**2, axis=-1))
    covariance = counts.hit.sum(axis=-1) / rows - np.sum(targets * predicted, axis=-1)
    scale = np.sqrt(spreads[0]) * np.sqrt(spreads[1])
    nothing = np.where(spreads[0] > 0, 0.0, np.nan)
    found: Floats = np.divide(covariance, scale, out=nothing, where=scale > 0)
    return found


COUNTS[mcc] = _mcc


@metric
def cohen_kappa(target: Array, prediction: Array, weights: Weights = "none") -> float:
    """1 - disagreement / disagreement expected by chance (Cohen 1960; with weights Cohen 1968).

    A row with the codes t and p disagrees by 1 where they differ, by |t - p| (linear) or by (t - p)²
    (quadratic). Range -1..1, higher is better. 0 when all predictions are the same.
    """
    if target.min() == target.max():
        raise UndefinedByReference("all rows have the same label")
    if weights == "quadratic":
        return _quadratic_kappa(target, prediction)
    counts = _counts(target, prediction)
    targets, predicted = (side / len(target) for side in (counts.target, counts.predicted))
    if weights == "none":
        return float(1 - np.mean(target != prediction) / (1 - targets @ predicted))
    # |t - p| counts the borders between classes that lie between t and p
    below, under = np.cumsum(targets), np.cumsum(predicted)
    expected = np.sum(below * (1 - under) + under * (1 - below))
    return float(1 - np.mean(np.abs(target - prediction)) / expected)


@metric
def quadratic_weighted_kappa(target: Array, prediction: Array) -> float:
    """Cohen's kappa with weights (i - j)² (Cohen 1968), of whole numbers. Range -1..1, higher is better."""
    if target.min() == target.max():
        raise UndefinedByReference("all rows have the same rating")
    return _quadratic_kappa(target, prediction)


def _quadratic_kappa(target: Array, prediction: Array) -> float:
    """1 - Σ(t - p)² / (Σt² + Σp² - 2·Σt·Σp / n): Fleiss and Cohen 1973, without their table.

    Counted from the lowest target: so the sums of whole numbers stay small, and exact below 2**53.
    """
    low, sums = target.min(), np.zeros(5)
    for block in blocks(target):
        t, p = (np.subtract(side[block], low, dtype=np.float64) for side in (target, prediction))
        errors = t - p
        sums += (errors @ errors, t @ t, p @ p, t.sum(), p.sum())
    observed, targets, predicted, target_sum, predicted_sum = sums
    return float(1 - observed / (targets + predicted - 2 * target_sum * predicted_sum / len(target)))
