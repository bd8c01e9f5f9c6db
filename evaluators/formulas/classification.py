"""Metrics of labels. Targets and predictions are codes of labels: integers from 0.

A class counts when it occurs in the target or in the predictions, as in scikit-learn without ``labels``.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from evaluators.errors import UndefinedByReference
from evaluators.formulas.guard import Array, Floats, metric

Average = Literal["macro", "micro", "weighted", "binary"]
Weights = Literal["none", "linear", "quadratic"]


@dataclass(frozen=True)
class _Counts:
    """Rows of each class: hit, in the target, in the predictions."""

    hit: NDArray[np.int64]
    target: NDArray[np.int64]
    predicted: NDArray[np.int64]


def _counts(target: Array, prediction: Array) -> _Counts:
    size = int(max(target.max(), prediction.max())) + 1
    parts = (target[target == prediction], target, prediction)
    return _Counts(*(np.bincount(part, minlength=size) for part in parts))


@metric
def accuracy(target: Array, prediction: Array) -> float:
    """Share of rows with the right label. Range 0..1, higher is better."""
    return float(np.mean(target == prediction))


@metric
def balanced_accuracy(target: Array, prediction: Array) -> float:
    """Mean recall over the classes of the target (Brodersen et al. 2010). Range 0..1, higher is better."""
    counts = _counts(target, prediction)
    present = counts.target > 0
    return float(np.mean(counts.hit[present] / counts.target[present]))


@metric
def precision(target: Array, prediction: Array, average: Average = "macro", positive: int = 1) -> float:
    """Rows of a class on both sides / its predictions, averaged as F-beta is. Range 0..1, higher is better.

    0 for a class that is never predicted, as in scikit-learn.
    """
    return _share_of_hits(target, prediction, "predicted", average, positive)


@metric
def recall(target: Array, prediction: Array, average: Average = "macro", positive: int = 1) -> float:
    """Rows of a class on both sides / its rows, averaged as F-beta is. Range 0..1, higher is better.

    0 for a class that is predicted and has no row, as in scikit-learn.
    """
    return _share_of_hits(target, prediction, "target", average, positive)


def _share_of_hits(
    target: Array, prediction: Array, side: Literal["target", "predicted"], average: Average, positive: int
) -> float:
    _check_positive(target, average, positive)
    counts = _counts(target, prediction)
    if average == "micro":
        return float(counts.hit.sum() / len(target))
    rows = counts.target if side == "target" else counts.predicted
    shares = np.divide(counts.hit, rows, out=np.zeros(len(rows)), where=rows > 0)
    return _averaged(shares, counts, average, positive)


@metric
def f1_macro(target: Array, prediction: Array) -> float:
    """Mean over classes of F1 (van Rijsbergen 1979). Range 0..1, higher is better."""
    return _f_beta(_counts(target, prediction), 1.0, "macro")


@metric
def f1_micro(target: Array, prediction: Array) -> float:
    """F1 of counts added over classes: accuracy, with one label a row. Range 0..1, higher is better."""
    return _f_beta(_counts(target, prediction), 1.0, "micro")


@metric
def f1_weighted(target: Array, prediction: Array) -> float:
    """Mean of F1 weighted by the rows of each class in the target. Range 0..1, higher is better."""
    return _f_beta(_counts(target, prediction), 1.0, "weighted")


@metric
def f_beta(
    target: Array, prediction: Array, beta: float, average: Average = "macro", positive: int = 1
) -> float:
    """(1 + b²)·P·R / (b²·P + R), P precision and R recall (van Rijsbergen 1979).

    Range 0..1, higher is better.
    ``binary`` looks at the class ``positive`` alone; without a row of it in the target nobody could score.
    """
    _check_positive(target, average, positive)
    return _f_beta(_counts(target, prediction), beta, average, positive)


def _check_positive(target: Array, average: Average, positive: int) -> None:
    if average == "binary" and not (target == positive).any():
        raise UndefinedByReference("no row has the positive label")


def _f_beta(counts: _Counts, beta: float, average: Average, positive: int = 1) -> float:
    weight = beta * beta
    if average == "micro":
        return float(counts.hit.sum() / counts.target.sum())
    return _averaged(_f_by_class(counts, weight), counts, average, positive)


def _averaged(by_class: Floats, counts: _Counts, average: Average, positive: int) -> float:
    if average == "binary":
        return float(by_class[positive])
    present = (counts.target > 0) | (counts.predicted > 0)
    weights = counts.target[present] if average == "weighted" else None
    return float(np.average(by_class[present], weights=weights))


def _f_by_class(counts: _Counts, weight: float) -> Floats:
    """NaN for a class without a row on either side."""
    scores: Floats = (1 + weight) * counts.hit / (weight * counts.target + counts.predicted)
    return scores


@metric
def jaccard(target: Array, prediction: Array, average: Average = "macro", positive: int = 1) -> float:
    """Rows of a class on both sides / rows of it on either side (Jaccard 1901), averaged as F-beta is.

    Range 0..1, higher is better.
    """
    if average == "binary" and not (target == positive).any():
        raise UndefinedByReference("no row has the positive label")
    counts = _counts(target, prediction)
    either = counts.target + counts.predicted - counts.hit
    if average == "micro":
        return float(counts.hit.sum() / either.sum())
    return _averaged(counts.hit / either, counts, average, positive)


@metric
def hamming_loss(target: Array, prediction: Array) -> float:
    """Share of labels that are wrong (Hamming 1950). Range 0..1, lower is better."""
    return float(np.mean(target != prediction))


@metric
def mcc(target: Array, prediction: Array) -> float:
    """Matthews correlation coefficient for any number of classes (Gorodkin 2004).

    Range -1..1, higher is better. 0 when all predictions are the same: they say nothing of the target.
    """
    counts = _counts(target, prediction)
    rows = len(target)
    targets, predicted = map(_floats, (counts.target, counts.predicted))
    target_spread = rows**2 - targets @ targets
    predicted_spread = rows**2 - predicted @ predicted
    if target_spread == 0:
        raise UndefinedByReference("all rows have the same label")
    if predicted_spread == 0:
        return 0.0
    covariance = int(counts.hit.sum()) * rows - targets @ predicted
    return float(covariance / math.sqrt(target_spread) / math.sqrt(predicted_spread))


def _floats(counts: NDArray[np.int64]) -> Floats:
    return counts.astype(np.float64)


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
    """1 - mean((t - p)²) / (var(t) + var(p) + (mean(t) - mean(p))²): no table is needed.

    Fleiss and Cohen 1973.
    """
    observed = np.mean(np.square(target - prediction))
    shift = target.mean() - prediction.mean()
    return float(1 - observed / (target.var() + prediction.var() + shift * shift))
