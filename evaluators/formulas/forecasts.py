"""Metrics of forecasts that say how sure they are: t is the target, a prediction has several columns."""

from collections.abc import Sequence

import numpy as np

from evaluators.errors import UndefinedByReference
from evaluators.formulas.averages import mean_of_rows
from evaluators.formulas.guard import Array, Floats, metric


@metric
def weighted_quantile_loss(target: Array, prediction: Array, quantiles: Sequence[float]) -> float:
    """Mean over quantiles of 2 · sum of pinball loss / sum of |t| (Salinas et al. 2020).

    The prediction has a column for each quantile; their order within a row is not looked at. Range from 0,
    lower is better; undefined where every t is 0.
    """
    if not target.any():
        raise UndefinedByReference("all answers are zero")
    loss = np.mean(_pinball(target, prediction, quantiles))
    return 2 * float(loss / np.mean(np.abs(target)))


@mean_of_rows
def crps_quantiles(target: Array, prediction: Array, quantiles: Sequence[float]) -> Floats:
    """Continuous ranked probability score from quantiles: 2 · mean of pinball loss over rows and quantiles.

    Laio and Tamea 2007. It nears the integral as evenly spaced quantiles become many. In the unit of t; range
    from 0, lower is better.
    """
    return 2 * _pinball(target, prediction, quantiles)


@mean_of_rows
def crps_samples(target: Array, prediction: Array) -> Floats:
    """Continuous ranked probability score of a sample: mean of E|x - t| - E|x - x'| / 2 over the rows.

    Gneiting and Raftery 2007; each row of the prediction is one sample, a column for each draw, and E is the
    mean over its draws. With one draw it is |t - p|. In the unit of t; range from 0, lower is better.
    """
    draws = np.sort(_columns(target, prediction), axis=1)
    # the same sum, written so that no term is below zero: sorted draws are quantiles (Bröcker 2012)
    levels = (np.arange(draws.shape[1]) + 0.5) / draws.shape[1]
    return 2 * _pinball(target, draws, levels)


@mean_of_rows
def interval_score(target: Array, prediction: Array, alpha: float) -> Floats:
    """Mean of width + 2/a · the distance of t to the interval (Gneiting and Raftery 2007).

    The prediction has the columns lower and upper, the central interval that misses with probability a. Where
    they cross, the same formula costs more than the bounds in order would. In the unit of t; range from 0,
    lower is better.
    """
    lower, upper = prediction[:, 0], prediction[:, 1]
    outside = np.maximum(lower - target, 0) + np.maximum(target - upper, 0)
    cost: Floats = upper - lower + 2 / alpha * outside
    return cost


@mean_of_rows
def laplace_log_likelihood(
    target: Array, prediction: Array, smallest_spread: float, largest_error: float | None = None
) -> Floats:
    """Mean of -√2 · |t - p| / s - ln(√2 · s), s being the standard deviation (OSIC 2020 on Kaggle).

    The prediction has the columns value and spread. A spread below ``smallest_spread``, even below zero,
    counts as that; an error above ``largest_error`` counts as that. Higher is better, at most
    -ln(√2 · smallest_spread).
    """
    spread = np.maximum(prediction[:, 1], smallest_spread)
    error = np.minimum(np.abs(target - prediction[:, 0]), largest_error or np.inf)
    likelihood: Floats = -(np.sqrt(2) * error / spread + np.log(np.sqrt(2) * spread))
    return likelihood


def _pinball(target: Array, prediction: Array, quantiles: Sequence[float] | Floats) -> Floats:
    """Mean loss over quantiles; a column at a time, which needs a fraction of time and memory."""
    matrix, loss = _columns(target, prediction), np.zeros(len(target))
    for number, level in enumerate(quantiles):
        error = target - matrix[:, number]
        loss += np.maximum(level * error, (level - 1) * error)
    return loss / len(quantiles)


def _columns(target: Array, prediction: Array) -> Array:
    """A column for each quantile or draw, where one alone came without a matrix too."""
    return prediction.reshape(len(target), -1)
