"""Metrics of scores and probabilities against scikit-learn."""

import warnings

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from sklearn import metrics as oracle

from evaluators.formulas import probabilities as ours
from tests.evaluators.arrays import CLOSE, Pair, columns, probabilities, share
from tests.evaluators.oracles.probabilities import expected_calibration_error, scored

NEIGHBOURS = (np.array([True, False, True]), np.array([0.5, np.nextafter(0.5, 1), np.nextafter(0.5, 0)]))
ZEROS = (np.array([True, False]), np.array([-0.0, 0.0]))
FAR = (np.array([True, False, True, False]), np.array([-1e308, 1e308, 1e308, 5e-324]))


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


@pytest.mark.parametrize("rate", [0.1, 0.5, 1.0])
def test_partial_area_lies_between_its_floor_and_one_and_chance_is_half(rate: float) -> None:
    target = np.array([True, True, False, False])
    for scores, expected in (([1, 1, 0, 0], 1), ([0, 0, 0, 0], 0.5), ([0, 0, 1, 1], (1 - rate) / (2 - rate))):
        found = ours.partial_roc_auc(target, np.array(scores, dtype=float), max_fpr=rate)
        assert found == pytest.approx(expected, **CLOSE)


@given(st.data(), st.integers(1, 3))
def test_top_k_accuracy_is_that_of_scikit_learn_without_ties(data: st.DataObject, k: int) -> None:
    target = np.array(data.draw(st.lists(st.integers(0, 3), min_size=1, max_size=30)))
    order = [data.draw(st.permutations([-1.5, 0.0, 2.0, 3.0])) for _ in target]
    expected = oracle.top_k_accuracy_score(target, np.array(order), k=k, labels=[0, 1, 2, 3])
    assert ours.top_k_accuracy(target, np.array(order), k=k) == pytest.approx(expected, **CLOSE)


def test_a_sum_above_one_gains_nothing_in_log_loss() -> None:
    target = np.array([0, 1])
    fair = np.array([[0.8, 0.2], [0.4, 0.6]])
    assert ours.log_loss(target, fair * 1.0009) == pytest.approx(ours.log_loss(target, fair), **CLOSE)


@given(st.data())
def test_brier_score_of_several_classes_is_that_of_scikit_learn(data: st.DataObject) -> None:
    target = np.array(data.draw(st.lists(st.integers(0, 3), min_size=1, max_size=30)))
    matrix = data.draw(probabilities(len(target), 4))
    expected = oracle.brier_score_loss(target, matrix, labels=[0, 1, 2, 3], scale_by_half=True)
    assert ours.brier(target, matrix) == pytest.approx(expected, **CLOSE)
    assert ours.brier(target, matrix * 1.0009) == pytest.approx(expected, **CLOSE)


@given(columns(st.booleans(), st.booleans()))
def test_probabilistic_f1_of_certainties_is_f1(pair: Pair) -> None:
    target, prediction = pair
    target[0] = True
    expected = oracle.f1_score(target, prediction, zero_division=0)
    assert ours.pf1(target, prediction.astype(float)) == pytest.approx(expected, **CLOSE)


@given(columns(st.integers(0, 2), *[st.sampled_from([0.25, 0.5, 1.0, 2.0])] * 3), st.integers(1, 20))
def test_calibration_error_of_several_classes_is_that_of_the_likeliest(
    found: tuple[np.ndarray, ...], bins: int
) -> None:
    target, *shares = found
    rows = [[value / sum(row) for value in row] for row in zip(*shares, strict=True)]
    matrix = np.array(rows)
    sure = matrix.max(axis=1) / matrix.sum(axis=1)  # rounded alike, for a border may be near
    hits = [(row[code] == max(row)) / row.count(max(row)) for code, row in zip(target, rows, strict=True)]
    expected = expected_calibration_error(np.array(hits), sure, bins)
    assert ours.expected_calibration_error(target, matrix, bins=bins) == pytest.approx(expected, **CLOSE)
