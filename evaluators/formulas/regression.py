"""Metrics of numbers: t is the target, p the prediction."""

import numpy as np

from evaluators.errors import UndefinedByReference, UndefinedBySubmission
from evaluators.formulas.guard import Array, metric


@metric
def rmse(target: Array, prediction: Array) -> float:
    """Square root of the mean of (t - p)². Range from 0, lower is better."""
    return float(np.sqrt(np.mean(np.square(target - prediction))))


@metric
def mae(target: Array, prediction: Array) -> float:
    """Mean of |t - p|. Range from 0, lower is better."""
    return float(np.mean(np.abs(target - prediction)))


@metric
def median_absolute_error(target: Array, prediction: Array) -> float:
    """Median of |t - p|, the mean of the middle two where rows are even. Range from 0, lower is better."""
    return float(np.median(np.abs(target - prediction)))


@metric
def max_error(target: Array, prediction: Array) -> float:
    """Largest |t - p|. Range from 0, lower is better."""
    return float(np.max(np.abs(target - prediction)))


@metric
def rmsle(target: Array, prediction: Array) -> float:
    """Root mean square of ln(1 + t) - ln(1 + p). Range from 0, lower is better; undefined below zero."""
    if target.min() < 0:
        raise UndefinedByReference("an answer is below zero")
    if prediction.min() < 0:
        raise UndefinedBySubmission("a prediction is below zero")
    return float(np.sqrt(np.mean(np.square(np.log1p(target) - np.log1p(prediction)))))


@metric
def mape(target: Array, prediction: Array) -> float:
    """Mean of |t - p| / |t|: 0.05 is five per cent. Range from 0, lower is better; undefined at t = 0."""
    if not target.all():
        raise UndefinedByReference("an answer is zero")
    return float(np.mean(np.abs((target - prediction) / target)))


@metric
def rmspe(target: Array, prediction: Array) -> float:
    """Root mean square of (t - p) / t: 0.05 is five per cent. Range from 0, lower is better.

    Undefined at t = 0, as ``mape`` is.
    """
    if not target.all():
        raise UndefinedByReference("an answer is zero")
    return float(np.sqrt(np.mean(np.square((target - prediction) / target))))


@metric
def wape(target: Array, prediction: Array) -> float:
    """Sum of |t - p| / sum of |t|, so that zeros may occur (Kolassa and Schütz 2007).

    Range from 0, lower is better; undefined where every t is 0.
    """
    if not target.any():
        raise UndefinedByReference("all answers are zero")
    return float(np.sum(np.abs(target - prediction)) / np.sum(np.abs(target)))


@metric
def smape(target: Array, prediction: Array) -> float:
    """Mean of 2·|t - p| / (|t| + |p|), 0 where both are 0 (Makridakis 1993). Range 0..2, lower is better."""
    size = np.abs(target) + np.abs(prediction)
    error = np.abs(target - prediction)
    return float(2 * np.mean(np.divide(error, size, out=np.zeros(len(size)), where=size != 0)))


@metric
def r2(target: Array, prediction: Array) -> float:
    """1 - sum (t - p)² / sum (t - mean t)². Range up to 1, higher is better; undefined for constant t."""
    if target.min() == target.max():
        raise UndefinedByReference("all answers are the same")
    spread = np.sum(np.square(target - target.mean()))
    return float(1 - np.sum(np.square(target - prediction)) / spread)


@metric
def pinball(target: Array, prediction: Array, alpha: float) -> float:
    """Mean of max(a·(t - p), (a - 1)·(t - p)) for the quantile a (Koenker and Bassett 1978).

    Range from 0, lower is better.
    """
    error = target - prediction
    return float(np.mean(np.maximum(alpha * error, (alpha - 1) * error)))
