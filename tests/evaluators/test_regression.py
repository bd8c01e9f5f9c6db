"""Metrics of numbers against scikit-learn, and against the formula where it has none."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn import metrics as oracle

from evaluators.errors import UndefinedByReference, UndefinedBySubmission
from evaluators.formulas import regression as ours
from tests.evaluators.arrays import CLOSE, Metric, Pair, columns, few, numbers, plain, positive


@given(numbers())
def test_rmse_is_that_of_scikit_learn(pair: Pair) -> None:
    assert ours.rmse(*pair) == pytest.approx(oracle.root_mean_squared_error(*pair), **CLOSE)


@given(numbers())
def test_mae_is_that_of_scikit_learn(pair: Pair) -> None:
    assert ours.mae(*pair) == pytest.approx(oracle.mean_absolute_error(*pair), **CLOSE)


@given(numbers())
def test_median_absolute_error_is_that_of_scikit_learn(pair: Pair) -> None:
    expected = oracle.median_absolute_error(*pair)
    assert ours.median_absolute_error(*pair) == pytest.approx(expected, **CLOSE)


@given(numbers())
def test_the_largest_error_is_that_of_scikit_learn(pair: Pair) -> None:
    assert ours.max_error(*pair) == pytest.approx(oracle.max_error(*pair), **CLOSE)


@given(columns(st.one_of(positive, st.just(0.0)), st.one_of(positive, st.just(0.0))))
def test_rmsle_is_that_of_scikit_learn(pair: Pair) -> None:
    assert ours.rmsle(*pair) == pytest.approx(oracle.root_mean_squared_log_error(*pair), **CLOSE)


def test_rmsle_is_undefined_below_zero() -> None:
    with pytest.raises(UndefinedBySubmission, match="below zero"):
        ours.rmsle(np.array([1.0, 0.0]), np.array([1.0, -0.5]))
    with pytest.raises(UndefinedByReference, match="below zero"):
        ours.rmsle(np.array([1.0, -0.5]), np.array([1.0, -0.5]))


@given(columns(positive, plain))
def test_mape_is_that_of_scikit_learn(pair: Pair) -> None:
    expected = oracle.mean_absolute_percentage_error(*pair)
    assert ours.mape(*pair) == pytest.approx(expected, **CLOSE)


def test_mape_is_undefined_at_zero() -> None:
    with pytest.raises(UndefinedByReference, match="zero"):
        ours.mape(np.array([1.0, 0.0]), np.array([1.0, 1.0]))


@given(columns(positive, plain))
def test_rmspe_adds_up_row_by_row(pair: Pair) -> None:
    rows = [((t - p) / t) ** 2 for t, p in zip(*(side.tolist() for side in pair), strict=True)]
    assert ours.rmspe(*pair) == pytest.approx(math.sqrt(math.fsum(rows) / len(rows)), **CLOSE)


def test_rmspe_is_undefined_at_zero() -> None:
    with pytest.raises(UndefinedByReference, match="zero"):
        ours.rmspe(np.array([1.0, 0.0]), np.array([1.0, 1.0]))


@given(numbers())
def test_wape_is_the_sum_of_errors_by_the_sum_of_answers(pair: Pair) -> None:
    targets, predictions = (side.tolist() for side in pair)
    size = math.fsum(map(abs, targets))
    assume(size > 1e-3)  # below, the quotient itself leaves the range in which digits can be compared
    expected = math.fsum(abs(t - p) for t, p in zip(targets, predictions, strict=True)) / size
    assert ours.wape(*pair) == pytest.approx(expected, **CLOSE)


def test_wape_takes_zeros_unless_every_answer_is_one() -> None:
    assert ours.wape(np.array([0.0, -4.0]), np.array([1.0, -3.0])) == 0.5
    with pytest.raises(UndefinedByReference, match="all answers are zero"):
        ours.wape(np.zeros(2), np.ones(2))


@given(st.one_of(columns(plain, plain), columns(few, few)))
def test_smape_adds_up_row_by_row(pair: Pair) -> None:
    rows = [
        2 * abs(t - p) / (abs(t) + abs(p)) if t or p else 0.0
        for t, p in zip(*(side.tolist() for side in pair), strict=True)
    ]
    assert ours.smape(*pair) == pytest.approx(sum(rows) / len(rows), **CLOSE)


@given(numbers(least=2))
def test_r2_is_that_of_scikit_learn(pair: Pair) -> None:
    # where the spread is of the size of rounding, two right implementations may differ
    assume(np.ptp(pair[0]) > 1e-3 * np.abs(pair[0]).max())
    assert ours.r2(*pair) == pytest.approx(oracle.r2_score(*pair), **CLOSE)


@pytest.mark.parametrize("target", [[3.0], [2.0, 2.0]])
def test_r2_is_undefined_on_constant_answers(target: list[float]) -> None:
    with pytest.raises(UndefinedByReference, match="same"):
        ours.r2(np.array(target), np.zeros(len(target)))


@given(numbers(), st.floats(0.01, 0.99))
def test_pinball_loss_is_that_of_scikit_learn(pair: Pair, alpha: float) -> None:
    expected = oracle.mean_pinball_loss(*pair, alpha=alpha)
    assert ours.pinball(*pair, alpha=alpha) == pytest.approx(expected, **CLOSE)


@pytest.mark.parametrize("metric", [ours.rmse, ours.r2])
def test_a_score_that_overflows_is_no_score(metric: Metric) -> None:
    with pytest.raises(UndefinedBySubmission, match="too large"):
        metric(np.array([1.0, 2.0]), np.array([1e308, -1e308]))
