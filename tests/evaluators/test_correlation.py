"""Correlations against scipy."""

import warnings

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from evaluators.errors import UndefinedByReference, UndefinedBySubmission
from evaluators.formulas import correlation as ours
from tests.evaluators.arrays import CLOSE, Metric, Pair, columns, few, numbers, score

pairs = numbers(least=2)


@given(pairs)
def test_pearson_is_that_of_scipy(pair: Pair) -> None:
    # scipy warns of a spread that is of the size of rounding: no digits of the result mean anything there
    assume(all(np.ptp(side) > 1e-6 * np.abs(side).max() for side in pair))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        expected = stats.pearsonr(*pair).statistic
    assert ours.pearson(*pair) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(st.one_of(columns(score, score, least=2), columns(few, few, least=2)))
def test_spearman_is_that_of_scipy(pair: Pair) -> None:
    assume(all(side.min() < side.max() for side in pair))
    assert ours.spearman(*pair) == pytest.approx(stats.spearmanr(*pair).statistic, **CLOSE)


@pytest.mark.parametrize("metric", [ours.pearson, ours.spearman])
def test_correlation_is_undefined_on_a_constant(metric: Metric) -> None:
    constant, other = np.array([0.1, 0.1, 0.1]), np.array([1.0, 2.0, 3.0])
    with pytest.raises(UndefinedByReference):
        metric(constant, other)
    with pytest.raises(UndefinedBySubmission):
        metric(other, constant)
    with pytest.raises(UndefinedByReference):
        metric(constant, constant)


@pytest.mark.parametrize("size", [1e-320, 1e-200, 1.0, 1e150, 1e308])
def test_pearson_does_not_depend_on_the_size_of_numbers(size: float) -> None:
    target = np.array([1.0, 2.0, 4.0])
    assert ours.pearson(target, np.array([0.25, 0.5, 1.0]) * size) == pytest.approx(1.0, rel=1e-3)


@given(columns(score, score, least=2))
def test_correlation_stays_within_its_range(pair: Pair) -> None:
    assume(all(side.min() < side.max() for side in pair))
    assert -1 <= ours.pearson(*pair) <= 1
    assert -1 <= ours.spearman(*pair) <= 1
