"""Metrics on the circle and on the globe: t is the target, p the prediction, both in degrees."""

import numpy as np

from evaluators.errors import UndefinedByReference, UndefinedBySubmission
from evaluators.formulas.averages import mean_of_rows
from evaluators.formulas.guard import Array, Floats

TURN = 360.0
EARTH = 6371.0088
"""Mean radius in km (Moritz 2000)."""


@mean_of_rows
def angular_error(target: Array, prediction: Array) -> Floats:
    """Mean of the smaller angle between t and p in degrees, so that 359 is 2 away from 1 (Fisher 1993).

    Range 0..180, lower is better; every number is an angle, whole turns count for nothing.
    """
    return _angle(target, prediction)


@mean_of_rows
def haversine_distance(target: Array, prediction: Array, radius: float = EARTH) -> Floats:
    """Mean great-circle distance in the unit of ``radius``, km without it (Sinnott 1984).

    Both sides have the columns latitude and longitude in degrees. Range from 0, at most pi · radius, lower is
    better; undefined for latitudes beyond 90, while longitudes may make whole turns.
    """
    _check_latitude(target, UndefinedByReference("a latitude of the answers is beyond 90"))
    _check_latitude(prediction, UndefinedBySubmission("a latitude of the predictions is beyond 90"))
    first, second = np.radians(target[:, 0]), np.radians(prediction[:, 0])
    half = np.radians(_angle(target[:, 1], prediction[:, 1])) / 2
    both = np.cos(first) * np.cos(second)
    near = np.square(np.sin((first - second) / 2)) + both * np.square(np.sin(half))
    # the haversine of the opposite place keeps the digits that 1 - near loses there
    far = np.square(np.sin((first + second) / 2)) + both * np.square(np.cos(half))
    distance: Floats = 2 * radius * np.arctan2(np.sqrt(near), np.sqrt(far))
    return distance


def _check_latitude(places: Array, error: Exception) -> None:
    if np.abs(places[:, 0]).max() > TURN / 4:
        raise error


def _angle(first: Array, second: Array) -> Floats:
    """Degrees from 0 to 180; turns are taken away before the difference, which keeps its digits."""
    apart = np.abs(np.remainder(first, TURN) - np.remainder(second, TURN))
    angle: Floats = np.minimum(apart, TURN - apart)
    return angle
