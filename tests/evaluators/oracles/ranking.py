"""Ranked lists by their definitions, query by query."""

import math
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import strategies as st

from evaluators.errors import UndefinedByReference
from tests.evaluators.arrays import columns, few, score
from tests.evaluators.oracle import Edge, Oracle, edge

lists = columns(st.integers(0, 3).map(float), st.one_of(few, score), st.integers(0, 4)).filter(
    lambda found: bool(found[0].any())
)
CUTS = {"k": st.one_of(st.none(), st.integers(1, 8))}
TOPS = {"k": st.integers(1, 8)}


def judged(relevance: Any, scores: Any, groups: Any) -> list[list[float]]:
    """The relevance of each query's documents as ranked, worse ones first among equals."""
    queries = defaultdict(list)
    for grade, value, query in zip(relevance.tolist(), scores.tolist(), groups.tolist(), strict=True):
        queries[query].append((-value, grade))
    ranked = [[grade for _, grade in sorted(documents)] for documents in queries.values()]
    return [grades for grades in ranked if any(grades)]


def over_queries(score: Callable[..., float]) -> Callable[..., float]:
    """The mean of a score of one query's grades."""

    def mean(relevance: Any, scores: Any, groups: Any, **settings: Any) -> float:
        return float(np.mean([score(grades, **settings) for grades in judged(relevance, scores, groups)]))

    return mean


def dcg(grades: list[float], k: int | None) -> float:
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades[:k], 1))


def ndcg(grades: list[float], k: int | None) -> float:
    return dcg(grades, k) / dcg(sorted(grades, reverse=True), k)


def average_precision(grades: list[float], k: int | None) -> float:
    relevant = [grade > 0 for grade in grades]
    hits = [sum(relevant[:rank]) / rank for rank, hit in enumerate(relevant[:k], 1) if hit]
    return sum(hits) / min(sum(relevant), k or len(grades))


def reciprocal_rank(grades: list[float], k: int | None) -> float:
    return next((1 / rank for rank, grade in enumerate(grades[:k], 1) if grade > 0), 0.0)


def precision(grades: list[float], k: int) -> float:
    return sum(grade > 0 for grade in grades[:k]) / k


def recall(grades: list[float], k: int) -> float:
    return sum(grade > 0 for grade in grades[:k]) / sum(grade > 0 for grade in grades)


def ndcg_exp(grades: list[float], k: int | None) -> float:
    return ndcg([2**grade - 1 for grade in grades], k)


def err(grades: list[float], k: int | None, max_relevance: int) -> float:
    """As the paper's algorithm goes down the list."""
    found, reads_on = 0.0, 1.0
    for rank, grade in enumerate(grades[:k], 1):
        satisfied = (2**grade - 1) / 2**max_relevance
        found += reads_on * satisfied / rank
        reads_on *= 1 - satisfied
    return found


def hit_rate(grades: list[float], k: int) -> float:
    return float(any(grades[:k]))


def coverage(items: Any, scores: Any, groups: Any, k: int, catalogue: int | None) -> float:
    """An item counts where at most k of its list score as high."""
    rows = list(zip(items.tolist(), scores.tolist(), groups.tolist(), strict=True))
    found = {
        item for item, own, of in rows if sum(group == of and value >= own for _, value, group in rows) <= k
    }
    return len(found) / (catalogue or len({item for item, *_ in rows}))


def edges(tied: float, **settings: Any) -> list[Edge]:
    """No relevance, one below zero, equal scores of one relevant among three, a query that is left out."""
    return [
        edge([0.0, 0.0], [0.0, 0.0], [0, 0], gives=UndefinedByReference, **settings),
        edge([1.0, -1.0], [0.0, 0.0], [0, 0], gives=UndefinedByReference, **settings),
        edge([1.0, 0.0, 0.0], np.zeros(3), np.zeros(3, dtype=int), gives=tied, **settings),
    ]


def left_out(gives: float, **settings: Any) -> Edge:
    return edge([1.0, 0, 0, 0], [1.0, 0, 1, 0], [0, 0, 1, 1], gives=gives, **settings)


ORACLES = {
    "ndcg": Oracle(over_queries(ndcg), lists, CUTS, [*edges(0.5), left_out(1)]),
    "ndcg_exp": Oracle(
        over_queries(ndcg_exp),
        lists,
        CUTS,
        [
            *edges(0.5),
            left_out(1),
            edge([101.0, 0.0], [1.0, 0.0], [0, 0], gives=UndefinedByReference),
            edge([1.0, 2.0], [1.0, 0.0], [0, 0], gives=(1 + 3 / math.log2(3)) / (3 + 1 / math.log2(3))),
        ],
    ),
    "err": Oracle(
        over_queries(err),
        lists,
        {**CUTS, "max_relevance": st.integers(3, 30)},
        [
            *edges(1 / 6, max_relevance=1),
            left_out(0.5, max_relevance=1),
            edge([2.0, 1.0], [1.0, 0.0], [0, 0], gives=UndefinedByReference, max_relevance=1),
        ],
    ),
    "hit_rate_at_k": Oracle(
        over_queries(hit_rate), lists, TOPS, [*edges(0, k=2), left_out(1, k=1), *edges(1, k=3)]
    ),
    "coverage": Oracle(
        coverage,
        columns(st.integers(0, 9), st.one_of(few, score), st.integers(0, 4)),
        {**TOPS, "catalogue": st.one_of(st.none(), st.integers(10, 99))},
        [
            edge([5, 6, 7], np.zeros(3), np.zeros(3, dtype=int), gives=0, k=2),
            edge([5, 6, 7], np.zeros(3), np.zeros(3, dtype=int), gives=1, k=3),
            edge([5, 5, 5], [1.0, 2.0, 3.0], [0, 0, 1], gives=1, k=1),
            edge([5, 6], [1.0, 1.0], [0, 1], gives=0.2, k=1, catalogue=10),
            edge([5, 6], [1.0, 1.0], [0, 1], gives=UndefinedByReference, k=1, catalogue=1),
        ],
    ),
    "map": Oracle(over_queries(average_precision), lists, CUTS, [*edges(1 / 3), left_out(1)]),
    "mrr": Oracle(over_queries(reciprocal_rank), lists, CUTS, [*edges(1 / 3), left_out(1)]),
    "precision_at_k": Oracle(
        over_queries(precision),
        lists,
        TOPS,
        [*edges(1 / 3, k=3), left_out(0.5, k=2), edge([1.0, 0], [2.0, 1.0], [0, 0], gives=0.1, k=10)],
    ),
    "recall_at_k": Oracle(
        over_queries(recall),
        lists,
        TOPS,
        [*edges(0, k=2), left_out(1, k=1), edge([1.0, 0], [2.0, 1.0], [0, 0], gives=1, k=10)],
    ),
}
