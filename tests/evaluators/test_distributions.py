"""Metrics of distributions against SciPy and plain sums."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats
from scipy.spatial.distance import jensenshannon

from evaluators.errors import UndefinedBySubmission
from evaluators.formulas import distributions as ours
from tests.evaluators.arrays import CLOSE, Pair, numbers

share = st.one_of(st.floats(0.01, 1), st.sampled_from([0.0, 0.5, 1.0]))


@st.composite
def matrices(draw: st.DrawFn) -> Pair:
    shape = draw(st.integers(1, 8)), draw(st.integers(2, 6))
    target, prediction = (draw(arrays(np.float64, shape, elements=share)) for _ in range(2))
    for matrix in (target, prediction):
        matrix[matrix.sum(axis=1) == 0] = 1.0
    return tuple(matrix / matrix.sum(axis=1, keepdims=True) for matrix in (target, prediction))


def divergence(target: list[float], prediction: list[float]) -> float:
    return sum(t * math.log(t / max(p, 2.0**-52)) for t, p in zip(target, prediction, strict=True) if t)


@given(matrices())
def test_kl_divergence_is_the_mean_of_its_rows(pair: Pair) -> None:
    each = [divergence(t, p) for t, p in zip(*(side.tolist() for side in pair), strict=True)]
    assert ours.kl_divergence(*pair) == pytest.approx(sum(each) / len(each), **CLOSE)


@given(matrices())
def test_js_divergence_is_the_square_of_the_distance_of_scipy(pair: Pair) -> None:
    each = [jensenshannon(t, p, base=2) ** 2 for t, p in zip(*pair, strict=True)]
    assert ours.js_divergence(*pair) == pytest.approx(np.mean(np.nan_to_num(each)), **CLOSE)


@given(matrices(), st.booleans())
def test_earth_movers_distance_is_that_of_scipy_over_the_places_of_columns(pair: Pair, apart: bool) -> None:
    places = [number**2 if apart else number for number in range(pair[0].shape[1])]
    each = [stats.wasserstein_distance(places, places, t, p) for t, p in zip(*pair, strict=True)]
    found = ours.earth_movers_distance(*pair, positions=places if apart else None)
    assert found == pytest.approx(np.mean(each), **CLOSE)


@given(numbers())
def test_wasserstein_distance_is_that_of_scipy(pair: Pair) -> None:
    assert ours.wasserstein_distance(*pair) == pytest.approx(
        stats.wasserstein_distance(*pair), rel=1e-9, abs=1e-8
    )


@given(matrices())
def test_rows_are_divided_by_their_sum(pair: Pair) -> None:
    target, prediction = pair
    for metric in (ours.kl_divergence, ours.js_divergence, ours.earth_movers_distance):
        assert metric(target * 3, prediction / 2) == pytest.approx(metric(target, prediction), **CLOSE)


def test_what_was_held_impossible_costs_36_and_two_bits_apart_one() -> None:
    sure, other = np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]])
    assert ours.kl_divergence(sure, other) == pytest.approx(36.04365338911715)
    assert ours.js_divergence(sure, other) == 1
    assert ours.earth_movers_distance(sure, other) == 1
    assert ours.earth_movers_distance(sure, other, positions=[2, 12]) == 10
    for metric in (ours.kl_divergence, ours.js_divergence, ours.earth_movers_distance):
        assert metric(sure, sure) == 0


def test_the_smallest_share_is_no_trouble() -> None:
    least = np.array([[5e-324, 1.0]])
    assert ours.js_divergence(least, least) == ours.kl_divergence(least, least) == 0


def test_rows_without_any_share_have_no_score() -> None:
    with pytest.raises(UndefinedBySubmission):
        ours.js_divergence(np.array([[0.5, 0.5]]), np.zeros((1, 2)))


def test_samples_are_compared_in_order_whichever_row_a_value_stands_in() -> None:
    assert ours.wasserstein_distance(np.array([1.0, 2.0, 3.0]), np.array([3.0, 1.0, 2.0])) == 0
    assert ours.wasserstein_distance(np.array([0.0, 0.0]), np.array([1.0, 3.0])) == 2
