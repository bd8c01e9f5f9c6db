"""Metrics of scores and probabilities against scikit-learn."""

import warnings

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from sklearn import metrics as oracle

from evaluators.errors import UndefinedByReference
from evaluators.formulas import probabilities as ours
from tests.evaluators.arrays import CLOSE, Pair, columns, few, probabilities, score, share

NEIGHBOURS = (np.array([True, False, True]), np.array([0.5, np.nextafter(0.5, 1), np.nextafter(0.5, 0)]))
ZEROS = (np.array([True, False]), np.array([-0.0, 0.0]))
FAR = (np.array([True, False, True, False]), np.array([-1e308, 1e308, 1e308, 5e-324]))

scored = st.one_of(columns(st.booleans(), score), columns(st.booleans(), few), columns(st.booleans(), share))


@given(scored)
@example(NEIGHBOURS)
@example(ZEROS)
@example(FAR)
def test_area_is_that_of_scikit_learn_to_the_last_bit_of_the_scores(pair: Pair) -> None:
    target, scores = pair
    assume(0 < target.sum() < len(target))
    assert ours.roc_auc(target, scores) == pytest.approx(_pairs_in_order(target, scores), **CLOSE)
    with np.errstate(over="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = oracle.roc_auc_score(target, scores)
    assert ours.roc_auc(target, scores) == pytest.approx(expected, **CLOSE)


def _pairs_in_order(target: np.ndarray, scores: np.ndarray) -> float:
    """The definition, pair by pair."""
    above, below = scores[target][:, None], scores[~target][None, :]
    return float(np.mean((above > below) + 0.5 * (above == below)))


@given(columns(st.integers(0, 2), share, share, share, least=3))
def test_area_of_several_classes_is_the_mean_of_one_against_the_rest(found: tuple[np.ndarray, ...]) -> None:
    target, *shares = found
    assume(len(set(target)) == 3)
    matrix = np.column_stack(shares)
    expected = np.mean([oracle.roc_auc_score(target == code, matrix[:, code]) for code in range(3)])
    assert ours.roc_auc(target, matrix) == pytest.approx(expected, **CLOSE)


@given(st.data())
def test_area_of_several_classes_is_that_of_scikit_learn(data: st.DataObject) -> None:
    target = np.array([0, 1, 2, *data.draw(st.lists(st.integers(0, 2), max_size=30))])
    matrix = data.draw(probabilities(len(target), 3))
    expected = oracle.roc_auc_score(target, matrix, multi_class="ovr", average="macro")
    assert ours.roc_auc(target, matrix) == pytest.approx(expected, **CLOSE)


@pytest.mark.parametrize("target", [[True, True], [False, False]])
def test_area_is_undefined_on_one_class(target: list[bool]) -> None:
    with pytest.raises(UndefinedByReference, match="class"):
        ours.roc_auc(np.array(target), np.array([0.1, 0.9]))


def test_constant_scores_have_half_the_area() -> None:
    assert ours.roc_auc(np.array([True, False, False]), np.zeros(3)) == 0.5


@given(scored)
@example(NEIGHBOURS)
@example(ZEROS)
def test_average_precision_is_that_of_scikit_learn(pair: Pair) -> None:
    target, scores = pair
    assume(target.any())
    expected = oracle.average_precision_score(target, scores)
    assert ours.average_precision(target, scores) == pytest.approx(expected, **CLOSE)


def test_average_precision_is_undefined_without_a_positive_row() -> None:
    with pytest.raises(UndefinedByReference, match="positive"):
        ours.average_precision(np.array([False, False]), np.array([0.1, 0.9]))


@given(columns(st.booleans(), share))
@example((np.array([True, False]), np.array([0.0, 1.0])))
def test_log_loss_is_that_of_scikit_learn(pair: Pair) -> None:
    expected = oracle.log_loss(*pair, labels=[False, True])
    assert ours.log_loss(*pair) == pytest.approx(expected, **CLOSE)


@given(st.data())
def test_log_loss_of_several_classes_is_that_of_scikit_learn(data: st.DataObject) -> None:
    target = np.array(data.draw(st.lists(st.integers(0, 3), min_size=1, max_size=30)))
    matrix = data.draw(probabilities(len(target), 4))
    expected = oracle.log_loss(target, matrix, labels=[0, 1, 2, 3])
    assert ours.log_loss(target, matrix) == pytest.approx(expected, **CLOSE)


def test_a_sum_above_one_gains_nothing_in_log_loss() -> None:
    target = np.array([0, 1])
    fair = np.array([[0.8, 0.2], [0.4, 0.6]])
    assert ours.log_loss(target, fair * 1.0009) == pytest.approx(ours.log_loss(target, fair), **CLOSE)


def test_certainty_that_errs_costs_36() -> None:
    assert ours.log_loss(np.array([True]), np.array([0.0])) == pytest.approx(-np.log(2**-52))


@given(columns(st.booleans(), share))
def test_brier_score_is_that_of_scikit_learn(pair: Pair) -> None:
    target, chances = pair
    expected = oracle.brier_score_loss(target, chances, labels=[False, True])
    assert ours.brier(target, chances) == pytest.approx(expected, **CLOSE)
