"""Metrics on the circle and on the globe against slow geometry."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluators.formulas import places as ours
from tests.evaluators.arrays import CLOSE, Pair, columns

angle = st.one_of(st.floats(-1e4, 1e4), st.sampled_from([-360.0, -180.0, 0.0, 1.0, 180.0, 359.0, 720.0]))


@given(columns(angle, angle))
def test_angular_error_is_the_angle_between_two_directions(pair: Pair) -> None:
    each = [_between(t, p) for t, p in zip(*(side.tolist() for side in pair), strict=True)]
    assert ours.angular_error(*pair) == pytest.approx(sum(each) / len(each), **CLOSE)


def _between(first: float, second: float) -> float:
    a, b = (math.radians(math.fmod(angle, 360)) for angle in (first, second))
    cross = math.cos(a) * math.sin(b) - math.sin(a) * math.cos(b)
    return abs(math.degrees(math.atan2(cross, math.cos(a) * math.cos(b) + math.sin(a) * math.sin(b))))


@given(columns(st.integers(-720, 720).map(float), st.integers(-720, 720).map(float)))
def test_whole_turns_count_for_nothing(pair: Pair) -> None:
    target, prediction = pair
    assert ours.angular_error(target + 720, prediction - 360) == ours.angular_error(target, prediction)


def test_the_largest_error_of_an_angle_is_half_a_turn() -> None:
    assert ours.angular_error(np.array([359.0, 10.0]), np.array([1.0, -170.0])) == 91
    assert ours.angular_error(np.array([0.0]), np.array([-1e-20])) == 0
