"""Metrics on the circle and on the globe: t is the target, p the prediction, both in degrees."""

import numpy as np

from evaluators.formulas.guard import Array, Floats, metric

TURN = 360.0


@metric
def angular_error(target: Array, prediction: Array) -> float:
    """Mean of the smaller angle between t and p in degrees, so that 359 is 2 away from 1 (Fisher 1993).

    Range 0..180, lower is better; every number is an angle, whole turns count for nothing.
    """
    return float(np.mean(_angle(target, prediction)))


def _angle(first: Array, second: Array) -> Floats:
    """Degrees from 0 to 180; turns are taken away before the difference, which keeps its digits."""
    apart = np.abs(np.remainder(first, TURN) - np.remainder(second, TURN))
    angle: Floats = np.minimum(apart, TURN - apart)
    return angle
