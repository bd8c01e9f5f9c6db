"""Metrics of groupings: two codes a row, one for the true cluster and one for the predicted one.

The names of clusters mean nothing, so the codes of one side need not be those of the other.
"""

import math
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, NamedTuple, ParamSpec, TypeAlias

import numpy as np

from evaluators.formulas.guard import Array, Floats, Formula, metric

P = ParamSpec("P")


class Table(NamedTuple):
    """How many rows each pair of clusters shares, and each cluster has, along the last axis."""

    both: Array
    target: Array
    prediction: Array


OfTable: TypeAlias = Callable[Concatenate[Table, P], Floats]
TABLES: dict[Callable[..., float], Callable[..., Floats]] = {}


def of_table(formula: OfTable[P]) -> Formula[P]:
    """The metric that is this formula of the table of both sides."""

    @metric
    @wraps(formula)
    def score(target: Array, prediction: Array, /, *rest: P.args, **named: P.kwargs) -> float:
        return float(formula(_table(target, prediction), *rest, **named))

    TABLES[score] = formula
    return score


@metric
def adjusted_rand(target: Array, prediction: Array) -> float:
    """Rand index, adjusted for chance (Hubert and Arabie 1985), by the pairs of rows that share a cluster.

    Range -½..1, higher is better; 0 is chance. 1 where both sides group alike, with one cluster too.
    """
    both, here, there = map(_pairs, _table(target, prediction))
    if here == both == there:
        return 1.0
    total = math.comb(len(target), 2)
    neither = total - here - there + both
    missed, added = here - both, there - both
    # Whole numbers of any size: products of pairs leave 64 bits from a hundred thousand rows on.
    above = 2 * (both * neither - missed * added)
    return above / (here * (missed + neither) + there * (added + neither))


@of_table
def normalized_mutual_information(table: Table, mean: str = "arithmetic") -> Floats:
    """Mutual information, divided by a mean of both entropies (Strehl and Ghosh 2002).

    Range 0..1, higher is better. 1 where both sides are one cluster, 0 where one of them is.
    """
    here, there = _entropy(table.target), _entropy(table.prediction)
    of_means = {
        "arithmetic": (here + there) / 2,
        "geometric": np.sqrt(here * there),
        "min": np.minimum(here, there),
        "max": np.maximum(here, there),
    }
    return _share(_information(table), of_means[mean], 1.0 * ((here == 0) & (there == 0)))


@of_table
def homogeneity(table: Table) -> Floats:
    """Mutual information / entropy of the target: how far clusters hold rows of one class alone.

    Rosenberg and Hirschberg 2007. Range 0..1, higher is better. 1 where the target is one cluster.
    """
    return _homogeneity(table)


@of_table
def completeness(table: Table) -> Floats:
    """Mutual information / entropy of the prediction: how far the rows of a class are in one cluster.

    Rosenberg and Hirschberg 2007. Range 0..1, higher is better. 1 where the prediction is one cluster.
    """
    return _completeness(table)


@of_table
def v_measure(table: Table, beta: float = 1.0) -> Floats:
    """(1 + beta)·h·c / (beta·h + c) of homogeneity and completeness (Rosenberg and Hirschberg 2007).

    Range 0..1, higher is better; 0 where both are 0.
    """
    h, c = _homogeneity(table), _completeness(table)
    return _ratio((1 + beta) * h * c, beta * h + c, 0.0)


def tables(both: Floats, of_target: Array, of_prediction: Array) -> Table:
    """Those of these pairs, which may have no row."""
    sides = (of[:, None] == np.unique(of) for of in (of_target, of_prediction))
    return Table(both, *(both @ side for side in sides))


def _table(target: Array, prediction: Array) -> Table:
    of_target, of_prediction = np.bincount(target), np.bincount(prediction)
    pairs = np.unique(target * len(of_prediction) + prediction, return_counts=True)[1]
    return Table(pairs, of_target, of_prediction)


def _homogeneity(table: Table) -> Floats:
    return _share(_information(table), _entropy(table.target))


def _completeness(table: Table) -> Floats:
    return _share(_information(table), _entropy(table.prediction))


def _pairs(counts: Array) -> int:
    return int((counts * (counts - 1) // 2).sum())


def _entropy(counts: Array) -> Floats:
    shares = counts / counts.sum(axis=-1, keepdims=True)
    found: Floats = -np.sum(shares * np.log(np.where(shares > 0, shares, 1)), axis=-1)
    return found


def _information(table: Table) -> Floats:
    return _entropy(table.target) + _entropy(table.prediction) - _entropy(table.both)


def _share(part: Floats, whole: Floats, without: float | Floats = 1.0) -> Floats:
    """Both are sums of logarithms, whose last digits may lead a little beyond 0 and 1."""
    return np.clip(_ratio(part, whole, without), 0.0, 1.0)


def _ratio(part: Floats, whole: Floats, without: float | Floats) -> Floats:
    found: Floats = np.where(whole > 0, part / np.where(whole > 0, whole, 1), without)
    return found
