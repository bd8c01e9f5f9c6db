"""Metrics of groupings: two codes a row, one for the true cluster and one for the predicted one.

The names of clusters mean nothing, so the codes of one side need not be those of the other.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluators.formulas.guard import Array, metric

Counts = NDArray[np.int64]


@metric
def adjusted_rand(target: Array, prediction: Array) -> float:
    """Rand index, adjusted for chance (Hubert and Arabie 1985), by the pairs of rows that share a cluster.

    Range -½..1, higher is better; 0 is chance. 1 where both sides group alike, with one cluster too.
    """
    table = _table(target, prediction)
    both, here, there = (_pairs(counts) for counts in (table.both, table.target, table.prediction))
    if here == both == there:
        return 1.0
    total = math.comb(len(target), 2)
    neither = total - here - there + both
    missed, added = here - both, there - both
    # Whole numbers of any size: products of pairs leave 64 bits from a hundred thousand rows on.
    above = 2 * (both * neither - missed * added)
    return above / (here * (missed + neither) + there * (added + neither))


@metric
def normalized_mutual_information(target: Array, prediction: Array, mean: str = "arithmetic") -> float:
    """Mutual information, divided by a mean of both entropies (Strehl and Ghosh 2002).

    Range 0..1, higher is better. 1 where both sides are one cluster, 0 where one of them is.
    """
    table = _table(target, prediction)
    if len(table.target) == len(table.prediction) == 1:
        return 1.0
    here, there = _entropy(table.target), _entropy(table.prediction)
    of_means = {
        "arithmetic": (here + there) / 2,
        "geometric": math.sqrt(here * there),
        "min": min(here, there),
        "max": max(here, there),
    }
    return _share(_information(table), of_means[mean], without=0.0)


@metric
def homogeneity(target: Array, prediction: Array) -> float:
    """Mutual information / entropy of the target: how far clusters hold rows of one class alone.

    Rosenberg and Hirschberg 2007. Range 0..1, higher is better. 1 where the target is one cluster.
    """
    return _homogeneity(_table(target, prediction))


@metric
def completeness(target: Array, prediction: Array) -> float:
    """Mutual information / entropy of the prediction: how far the rows of a class are in one cluster.

    Rosenberg and Hirschberg 2007. Range 0..1, higher is better. 1 where the prediction is one cluster.
    """
    return _completeness(_table(target, prediction))


@metric
def v_measure(target: Array, prediction: Array, beta: float = 1.0) -> float:
    """(1 + beta)·h·c / (beta·h + c) of homogeneity and completeness (Rosenberg and Hirschberg 2007).

    Range 0..1, higher is better; 0 where both are 0.
    """
    table = _table(target, prediction)
    h, c = _homogeneity(table), _completeness(table)
    return (1 + beta) * h * c / (beta * h + c) if h + c else 0.0


@dataclass(frozen=True)
class _Table:
    """How many rows each pair of clusters shares, with its two clusters; and how many each cluster has."""

    both: Counts
    of_target: Counts
    of_prediction: Counts
    target: Counts
    prediction: Counts


def _table(target: Array, prediction: Array) -> _Table:
    (targets, of_targets), (predictions, of_predictions) = _dense(target), _dense(prediction)
    pairs, both = np.unique(targets * len(of_predictions) + predictions, return_counts=True)
    return _Table(both, *np.divmod(pairs, len(of_predictions)), of_targets, of_predictions)


def _dense(codes: Array) -> tuple[Counts, Counts]:
    """Codes without gaps, for a split need not have every cluster; and how many rows each has."""
    counts = np.bincount(codes)
    present = counts > 0
    return (np.cumsum(present) - 1)[codes], counts[present]


def _homogeneity(table: _Table) -> float:
    return _share(_information(table), _entropy(table.target))


def _completeness(table: _Table) -> float:
    return _share(_information(table), _entropy(table.prediction))


def _pairs(counts: Counts) -> int:
    return int((counts * (counts - 1) // 2).sum())


def _entropy(counts: Counts) -> float:
    shares = counts / counts.sum()
    return float(-np.sum(shares * np.log(shares))) if len(counts) > 1 else 0.0


def _information(table: _Table) -> float:
    rows = table.both.sum()
    by_chance = table.target[table.of_target] * (table.prediction[table.of_prediction] / rows)
    return float(np.sum(table.both / rows * np.log(table.both / by_chance)))


def _share(part: float, whole: float, without: float = 1.0) -> float:
    """Both are sums of logarithms, whose last digits may lead a little beyond 0 and 1."""
    return min(max(part / whole, 0.0), 1.0) if whole > 0 else without
