"""Metrics on the circle and on the globe against slow geometry."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics.pairwise import haversine_distances

from evaluators.errors import UndefinedByReference, UndefinedBySubmission
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


latitude = st.one_of(st.floats(-90, 90), st.sampled_from([-90.0, 0.0, 90.0]))


@given(columns(latitude, angle, latitude, angle))
def test_haversine_distance_is_the_arc_between_two_vectors(found: tuple[np.ndarray, ...]) -> None:
    each = [_arc(row[:2], row[2:]) * 6371.0088 for row in np.column_stack(found).tolist()]
    places = np.column_stack(found[:2]), np.column_stack(found[2:])
    assert ours.haversine_distance(*places) == pytest.approx(sum(each) / len(each), **CLOSE)


def _arc(first: list[float], second: list[float]) -> float:
    a, b = _vector(*first), _vector(*second)
    return math.atan2(float(np.linalg.norm(np.cross(a, b))), float(np.dot(a, b)))


def _vector(north: float, east: float) -> tuple[float, float, float]:
    north, east = math.radians(north), math.radians(math.fmod(east, 360))
    return math.cos(north) * math.cos(east), math.cos(north) * math.sin(east), math.sin(north)


@given(columns(st.floats(-89, 89), st.floats(-90, 90), st.floats(-89, 89), st.floats(-89, 89)))
def test_haversine_distance_is_that_of_scikit_learn(found: tuple[np.ndarray, ...]) -> None:
    target, prediction = np.column_stack(found[:2]), np.column_stack(found[2:])
    pairs = zip(np.radians(target), np.radians(prediction), strict=True)
    each = [haversine_distances([first], [second])[0, 0] for first, second in pairs]
    assume(max(each) < 3)  # near the opposite place the other loses half of its digits
    found_score = ours.haversine_distance(target, prediction, radius=6371)
    assert found_score == pytest.approx(6371 * np.mean(each), **CLOSE)


def test_the_opposite_place_is_half_a_turn_away() -> None:
    here, there = np.array([[40.0, 116.0]]), np.array([[-40.0, -64.0]])
    assert ours.haversine_distance(here, there, radius=1) == pytest.approx(math.pi, rel=1e-15)


def test_a_latitude_beyond_the_pole_is_blamed_on_its_side() -> None:
    good, bad = np.array([[90.0, 500.0]]), np.array([[-90.1, 0.0]])
    with pytest.raises(UndefinedBySubmission, match="latitude"):
        ours.haversine_distance(good, bad)
    with pytest.raises(UndefinedByReference, match="latitude"):
        ours.haversine_distance(bad, good)
