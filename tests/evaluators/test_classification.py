"""Metrics of labels against scikit-learn."""

import warnings

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from sklearn import metrics as oracle

from evaluators.errors import UndefinedByReference
from evaluators.formulas import classification as ours
from tests.evaluators.arrays import CLOSE, Metric, Pair, columns, labels

ONE_CLASS = (np.array([0, 0, 0]), np.array([0, 0, 0]))
UNSEEN = (np.array([0, 0, 1]), np.array([2, 2, 2]))


@given(labels())
@example(ONE_CLASS)
@example(UNSEEN)
def test_accuracy_is_the_share_of_right_labels(pair: Pair) -> None:
    assert ours.accuracy(*pair) == pytest.approx(oracle.accuracy_score(*pair), **CLOSE)


@given(labels())
@example(ONE_CLASS)
@example(UNSEEN)
def test_balanced_accuracy_is_that_of_scikit_learn(pair: Pair) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of predicted classes that the target lacks
        expected = oracle.balanced_accuracy_score(*pair)
    assert ours.balanced_accuracy(*pair) == pytest.approx(expected, **CLOSE)


@given(labels())
@example(ONE_CLASS)
@example(UNSEEN)
def test_f1_is_that_of_scikit_learn_for_each_average(pair: Pair) -> None:
    for average, metric in (
        ("macro", ours.f1_macro),
        ("micro", ours.f1_micro),
        ("weighted", ours.f1_weighted),
    ):
        expected = oracle.f1_score(*pair, average=average, zero_division=0)
        assert metric(*pair) == pytest.approx(expected, **CLOSE), average


@given(labels(), st.floats(0.01, 100), st.sampled_from(["macro", "micro", "weighted"]))
@example(UNSEEN, 2.0, "macro")
def test_f_beta_is_that_of_scikit_learn(pair: Pair, beta: float, average: str) -> None:
    expected = oracle.fbeta_score(*pair, beta=beta, average=average, zero_division=0)
    assert ours.f_beta(*pair, beta=beta, average=average) == pytest.approx(expected, **CLOSE)


@given(labels(), st.sampled_from(["macro", "micro", "weighted"]))
@example(ONE_CLASS, "macro")
@example(UNSEEN, "macro")
@example(UNSEEN, "weighted")
def test_precision_and_recall_are_those_of_scikit_learn(pair: Pair, average: str) -> None:
    precision = oracle.precision_score(*pair, average=average, zero_division=0)
    recall = oracle.recall_score(*pair, average=average, zero_division=0)
    assert ours.precision(*pair, average=average) == pytest.approx(precision, **CLOSE)
    assert ours.recall(*pair, average=average) == pytest.approx(recall, **CLOSE)


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


def test_binary_averages_are_undefined_without_a_positive_row() -> None:
    for metric, more in (
        (ours.f_beta, {"beta": 1}),
        (ours.jaccard, {}),
        (ours.precision, {}),
        (ours.recall, {}),
    ):
        with pytest.raises(UndefinedByReference, match="positive"):
            metric(np.array([0, 2]), np.array([1, 1]), average="binary", positive=1, **more)


@given(labels(), st.sampled_from(["macro", "micro", "weighted"]))
@example(ONE_CLASS, "weighted")
@example(UNSEEN, "macro")
def test_jaccard_is_that_of_scikit_learn(pair: Pair, average: str) -> None:
    expected = oracle.jaccard_score(*pair, average=average, zero_division=0)
    assert ours.jaccard(*pair, average=average) == pytest.approx(expected, **CLOSE)


@given(labels())
def test_binary_jaccard_looks_at_the_positive_class_alone(pair: Pair) -> None:
    target, prediction = pair
    positive = int(target[0])
    expected = oracle.jaccard_score(target == positive, prediction == positive)
    found = ours.jaccard(target, prediction, average="binary", positive=positive)
    assert found == pytest.approx(expected, **CLOSE)


@given(labels())
@example(ONE_CLASS)
def test_hamming_loss_is_that_of_scikit_learn(pair: Pair) -> None:
    assert ours.hamming_loss(*pair) == pytest.approx(oracle.hamming_loss(*pair), **CLOSE)


@given(labels())
@example(UNSEEN)
def test_mcc_is_that_of_scikit_learn(pair: Pair) -> None:
    assume(len(set(pair[0])) > 1)
    assert ours.mcc(*pair) == pytest.approx(oracle.matthews_corrcoef(*pair), **CLOSE)


def test_mcc_is_zero_for_constant_predictions() -> None:
    assert ours.mcc(np.array([0, 1, 1]), np.array([1, 1, 1])) == 0.0


@given(columns(st.integers(-3, 9), st.integers(-3, 9)))
def test_kappa_is_that_of_scikit_learn_over_the_whole_scale(pair: Pair) -> None:
    target, prediction = (side.astype(float) for side in pair)
    assume(target.min() < target.max())
    scale = list(range(-3, 10))
    expected = oracle.cohen_kappa_score(*pair, labels=scale, weights="quadratic")
    assert ours.quadratic_weighted_kappa(target, prediction) == pytest.approx(expected, **CLOSE)


@given(labels(), st.sampled_from(["none", "linear", "quadratic"]))
@example(UNSEEN, "linear")
@example(UNSEEN, "none")
def test_kappa_of_labels_is_that_of_scikit_learn(pair: Pair, weights: str) -> None:
    assume(len(set(pair[0])) > 1)
    named = None if weights == "none" else weights
    expected = oracle.cohen_kappa_score(*pair, labels=list(range(6)), weights=named)
    assert ours.cohen_kappa(*pair, weights=weights) == pytest.approx(expected, **CLOSE)


@pytest.mark.parametrize("weights", ["none", "linear", "quadratic"])
def test_constant_predictions_agree_as_chance_does(weights: str) -> None:
    found = ours.cohen_kappa(np.array([0, 1, 2]), np.array([2, 2, 2]), weights=weights)
    assert found == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("metric", [ours.mcc, ours.cohen_kappa, ours.quadratic_weighted_kappa])
def test_agreement_is_undefined_on_one_class(metric: Metric) -> None:
    with pytest.raises(UndefinedByReference, match="same"):
        metric(np.array([1, 1]), np.array([0, 1]))
