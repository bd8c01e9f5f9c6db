"""Deviances at the ends of their families, against scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as oracle

from evaluators.errors import UndefinedBySubmission
from evaluators.formulas import deviance as ours
from tests.evaluators.arrays import CLOSE, Pair, columns, numbers
from tests.evaluators.oracles.deviance import mean


@given(columns(st.just(0.0), mean), st.sampled_from([1, 1.2, 1.8]))
def test_tweedie_deviance_takes_zeros_below_power_two(pair: Pair, power: float) -> None:
    expected = oracle.mean_tweedie_deviance(*pair, power=power)
    assert ours.tweedie_deviance(*pair, power=power) == pytest.approx(expected, **CLOSE)


@given(numbers())
def test_power_zero_is_squared_error_of_any_numbers(pair: Pair) -> None:
    expected = oracle.mean_squared_error(*pair)
    assert ours.tweedie_deviance(*pair, power=0) == pytest.approx(expected, **CLOSE)


@pytest.mark.parametrize("power", [1, 1.5, 2, 3])
@pytest.mark.parametrize("prediction", [0.0, -0.0, -1.0])
def test_a_mean_that_is_not_above_zero_is_the_teams(power: float, prediction: float) -> None:
    with pytest.raises(UndefinedBySubmission, match="not above zero"):
        ours.tweedie_deviance(np.array([1.0, 2.0]), np.array([1.0, prediction]), power=power)


@given(columns(mean), st.sampled_from([1, 1.1, 1.5, 2, 2.5, 3]))
def test_rounding_takes_no_deviance_below_zero(column: tuple[np.ndarray], power: float) -> None:
    near = np.nextafter(column[0], np.inf)
    assert 0 <= ours.tweedie_deviance(column[0], near, power=power) < 1e-6
