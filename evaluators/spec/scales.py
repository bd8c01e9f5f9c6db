"""Where a score can lie, and points from 0 to 100 that a baseline and a target give it."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

from evaluators.catalogue import Direction, MetricInfo
from evaluators.catalogue.parameters import is_number
from evaluators.spec.given import Given

FULL = 100.0
NEAREST = 1e-9
_KEYS = ("low", "high", "clip")
_MEANING = (
    "Write under low the score that gets 0, a baseline's, and under high the one that gets 100, like "
    "scale: {low: 0.52, high: 0.97}."
)


@dataclass(frozen=True)
class Scale:
    """``low`` gets 0 points and ``high`` 100, on a straight line; clipped, nothing gets less or more."""

    low: float
    high: float
    clip: bool = True

    def of(self, score: float) -> float:
        """The points of a score."""
        points = FULL * (score - self.low) / (self.high - self.low)
        return min(FULL, max(0.0, points)) if self.clip else points


@dataclass(frozen=True)
class Range:
    """Which way a score is better, and its bounds."""

    direction: Direction
    low: float = -inf
    high: float = inf

    @classmethod
    def of(cls, info: MetricInfo) -> "Range":
        """That of a metric."""
        low, high = (-inf if info.low is None else info.low), (inf if info.high is None else info.high)
        return cls(info.direction, low, high)

    def scaled(self, scale: Scale | None) -> "Range":
        """That of the points: the better score gets more of them."""
        if scale is None:
            return self
        low, high = sorted((scale.of(self.low), scale.of(self.high)))
        return Range("higher", low, high)


def parse_scale(given: Given, direction: Direction) -> Scale | None:
    """What stands under ``scale``.

    Raises:
        SpecError: it cannot be used, or the score that gets 100 is not the better one.
    """
    if "scale" not in given.values:
        return None
    values = given.values["scale"]
    if not isinstance(values, Mapping):
        raise given.error("scale", f"{values!r} is not a mapping.", _MEANING)
    inner = Given(values, given.at("scale"))
    inner.check_keys(_KEYS)
    for key in ("low", "high"):
        if not is_number(values.get(key)):
            problem = f"{values[key]!r} is not a number." if key in values else "is missing."
            raise inner.error(key, problem, _MEANING)
    low, high, clip = values["low"], values["high"], values.get("clip", True)
    if not isinstance(clip, bool):
        raise inner.error("clip", f"{clip!r} is neither true nor false.", "Write true, or false.")
    if (high <= low) if direction == "higher" else (low <= high):
        problem = f"{high} is no better than low, {low}: {direction} is better here."
        raise inner.error("high", problem, _MEANING)
    if abs(high - low) < NEAREST:
        raise inner.error("high", f"{high} and low, {low}, are too close to each other.", _MEANING)
    return Scale(float(low), float(high), clip)
