"""Metrics of agreement between two columns of numbers."""

import numpy as np

from evaluators.errors import UndefinedByReference, UndefinedBySubmission
from evaluators.formulas.guard import Array, Floats, metric


@metric
def pearson(target: Array, prediction: Array) -> float:
    """Covariance divided by both standard deviations (Pearson 1895). Range -1..1, higher is better.

    Undefined where either column is constant.
    """
    return _correlation(target, prediction)


@metric
def spearman(target: Array, prediction: Array) -> float:
    """Pearson's correlation of ranks, equal values sharing the mean of theirs (Spearman 1904).

    Range -1..1, higher is better. Undefined where either column is constant.
    """
    return _correlation(_ranks(target), _ranks(prediction))


def _correlation(target: Array, prediction: Array) -> float:
    if target.min() == target.max():
        raise UndefinedByReference("all answers are the same")
    if prediction.min() == prediction.max():
        raise UndefinedBySubmission("all predictions are the same")
    return float(np.clip(_direction(target) @ _direction(prediction), -1, 1))


def _direction(values: Array) -> Floats:
    """The values, centred and of length one; scaled first, so that no square overflows or vanishes."""
    scaled = values / np.abs(values).max()
    centred = scaled - scaled.mean()
    centred /= np.abs(centred).max()
    direction: Floats = centred / np.linalg.norm(centred)
    return direction


def _ranks(values: Array) -> Floats:
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks: Floats = (np.cumsum(counts) - (counts - 1) / 2)[place]
    return ranks
