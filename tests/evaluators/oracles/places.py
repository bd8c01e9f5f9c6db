"""Angles and distances by slow geometry of vectors."""

import math
from typing import Any

import numpy as np
from hypothesis import strategies as st

from evaluators.errors import UndefinedByReference, UndefinedBySubmission
from tests.evaluators.arrays import Pair, columns
from tests.evaluators.oracle import Oracle, edge

angle = st.one_of(st.floats(-1e4, 1e4), st.sampled_from([-360.0, -180.0, 0.0, 1.0, 180.0, 359.0, 720.0]))
latitude = st.one_of(st.floats(-90, 90), st.sampled_from([-90.0, 0.0, 90.0]))


def angular_error(target: Any, prediction: Any) -> float:
    each = [between(t, p) for t, p in zip(target.tolist(), prediction.tolist(), strict=True)]
    return sum(each) / len(each)


def between(first: float, second: float) -> float:
    a, b = (math.radians(math.fmod(angle, 360)) for angle in (first, second))
    cross = math.cos(a) * math.sin(b) - math.sin(a) * math.cos(b)
    return abs(math.degrees(math.atan2(cross, math.cos(a) * math.cos(b) + math.sin(a) * math.sin(b))))


def haversine_distance(target: Any, prediction: Any, radius: float) -> float:
    each = [arc(*row) for row in zip(target.tolist(), prediction.tolist(), strict=True)]
    return radius * sum(each) / len(each)


def arc(first: list[float], second: list[float]) -> float:
    a, b = vector(*first), vector(*second)
    return math.atan2(float(np.linalg.norm(np.cross(a, b))), float(np.dot(a, b)))


def vector(north: float, east: float) -> tuple[float, float, float]:
    north, east = math.radians(north), math.radians(math.fmod(east, 360))
    return math.cos(north) * math.cos(east), math.cos(north) * math.sin(east), math.sin(north)


def places(found: tuple[Any, ...]) -> Pair:
    return np.column_stack(found[:2]), np.column_stack(found[2:])


ORACLES = {
    "angular_error": Oracle(
        angular_error,
        columns(angle, angle),
        edges=[
            edge([359.0, 10.0], [1.0, -170.0], gives=91),
            edge([0.0], [-1e-20], gives=0),
            edge([7.0, 7.0], [727.0, -353.0], gives=0),
        ],
    ),
    "haversine_distance": Oracle(
        haversine_distance,
        columns(latitude, angle, latitude, angle).map(places),
        {"radius": st.just(6371.0088)},
        edges=[
            edge([[40.0, 116.0]], [[-40.0, -64.0]], gives=math.pi, radius=1),
            edge([[5.0, 7.0]], [[5.0, 367.0]], gives=0),
            edge([[90.0, 500.0]], [[-90.1, 0.0]], gives=UndefinedBySubmission),
            edge([[-90.1, 0.0]], [[90.0, 500.0]], gives=UndefinedByReference),
        ],
    ),
}
