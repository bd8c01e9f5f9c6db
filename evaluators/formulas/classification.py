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
    if average == "binary" and not (target == positive).any():
        raise UndefinedByReference("no row has the positive label")
    return _f_beta(_counts(target, prediction), beta, average, positive)


def _f_beta(counts: _Counts, beta: float, average: Average, positive: int = 1) -> float:
    weight = beta * beta
    if average == "micro":
        return float(counts.hit.sum() / counts.target.sum())
    if average == "binary":
        return float(_f_by_class(counts, weight)[positive])
    present = (counts.target > 0) | (counts.predicted > 0)
    by_class = _f_by_class(counts, weight)[present]
    return float(np.average(by_class, weights=counts.target[present] if average == "weighted" else None))


def _f_by_class(counts: _Counts, weight: float) -> Floats:
    """NaN for a class without a row on either side."""
    scores: Floats = (1 + weight) * counts.hit / (weight * counts.target + counts.predicted)
    return scores


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
def quadratic_weighted_kappa(target: Array, prediction: Array) -> float:
    """Cohen's kappa with weights (i - j)² (Cohen 1968), of whole numbers. Range -1..1, higher is better.

    With these weights kappa is 1 - mean((t - p)²) / (var(t) + var(p) + (mean(t) - mean(p))²), so that no
    table of ratings is needed (Fleiss and Cohen 1973).
    """
    if target.min() == target.max():
        raise UndefinedByReference("all rows have the same rating")
    observed = np.mean(np.square(target - prediction))
    shift = target.mean() - prediction.mean()
    return float(1 - observed / (target.var() + prediction.var() + shift * shift))
