"""Metrics of forecasts for many series: ``groups`` are the codes of the series.

``scale`` is the error that a naive forecast made in the training history of the series, in the unit of the
target and the same in all rows of a series. Each series counts as one, however many rows it has.
"""

import numpy as np

from evaluators.errors import UndefinedByReference
from evaluators.formulas.guard import Array, Floats, metric


@metric
def mase(target: Array, prediction: Array, groups: Array, scale: Array) -> float:
    """Mean over series of the mean of |t - p| / scale (Hyndman and Koehler 2006).

    scale is the mean of |t[i] - t[i - m]| over the history, m being the length of a season.
    Range from 0, lower is better; undefined where a scale is not above zero.
    """
    _check_scale(scale)
    return float(np.mean(_means(np.abs((target - prediction) / scale), groups)))


@metric
def rmsse(target: Array, prediction: Array, groups: Array, scale: Array) -> float:
    """Mean over series of the root mean square of (t - p) / scale (Makridakis et al. 2022).

    scale is the root of the mean of (t[i] - t[i - 1])² over the history. Range from 0, lower is better;
    undefined where a scale is not above zero.
    """
    return float(np.mean(_root_mean_squares(target, prediction, groups, scale)))


@metric
def weighted_rmsse(target: Array, prediction: Array, groups: Array, scale: Array, weight: Array) -> float:
    """Mean over series of ``rmsse``, each with its weight, the same in all rows of a series.

    Makridakis et al. 2022; the weights are divided by their sum. Range from 0, lower is better; undefined
    where a scale is not above zero, a weight is below zero or all weights are zero.
    """
    if weight.min() < 0 or not weight.any():
        raise UndefinedByReference("a weight is below zero, or all are zero")
    errors = _root_mean_squares(target, prediction, groups, scale)
    weights = np.zeros(int(groups.max()) + 1)
    weights[groups] = weight
    return float(np.average(errors, weights=weights[_present(groups)]))


def _root_mean_squares(target: Array, prediction: Array, groups: Array, scale: Array) -> Floats:
    _check_scale(scale)
    roots: Floats = np.sqrt(_means(np.square((target - prediction) / scale), groups))
    return roots


def _check_scale(scale: Array) -> None:
    if not (scale > 0).all():
        raise UndefinedByReference("a scale is not above zero")


def _means(values: Array, groups: Array) -> Floats:
    """By series, for those that have rows; a split need not have them all."""
    present = _present(groups)
    means: Floats = np.bincount(groups, weights=values)[present] / np.bincount(groups)[present]
    return means


def _present(groups: Array) -> Array:
    return np.flatnonzero(np.bincount(groups))
