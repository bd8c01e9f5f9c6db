"""The `uncertainty` key of a task's evaluation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evaluators.catalogue.parameters import is_number
from evaluators.spec.given import Given

FEWEST_RESAMPLES, MOST_RESAMPLES = 99, 1999
LOWEST_LEVEL, HIGHEST_LEVEL = 0.5, 0.99
_KEYS = ("level", "resamples", "seed")
_OFF = "Write off, or some of level, resamples and seed, like uncertainty: {level: 0.95, resamples: 399}."


@dataclass(frozen=True)
class Uncertainty:
    """How intervals are made: so many resamples, for intervals that hold the truth this often.

    A ``seed`` takes the place of the reference's own: two tasks with it draw alike.
    """

    level: float = 0.9
    resamples: int = 199
    seed: int | None = None


def parse_uncertainty(given: Given) -> Uncertainty | None:
    """What stands under ``uncertainty``; None where it is off, which YAML reads as false.

    Raises:
        SpecError: it cannot be used.
    """
    values = given.values.get("uncertainty", {})
    if values is False or values == "off":
        return None
    if not isinstance(values, Mapping):
        raise given.error("uncertainty", f"{values!r} is neither off nor a mapping.", _OFF)
    inner = Given(values, given.at("uncertainty"))
    inner.check_keys(_KEYS)
    return Uncertainty(_level(inner), _resamples(inner), _seed(inner))


def _level(given: Given) -> float:
    level = given.values.get("level", Uncertainty.level)
    if not is_number(level) or not LOWEST_LEVEL <= level <= HIGHEST_LEVEL:
        remedy = f"Write a number from {LOWEST_LEVEL} to {HIGHEST_LEVEL}, like level: 0.9."
        raise given.error("level", f"{level!r} is no such share.", remedy)
    return float(level)


def _resamples(given: Given) -> int:
    count = given.values.get("resamples", Uncertainty.resamples)
    if not _is_whole(count) or not FEWEST_RESAMPLES <= count <= MOST_RESAMPLES:
        remedy = f"Write a whole number from {FEWEST_RESAMPLES} to {MOST_RESAMPLES}, like resamples: 199."
        raise given.error("resamples", f"{count!r} is no such number.", remedy)
    return int(count)


def _seed(given: Given) -> int | None:
    seed = given.values.get("seed")
    if seed is not None and (not _is_whole(seed) or not 0 <= seed < 2**63):
        raise given.error("seed", f"{seed!r} is no whole number from 0.", "Leave it out, or write one.")
    return seed


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
