"""Metrics of ranked lists: rows are documents, ``groups`` are the codes of their queries.

Documents of a query are ranked by score, the highest first. Among equal scores the less relevant come first:
the order of rows changes nothing, and equal scores never gain. Queries without a relevant document are
left out, since every order of theirs is as good.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluators.errors import UndefinedByReference
from evaluators.formulas.averages import Worth, mean_of_groups
from evaluators.formulas.guard import Array, metric

HIGHEST = 100


@mean_of_groups
def ndcg(relevance: Array, scores: Array, groups: Array, k: int | None = None) -> Worth:
    """Mean over queries of DCG / ideal DCG; DCG is the sum of relevance / log2(1 + rank), to rank k.

    Järvelin and Kekäläinen 2002. Range 0..1, higher is better.
    """
    _check(relevance)
    return _over_best(relevance, scores, groups, k)


@mean_of_groups
def ndcg_exp(relevance: Array, scores: Array, groups: Array, k: int | None = None) -> Worth:
    """As ``ndcg``, with the gain 2^relevance - 1 instead of the relevance (Burges et al. 2005)."""
    _check(relevance)
    if relevance.max() > HIGHEST:
        raise UndefinedByReference(f"a relevance is above {HIGHEST}, too high for a gain of 2 to its power")
    return _over_best(np.expm1(relevance * math.log(2)), scores, groups, k)


@mean_of_groups
def map(relevance: Array, scores: Array, groups: Array, k: int | None = None) -> Worth:  # noqa: A001 its name
    """Mean over queries of average precision: of precision at each relevant document (relevance above 0).

    With k, documents after rank k are left out and the sum is divided by min(relevant documents, k).
    Buckley and Voorhees 2000. Range 0..1, higher is better.
    """
    lists = _ranked(relevance, scores, groups)
    gains = np.where(lists.relevant & _within(lists.rank, k), lists.number / lists.rank, 0.0)
    most = np.bincount(lists.group, weights=lists.relevant)
    return _over_queries(np.bincount(lists.group, weights=gains), most if k is None else most.clip(max=k))


@mean_of_groups
def mrr(relevance: Array, scores: Array, groups: Array, k: int | None = None) -> Worth:
    """Mean over queries of 1 / rank of the first relevant document (relevance above 0), 0 when it is after k.

    Voorhees 1999. Range 0..1, higher is better.
    """
    lists = _ranked(relevance, scores, groups)
    first = lists.relevant & (lists.number == 1)
    gains = np.where(first & _within(lists.rank, k), 1 / lists.rank, 0.0)
    return _over_queries(np.bincount(lists.group, weights=gains), np.bincount(lists.group, weights=first))


@mean_of_groups
def err(relevance: Array, scores: Array, groups: Array, max_relevance: int, k: int | None = None) -> Worth:
    """Mean over queries of the expected 1 / rank at which a reader is satisfied (Chapelle et al. 2009).

    A document that the reader comes to satisfies with probability (2^relevance - 1) / 2^max_relevance.
    Range 0..1, higher is better.
    """
    _check(relevance)
    if relevance.max() > max_relevance:
        raise UndefinedByReference(f"a relevance is above max_relevance, {max_relevance}")
    order = np.lexsort((relevance, -scores, groups))
    group, first = groups[order], _starts(groups[order])
    satisfied = np.expm1(relevance[order] * math.log(2)) / 2.0**max_relevance
    # A double would lose digits that count in a sum over ten million rows.
    unmet = np.log1p(-satisfied).astype(np.longdouble)
    before = np.cumsum(unmet) - unmet
    rank = np.arange(len(group)) - first + 1
    stops = satisfied * np.exp((before - before[first]).astype(np.float64)) / rank
    found = np.bincount(group, weights=np.where(_within(rank, k), stops, 0.0))
    return Worth(found, 1.0 * (np.bincount(group, weights=satisfied) > 0))


@mean_of_groups
def hit_rate_at_k(relevance: Array, scores: Array, groups: Array, k: int) -> Worth:
    """Share of queries with a relevant document among the first k (Deshpande and Karypis 2004).

    Range 0..1, higher is better.
    """
    found, most = _found_within(relevance, scores, groups, k)
    return Worth(1.0 * (found > 0), 1.0 * (most > 0))


@metric
def coverage(items: Array, scores: Array, groups: Array, k: int, catalogue: int | None = None) -> float:
    """Different items that are among the first k of some list / all items (Ge et al. 2010).

    All items are those of the rows, or as many as ``catalogue`` says. An item that shares the k-th score with
    more than fit is not among the first k. Range 0..1, higher is better.
    """
    known = len(np.unique(items))
    if catalogue is not None and catalogue < known:
        raise UndefinedByReference(f"the catalogue has {catalogue} items, and the rows {known}")
    order = np.lexsort((-scores, groups))
    group, ordered = groups[order], scores[order]
    rank = _ends(group, ordered) - _starts(group) + 1
    return len(np.unique(items[order][rank <= k])) / (catalogue or known)


@mean_of_groups
def precision_at_k(relevance: Array, scores: Array, groups: Array, k: int) -> Worth:
    """Mean over queries of relevant documents among the first k / k, also where a query has fewer than k.

    Manning, Raghavan and Schütze 2008. Range 0..1, higher is better.
    """
    found, most = _found_within(relevance, scores, groups, k)
    return Worth(found / k, 1.0 * (most > 0))


@mean_of_groups
def recall_at_k(relevance: Array, scores: Array, groups: Array, k: int) -> Worth:
    """Mean over queries of relevant documents among the first k / relevant documents.

    Manning, Raghavan and Schütze 2008. Range 0..1, higher is better.
    """
    return _over_queries(*_found_within(relevance, scores, groups, k))


def _found_within(relevance: Array, scores: Array, groups: Array, k: int) -> tuple[Array, Array]:
    """Relevant documents by query: those among the first k, and all."""
    lists = _ranked(relevance, scores, groups)
    found = np.bincount(lists.group, weights=lists.relevant & _within(lists.rank, k))
    return found, np.bincount(lists.group, weights=lists.relevant)


@dataclass(frozen=True)
class _Lists:
    """Documents by query, the highest score first: ``number`` counts the relevant ones up to each."""

    group: Array
    relevant: Array
    rank: NDArray[np.int64]
    number: NDArray[np.int64]


def _ranked(relevance: Array, scores: Array, groups: Array) -> _Lists:
    _check(relevance)
    order = np.lexsort((relevance, -scores, groups))
    group, relevant = groups[order], relevance[order] > 0
    first = _starts(group)
    total = np.cumsum(relevant)
    return _Lists(group, relevant, np.arange(len(group)) - first + 1, total - (total - relevant)[first])


def _starts(group: Array) -> NDArray[np.int64]:
    """For each row, the first row of its run of equal codes."""
    rows = np.arange(len(group))
    opens = np.append(True, group[1:] != group[:-1])
    return np.maximum.accumulate(np.where(opens, rows, 0))


def _ends(group: Array, scores: Array) -> NDArray[np.int64]:
    """For each row, the last row of its run of equal codes and scores."""
    closes = np.append((group[1:] != group[:-1]) | (scores[1:] != scores[:-1]), True)
    last = np.flatnonzero(closes)
    return last[np.searchsorted(last, np.arange(len(group)))]


def _over_best(gains: Array, scores: Array, groups: Array, k: int | None) -> Worth:
    """DCG / DCG of the best order."""
    found = _discounted(gains, groups, np.lexsort((gains, -scores, groups)), k)
    return _over_queries(found, _discounted(gains, groups, np.lexsort((-gains, groups)), k))


def _discounted(gains: Array, groups: Array, order: NDArray[np.intp], k: int | None) -> Array:
    """DCG by query."""
    group = groups[order]
    rank = np.arange(len(group)) - _starts(group) + 1
    discounted = np.where(_within(rank, k), gains[order] / np.log2(rank + 1), 0.0)
    return np.bincount(group, weights=discounted)


def _check(relevance: Array) -> None:
    if relevance.min() < 0:
        raise UndefinedByReference("a relevance is below zero")
    if not relevance.any():
        raise UndefinedByReference("no document is relevant")


def _within(rank: Array, k: int | None) -> Array:
    return rank <= (len(rank) if k is None else k)


def _over_queries(found: Array, most: Array) -> Worth:
    judged = most > 0
    return Worth(np.divide(found, most, out=np.zeros(len(most)), where=judged), 1.0 * judged)
