"""Metrics of groupings: two codes a row, one for the true cluster and one for the predicted one.

The names of clusters mean nothing, so the codes of one side need not be those of the other.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec, TypeAlias

import numpy as np
from numpy.typing import NDArray

from evaluators.formulas.guard import Array, Formula, metric

Counts = NDArray[np.int64]
P = ParamSpec("P")


@dataclass(frozen=True)
class Table:
    """How many rows each pair of clusters shares, with its two clusters; and how many each cluster has."""

    both: Counts
    of_target: Counts
    of_prediction: Counts
    target: Counts
    prediction: Counts


OfTable: TypeAlias = Callable[Concatenate[Table, P], float]
TABLES: dict[Callable[..., float], Callable[..., float]] = {}


def of_table(formula: OfTable[P]) -> Formula[P]:
    """The metric that is this formula of the table of both sides."""

    @metric
    @wraps(formula)
    def score(target: Array, prediction: Array, /, *rest: P.args, **named: P.kwargs) -> float:
        return formula(_table(target, prediction), *rest, **named)

    TABLES[score] = formula
    return score


@of_table
def adjusted_rand(table: Table) -> float:
    """Rand index, adjusted for chance (Hubert and Arabie 1985), by the pairs of rows that share a cluster.

    Range -½..1, higher is better; 0 is chance. 1 where both sides group alike, with one cluster too.
    """
    both, here, there = (_pairs(counts) for counts in (table.both, table.target, table.prediction))
    if here == both == there:
        return 1.0
    total = math.comb(int(table.both.sum()), 2)
    neither = total - here - there + both
    missed, added = here - both, there - both
    # Whole numbers of any size: products of pairs leave 64 bits from a hundred thousand rows on.
    above = 2 * (both * neither - missed * added)
    return above / (here * (missed + neither) + there * (added + neither))


@of_table
def normalized_mutual_information(table: Table, mean: str = "arithmetic") -> float:
    """Mutual information, divided by a mean of both entropies (Strehl and Ghosh 2002).

    Range 0..1, higher is better. 1 where both sides are one cluster, 0 where one of them is.
    """
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


@of_table
def homogeneity(table: Table) -> float:
    """Mutual information / entropy of the target: how far clusters hold rows of one class alone.

    Rosenberg and Hirschberg 2007. Range 0..1, higher is better. 1 where the target is one cluster.
    """
    return _homogeneity(table)


@of_table
def completeness(table: Table) -> float:
    """Mutual information / entropy of the prediction: how far the rows of a class are in one cluster.

    Rosenberg and Hirschberg 2007. Range 0..1, higher is better. 1 where the prediction is one cluster.
    """
    return _completeness(table)


@of_table
def v_measure(table: Table, beta: float = 1.0) -> float:
    """(1 + beta)·h·c / (beta·h + c) of homogeneity and completeness (Rosenberg and Hirschberg 2007).

    Range 0..1, higher is better; 0 where both are 0.
    """
    h, c = _homogeneity(table), _completeness(table)
    return (1 + beta) * h * c / (beta * h + c) if h + c else 0.0


def _table(target: Array, prediction: Array) -> Table:
    (targets, of_targets), (predictions, of_predictions) = _dense(target), _dense(prediction)
    pairs, both = np.unique(targets * len(of_predictions) + predictions, return_counts=True)
    return Table(both, *np.divmod(pairs, len(of_predictions)), of_targets, of_predictions)


def table(both: Counts, of_target: Counts, of_prediction: Counts) -> Table:
    """That of these pairs, which may have no row."""
    held = both > 0
    sides = (_dense(codes[held], both[held]) for codes in (of_target, of_prediction))
    (targets, target), (predictions, prediction) = sides
    return Table(both[held], targets, predictions, target, prediction)


def _dense(codes: Array, rows: Counts | None = None) -> tuple[Counts, Counts]:
    """Codes without gaps, for a split need not have every cluster; and how many rows each has."""
    counts = np.bincount(codes, weights=rows).astype(np.int64)
    present = counts > 0
    return (np.cumsum(present) - 1)[codes], counts[present]


def _homogeneity(table: Table) -> float:
    return _share(_information(table), _entropy(table.target))


def _completeness(table: Table) -> float:
    return _share(_information(table), _entropy(table.prediction))


def _pairs(counts: Counts) -> int:
    return int((counts * (counts - 1) // 2).sum())


def _entropy(counts: Counts) -> float:
    shares = counts / counts.sum()
    return float(-np.sum(shares * np.log(shares))) if len(counts) > 1 else 0.0


def _information(table: Table) -> float:
    rows = table.both.sum()
    by_chance = table.target[table.of_target] * (table.prediction[table.of_prediction] / rows)
    return float(np.sum(table.both / rows * np.log(table.both / by_chance)))


def _share(part: float, whole: float, without: float = 1.0) -> float:
    """Both are sums of logarithms, whose last digits may lead a little beyond 0 and 1."""
    return min(max(part / whole, 0.0), 1.0) if whole > 0 else without
