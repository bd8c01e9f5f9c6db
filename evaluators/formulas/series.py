"""Metrics of forecasts for many series: ``groups`` are the codes of the series.

``scale`` is the error that a naive forecast made in the training history of the series, in the unit of the
target and the same in all rows of a series. Each series counts as one, however many rows it has.
"""

import numpy as np

from evaluators.errors import UndefinedByReference
from evaluators.formulas.averages import Worth, mean_of_groups
from evaluators.formulas.guard import Array


@mean_of_groups
def mase(target: Array, prediction: Array, groups: Array, scale: Array) -> Worth:
    """Mean over series of the mean of |t - p| / scale (Hyndman and Koehler 2006).

    scale is the mean of |t[i] - t[i - m]| over the history, m being the length of a season.
    Range from 0, lower is better; undefined where a scale is not above zero.
    """
    _check_scale(scale)
    return _means(np.abs((target - prediction) / scale), groups)


@mean_of_groups
def rmsse(target: Array, prediction: Array, groups: Array, scale: Array) -> Worth:
    """Mean over series of the root mean square of (t - p) / scale (Makridakis et al. 2022).

    scale is the root of the mean of (t[i] - t[i - 1])² over the history. Range from 0, lower is better;
    undefined where a scale is not above zero.
    """
    return _root_mean_squares(target, prediction, groups, scale)


@mean_of_groups
def weighted_rmsse(target: Array, prediction: Array, groups: Array, scale: Array, weight: Array) -> Worth:
    """Mean over series of ``rmsse``, each with its weight, the same in all rows of a series.

    Makridakis et al. 2022; the weights are divided by their sum. Range from 0, lower is better; undefined
    where a scale is not above zero, a weight is below zero or all weights are zero.
    """
    if weight.min() < 0 or not weight.any():
        raise UndefinedByReference("a weight is below zero, or all are zero")
    weights = np.zeros(int(groups.max()) + 1)
    weights[groups] = weight
    return Worth(_root_mean_squares(target, prediction, groups, scale).values, weights)


def _root_mean_squares(target: Array, prediction: Array, groups: Array, scale: Array) -> Worth:
    _check_scale(scale)
    squares, present = _means(np.square((target - prediction) / scale), groups)
    return Worth(np.sqrt(squares), present)


def _check_scale(scale: Array) -> None:
    if not (scale > 0).all():
        raise UndefinedByReference("a scale is not above zero")


def _means(values: Array, groups: Array) -> Worth:
    """By series; a split need not have them all, and those without rows weigh nothing."""
    rows = np.bincount(groups)
    return Worth(np.bincount(groups, weights=values) / rows.clip(min=1), 1.0 * (rows > 0))
