"""Metrics of ranked lists: without ties against scikit-learn, and in any order of rows."""

from random import Random

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import label_ranking_average_precision_score, ndcg_score

from evaluators.formulas import ranking as ours
from tests.evaluators.arrays import CLOSE
from tests.evaluators.oracles.ranking import CUTS, lists

Lists = tuple[np.ndarray, np.ndarray, np.ndarray]


@given(st.lists(st.integers(0, 3), min_size=2, max_size=20), st.randoms(use_true_random=False), CUTS["k"])
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
    order = list(range(len(found[0])))
    random.shuffle(order)
    for metric in (ours.ndcg, ours.map, ours.mrr):
        assert metric(*(column[order] for column in found)) == pytest.approx(metric(*found), **CLOSE)
