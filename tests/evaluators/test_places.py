"""Metrics on the circle and on the globe, where another way to them is right."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics.pairwise import haversine_distances

from evaluators.formulas import places as ours
from tests.evaluators.arrays import CLOSE, Pair, columns


@given(columns(st.integers(-720, 720).map(float), st.integers(-720, 720).map(float)))
def test_whole_turns_count_for_nothing(pair: Pair) -> None:
    target, prediction = pair
    assert ours.angular_error(target + 720, prediction - 360) == ours.angular_error(target, prediction)


@given(columns(st.floats(-89, 89), st.floats(-90, 90), st.floats(-89, 89), st.floats(-89, 89)))
def test_haversine_distance_is_that_of_scikit_learn(found: tuple[np.ndarray, ...]) -> None:
    target, prediction = np.column_stack(found[:2]), np.column_stack(found[2:])
    pairs = zip(np.radians(target), np.radians(prediction), strict=True)
    each = [haversine_distances([first], [second])[0, 0] for first, second in pairs]
    assume(max(each) < 3)  # near the opposite place the other loses half of its digits
    found_score = ours.haversine_distance(target, prediction, radius=6371)
    assert found_score == pytest.approx(6371 * np.mean(each), **CLOSE)
