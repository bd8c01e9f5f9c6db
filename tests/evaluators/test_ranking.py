"""Metrics of ranked lists against their definitions, query by query, and against scikit-learn."""

import math
from collections import defaultdict
from random import Random

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import label_ranking_average_precision_score, ndcg_score

from evaluators.errors import UndefinedByReference
from evaluators.formulas import ranking as ours
from tests.evaluators.arrays import CLOSE, Metric, columns, few, score

Lists = tuple[np.ndarray, np.ndarray, np.ndarray]

lists = columns(st.integers(0, 3).map(float), st.one_of(few, score), st.integers(0, 4))
cuts = st.one_of(st.none(), st.integers(1, 8))


def judged(relevance: np.ndarray, scores: np.ndarray, groups: np.ndarray) -> list[list[float]]:
    """The relevance of each query's documents as ranked, worse ones first among equals."""
    queries = defaultdict(list)
    for grade, value, query in zip(relevance.tolist(), scores.tolist(), groups.tolist(), strict=True):
        queries[query].append((-value, grade))
    ranked = [[grade for _, grade in sorted(documents)] for documents in queries.values()]
    return [grades for grades in ranked if any(grades)]


def dcg(grades: list[float], k: int | None) -> float:
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades[:k], 1))


def average_precision(grades: list[float], k: int | None) -> float:
    relevant = [grade > 0 for grade in grades]
    hits = [sum(relevant[:rank]) / rank for rank, hit in enumerate(relevant[:k], 1) if hit]
    return sum(hits) / min(sum(relevant), k or len(grades))


def reciprocal_rank(grades: list[float], k: int | None) -> float:
    return next((1 / rank for rank, grade in enumerate(grades[:k], 1) if grade > 0), 0.0)


@given(lists, cuts)
def test_ndcg_is_its_definition(found: Lists, k: int | None) -> None:
    assume(found[0].any())
    each = [dcg(grades, k) / dcg(sorted(grades, reverse=True), k) for grades in judged(*found)]
    assert ours.ndcg(*found, k=k) == pytest.approx(np.mean(each), **CLOSE)


@given(lists, cuts)
def test_map_is_its_definition(found: Lists, k: int | None) -> None:
    assume(found[0].any())
    each = [average_precision(grades, k) for grades in judged(*found)]
    assert ours.map(*found, k=k) == pytest.approx(np.mean(each), **CLOSE)


@given(lists, cuts)
def test_mrr_is_its_definition(found: Lists, k: int | None) -> None:
    assume(found[0].any())
    each = [reciprocal_rank(grades, k) for grades in judged(*found)]
    assert ours.mrr(*found, k=k) == pytest.approx(np.mean(each), **CLOSE)


@given(lists, st.integers(1, 8))
def test_precision_and_recall_at_k_are_their_definitions(found: Lists, k: int) -> None:
    assume(found[0].any())
    hits = [[grade > 0 for grade in grades] for grades in judged(*found)]
    precision = np.mean([sum(each[:k]) / k for each in hits])
    recall = np.mean([sum(each[:k]) / sum(each) for each in hits])
    assert ours.precision_at_k(*found, k=k) == pytest.approx(precision, **CLOSE)
    assert ours.recall_at_k(*found, k=k) == pytest.approx(recall, **CLOSE)


def test_a_list_shorter_than_k_has_a_precision_of_what_it_fills() -> None:
    relevance, scores, groups = np.array([1.0, 0]), np.array([2.0, 1.0]), np.zeros(2, dtype=int)
    assert ours.precision_at_k(relevance, scores, groups, k=10) == pytest.approx(0.1)
    assert ours.recall_at_k(relevance, scores, groups, k=10) == 1.0


@given(st.lists(st.integers(0, 3), min_size=2, max_size=20), st.randoms(use_true_random=False), cuts)
def test_without_ties_scikit_learn_says_the_same(grades: list[int], random: Random, k: int | None) -> None:
    assume(any(grades))
    relevance = np.array(grades, dtype=float)
    scores = np.array(random.sample(range(100), len(grades)), dtype=float)
    one = np.zeros(len(grades), dtype=int)
    assert ours.ndcg(relevance, scores, one, k=k) == pytest.approx(
        ndcg_score([relevance], [scores], k=k), **CLOSE
    )
    expected = label_ranking_average_precision_score([relevance > 0], [scores])
    assert ours.map(relevance, scores, one) == pytest.approx(expected, **CLOSE)


@given(lists, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(found: Lists, random: Random) -> None:
    assume(found[0].any())
    order = list(range(len(found[0])))
    random.shuffle(order)
    for metric in (ours.ndcg, ours.map, ours.mrr):
        assert metric(*(column[order] for column in found)) == pytest.approx(metric(*found), **CLOSE)


def test_equal_scores_get_the_worst_order() -> None:
    relevance, groups = np.array([1.0, 0.0, 0.0]), np.zeros(3, dtype=int)
    assert ours.mrr(relevance, np.zeros(3), groups) == pytest.approx(1 / 3)
    assert ours.map(relevance, np.zeros(3), groups) == pytest.approx(1 / 3)
    assert ours.ndcg(relevance, np.zeros(3), groups) == pytest.approx(1 / math.log2(4))
    assert ours.recall_at_k(relevance, np.zeros(3), groups, k=2) == 0.0
    assert ours.precision_at_k(relevance, np.zeros(3), groups, k=3) == pytest.approx(1 / 3)


def test_queries_without_a_relevant_document_are_left_out() -> None:
    relevance, scores, groups = np.array([1.0, 0, 0, 0]), np.array([1.0, 0, 1, 0]), np.array([0, 0, 1, 1])
    assert [metric(relevance, scores, groups) for metric in (ours.ndcg, ours.map, ours.mrr)] == [1, 1, 1]


@pytest.mark.parametrize("metric", [ours.ndcg, ours.map, ours.mrr])
def test_ranking_is_undefined_without_relevance_and_below_zero(metric: Metric) -> None:
    for relevance in ([0.0, 0.0], [1.0, -1.0]):
        with pytest.raises(UndefinedByReference):
            metric(np.array(relevance), np.zeros(2), np.zeros(2, dtype=int))
