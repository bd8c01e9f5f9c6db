"""Metrics of numbers: t is the target, p the prediction."""

import numpy as np

from evaluators.errors import UndefinedByReference, UndefinedBySubmission
from evaluators.formulas.averages import mean_of_rows, root_mean_of_rows
from evaluators.formulas.guard import Array, Floats, metric


@root_mean_of_rows
def rmse(target: Array, prediction: Array) -> Floats:
    """Square root of the mean of (t - p)². Range from 0, lower is better."""
    errors: Floats = target - prediction
    return np.square(errors, out=errors)


@mean_of_rows
def mae(target: Array, prediction: Array) -> Floats:
    """Mean of |t - p|. Range from 0, lower is better."""
    errors: Floats = np.abs(target - prediction)
    return errors


@metric
def median_absolute_error(target: Array, prediction: Array) -> float:
    """Median of |t - p|, the mean of the middle two where rows are even. Range from 0, lower is better."""
    return float(np.median(np.abs(target - prediction)))


@metric
def max_error(target: Array, prediction: Array) -> float:
    """Largest |t - p|. Range from 0, lower is better."""
    return float(np.max(np.abs(target - prediction)))


@root_mean_of_rows
def rmsle(target: Array, prediction: Array) -> Floats:
    """Root mean square of ln(1 + t) - ln(1 + p). Range from 0, lower is better; undefined below zero."""
    if target.min() < 0:
        raise UndefinedByReference("an answer is below zero")
    if prediction.min() < 0:
        raise UndefinedBySubmission("a prediction is below zero")
    squares: Floats = np.square(np.log1p(target) - np.log1p(prediction))
    return squares


@mean_of_rows
def mape(target: Array, prediction: Array) -> Floats:
    """Mean of |t - p| / |t|: 0.05 is five per cent. Range from 0, lower is better; undefined at t = 0."""
    if not target.all():
        raise UndefinedByReference("an answer is zero")
    return np.abs((target - prediction) / target)


@root_mean_of_rows
def rmspe(target: Array, prediction: Array) -> Floats:
    """Root mean square of (t - p) / t: 0.05 is five per cent. Range from 0, lower is better.

    Undefined at t = 0, as ``mape`` is.
    """
    if not target.all():
        raise UndefinedByReference("an answer is zero")
    squares: Floats = np.square((target - prediction) / target)
    return squares


@metric
def wape(target: Array, prediction: Array) -> float:
    """Sum of |t - p| / sum of |t|, so that zeros may occur (Kolassa and Schütz 2007).

    Range from 0, lower is better; undefined where every t is 0.
    """
    if not target.any():
        raise UndefinedByReference("all answers are zero")
    return float(np.sum(np.abs(target - prediction)) / np.sum(np.abs(target)))


@mean_of_rows
def smape(target: Array, prediction: Array) -> Floats:
    """Mean of 2·|t - p| / (|t| + |p|), 0 where both are 0 (Makridakis 1993). Range 0..2, lower is better."""
    size = np.abs(target) + np.abs(prediction)
    error = np.abs(target - prediction)
    shares: Floats = np.divide(2 * error, size, out=np.zeros(len(size)), where=size != 0)
    return shares


@metric
def r2(target: Array, prediction: Array) -> float:
    """1 - sum (t - p)² / sum (t - mean t)². Range up to 1, higher is better; undefined for constant t."""
    if target.min() == target.max():
        raise UndefinedByReference("all answers are the same")
    spread = np.sum(np.square(target - target.mean()))
    return float(1 - np.sum(np.square(target - prediction)) / spread)


@mean_of_rows
def pinball(target: Array, prediction: Array, alpha: float) -> Floats:
    """Mean of max(a·(t - p), (a - 1)·(t - p)) for the quantile a (Koenker and Bassett 1978).

    Range from 0, lower is better.
    """
    error = target - prediction
    return np.maximum(alpha * error, (alpha - 1) * error)
