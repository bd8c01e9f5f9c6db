"""Metrics of distributions: a row is one, over the columns of a matrix; or a whole column is a sample of one.

Rows are divided by their sum first.
"""

from collections.abc import Sequence

import numpy as np

from evaluators.formulas.averages import mean_of_rows
from evaluators.formulas.guard import Array, Floats, metric

SMALLEST = float(np.finfo(np.float64).eps)


@mean_of_rows
def kl_divergence(target: Array, prediction: Array) -> Floats:
    """Mean over rows of the sum of t·ln(t / p) (Kullback and Leibler 1951). Range from 0, lower is better.

    p is kept above 2.2e-16, as for the log-loss: what was held impossible costs 36 at most and not
    everything.
    """
    t, p = _shares(target), np.maximum(_shares(prediction), SMALLEST)
    return np.maximum(_sums(t, t / p), 0.0)


@mean_of_rows
def js_divergence(target: Array, prediction: Array) -> Floats:
    """Mean over rows of the mean of both divergences from (t + p) / 2, in bits (Lin 1991).

    Range 0..1, lower is better.
    """
    t, p = _shares(target), _shares(prediction)
    both = t + p
    halves = _sums(t, 2 * t / both) + _sums(p, 2 * p / both)
    bits: Floats = np.clip(halves / (2 * np.log(2)), 0.0, 1.0)
    return bits


@mean_of_rows
def earth_movers_distance(
    target: Array, prediction: Array, positions: Sequence[float] | None = None
) -> Floats:
    """Mean over rows of the work that turns p into t: share times the way it is moved (Rubner et al. 2000).

    Columns are in order, one apart or at their positions, so that it is the area between both cumulative
    distributions. Range from 0, lower is better.
    """
    gaps = np.diff(np.arange(target.shape[1]) if positions is None else positions)
    moved = np.abs(np.cumsum(_shares(target) - _shares(prediction), axis=1)[:, :-1])
    work: Floats = moved @ gaps
    return work


@metric
def wasserstein_distance(target: Array, prediction: Array) -> float:
    """Distance of two samples, whichever row a value stands in (Vaserstein 1969): W₁, mean of abs(t - p) with
    both in order.

    Range from 0, lower is better.
    """
    return float(np.mean(np.abs(np.sort(target) - np.sort(prediction))))


def _shares(matrix: Array) -> Floats:
    shares: Floats = matrix / matrix.sum(axis=1, keepdims=True)
    return shares


def _sums(shares: Floats, ratios: Floats) -> Floats:
    """By row, of shares times logarithms; nothing has none."""
    sums: Floats = np.where(shares > 0, shares * np.log(ratios), 0.0).sum(axis=1)
    return sums
