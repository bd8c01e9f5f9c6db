"""Scales with round marks, for whatever finite numbers there are."""

import math
import sys
from collections.abc import Iterable
from dataclasses import dataclass

MARKS = 5
MOST_MARKS = 12
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True)
class Mark:
    """A line of the scale: where, and its text."""

    at: float
    text: str


@dataclass(frozen=True)
class Axis:
    """Values from ``low`` to ``high``, drawn from ``start`` to ``end``."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        # By halves, for the whole may be more than a float holds.
        span = self.high / 2 - self.low / 2
        share = (value / 2 - self.low / 2) / span if span > 0 else 0.5
        return round(self.start + min(max(share, 0.0), 1.0) * (self.end - self.start), 1)

    def marks(self) -> list[Mark]:
        """Round values along the axis, each text once."""
        found = {text(value): Mark(self(value), text(value)) for value in _round_values(self.low, self.high)}
        return list(found.values())


def extent(values: Iterable[float]) -> tuple[float, float]:
    """Where an axis begins and ends: from nought to one for shares, else what the values take."""
    given = list(values) or [0.0, 1.0]
    low, high = min(given), max(given)
    if low >= 0 and 0 < high <= 1:
        return 0.0, 1.0
    if low < high:
        return low, high
    around = (abs(low) or 1.0) / 2
    return max(low - around, -sys.float_info.max), min(high + around, sys.float_info.max)


def text(value: float) -> str:
    """A number as figures write it."""
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value + 0.0:.6g}"


def _round_values(low: float, high: float) -> list[float]:
    rough = (high / 2 - low / 2) / MARKS * 2
    if not 0 < rough < math.inf:
        return [low, high]
    power = 10.0 ** math.floor(math.log10(rough))
    if power == 0:
        return [low, high]
    step = next(step for step in STEPS if step * power >= rough * (1 - 1e-9)) * power
    first = math.ceil(low / step)
    values = [(first + n) * step for n in range(MOST_MARKS)]
    return [value for value in values if low <= value <= high] or [low, high]
