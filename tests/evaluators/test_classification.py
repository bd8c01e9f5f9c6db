"""Metrics of one class among others against scikit-learn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as oracle

from evaluators.formulas import classification as ours
from tests.evaluators.arrays import CLOSE, Pair, labels


@given(labels())
def test_binary_precision_and_recall_look_at_the_positive_class_alone(pair: Pair) -> None:
    positive = int(pair[0][0])
    of_one = [side == positive for side in pair]
    more = {"average": "binary", "positive": positive}
    precision, recall = oracle.precision_score(*of_one, zero_division=0), oracle.recall_score(*of_one)
    assert ours.precision(*pair, **more) == pytest.approx(precision, **CLOSE)
    assert ours.recall(*pair, **more) == pytest.approx(recall, **CLOSE)


@given(labels(), st.floats(0.01, 100))
def test_binary_f_beta_looks_at_the_positive_class_alone(pair: Pair, beta: float) -> None:
    target, prediction = pair
    positive = int(target[0])
    expected = oracle.fbeta_score(
        target == positive, prediction == positive, beta=beta, average="binary", zero_division=0
    )
    found = ours.f_beta(target, prediction, beta=beta, average="binary", positive=positive)
    assert found == pytest.approx(expected, **CLOSE)


@given(labels())
def test_binary_jaccard_looks_at_the_positive_class_alone(pair: Pair) -> None:
    target, prediction = pair
    positive = int(target[0])
    expected = oracle.jaccard_score(target == positive, prediction == positive)
    found = ours.jaccard(target, prediction, average="binary", positive=positive)
    assert found == pytest.approx(expected, **CLOSE)
