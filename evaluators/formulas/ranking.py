"""Metrics of ranked lists: rows are documents, ``groups`` are the codes of their queries.

Documents of a query are ranked by score, the highest first. Among equal scores the less relevant come first:
the order of rows changes nothing, and equal scores never gain. Queries without a relevant document are
left out, since every order of theirs is as good.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluators.errors import UndefinedByReference
from evaluators.formulas.averages import Worth, mean_of_groups
from evaluators.formulas.guard import Array


@mean_of_groups
def ndcg(relevance: Array, scores: Array, groups: Array, k: int | None = None) -> Worth:
    """Mean over queries of DCG / ideal DCG; DCG is the sum of relevance / log2(1 + rank), to rank k.

    Järvelin and Kekäläinen 2002. Range 0..1, higher is better.
    """
    _check(relevance)
    found = _discounted(relevance, groups, np.lexsort((relevance, -scores, groups)), k)
    ideal = _discounted(relevance, groups, np.lexsort((-relevance, groups)), k)
    return _over_queries(found, ideal)


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


def _discounted(relevance: Array, groups: Array, order: NDArray[np.intp], k: int | None) -> Array:
    """DCG by query."""
    group = groups[order]
    rank = np.arange(len(group)) - _starts(group) + 1
    gains = np.where(_within(rank, k), relevance[order] / np.log2(rank + 1), 0.0)
    return np.bincount(group, weights=gains)


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
