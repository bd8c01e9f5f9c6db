"""What a task may set on a metric."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any


@dataclass(frozen=True)
class Parameter:
    """One setting: ``meaning`` completes "is not …", ``example`` is a value that would do."""

    meaning: str
    example: str
    accepts: Callable[[Any], bool]
    required: bool = False


def is_number(value: Any) -> bool:
    """YAML's true and false are integers to Python, and no numbers to anybody else."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def is_count(value: Any) -> bool:
    """A whole number of at least one."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def is_label(value: Any) -> bool:
    """A text or an integer."""
    return (isinstance(value, int) and not isinstance(value, bool)) or (
        isinstance(value, str) and value != ""
    )


def are_labels(value: Any) -> bool:
    """At least two labels, none twice."""
    if not isinstance(value, list) or len(value) < 2 or not all(map(is_label, value)):
        return False
    return len(set(map(str, value))) == len(value)


def are_quantiles(value: Any) -> bool:
    """Numbers between 0 and 1, neither of them, from low to high."""
    if not isinstance(value, list) or not value or not all(map(is_number, value)):
        return False
    return all(low < high for low, high in pairwise([0, *value, 1]))


AVERAGES = ("macro", "micro", "weighted", "binary")
KAPPA_WEIGHTS = ("none", "linear", "quadratic")
ONE_CLASS_WAYS = ("refuse", "skip")

ALPHA = Parameter(
    "a number between 0 and 1, neither of them", "0.9", lambda v: is_number(v) and 0 < v < 1, required=True
)
AVERAGE = Parameter(f"one of {', '.join(AVERAGES)}", "macro", lambda v: v in AVERAGES)
BETA = Parameter(
    "a number above 0 and up to 1000", "2", lambda v: is_number(v) and 0 < v <= 1000, required=True
)
BINS = Parameter("a whole number from 1 to 1000", "15", lambda v: is_count(v) and v <= 1000)
K = Parameter("a whole number from 1", "10", is_count)
LABELS = Parameter("a list of at least two different texts or integers", "[cat, dog, fish]", are_labels)
LARGEST_ERROR = Parameter("a number above 0", "1000", lambda v: is_number(v) and v > 0)
MAX_FPR = Parameter(
    "a number above 0 and up to 1", "0.1", lambda v: is_number(v) and 0 < v <= 1, required=True
)
POSITIVE = Parameter("a text or an integer", '"yes"', is_label)
ONE_CLASS = Parameter(f"one of {', '.join(ONE_CLASS_WAYS)}", "skip", lambda v: v in ONE_CLASS_WAYS)
POWER = Parameter(
    "0, or a number from 1 to 10", "1.5", lambda v: is_number(v) and (v == 0 or 1 <= v <= 10), required=True
)
QUANTILES = Parameter(
    "a list of rising numbers between 0 and 1", "[0.1, 0.5, 0.9]", are_quantiles, required=True
)
RADIUS = Parameter("a number above 0", "6371", lambda v: is_number(v) and v > 0)
SMALLEST_SPREAD = Parameter("a number above 0", "70", lambda v: is_number(v) and v > 0, required=True)
TOP = Parameter("a whole number from 1", "5", is_count, required=True)
WEIGHTS = Parameter(f"one of {', '.join(KAPPA_WEIGHTS)}", "linear", lambda v: v in KAPPA_WEIGHTS)
