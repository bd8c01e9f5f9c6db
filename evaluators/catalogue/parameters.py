"""What a task may set on a metric."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from evaluators.trees import are_parents
from evaluators.words import N_


@dataclass(frozen=True)
class Parameter:
    """One setting: ``what`` it does, and what holds by ``default`` where it is not required.

    ``meaning`` completes "is not …"; ``example`` is a value that would do. A default that is a value and no
    words stands in backticks.
    """

    meaning: str
    example: str
    accepts: Callable[[Any], bool]
    required: bool = False
    what: str = ""
    default: str = ""


def one_of(meaning: str, what: str, default: str, example: str) -> Parameter:
    """A choice among the words that ``meaning`` lists."""
    ways = meaning.removeprefix("one of ").split(", ")
    return Parameter(meaning, example, lambda value: value in ways, what=what, default=f"`{default}`")


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

_SHARE = N_("a number between 0 and 1, neither of them")
_ABOVE_ZERO = N_("a number above 0")
_COUNT = N_("a whole number from 1")
_LABELS = N_("a list of at least two different texts or integers")
_OCCURRING = N_("the labels that occur in the reference, integers by size, texts by their characters")


def _is_share(value: Any) -> bool:
    return is_number(value) and 0 < value < 1


def _is_above_zero(value: Any) -> bool:
    return is_number(value) and value > 0


ALPHA = Parameter(_SHARE, "0.9", _is_share, required=True, what=N_("The quantile that is predicted."))
MISSES = Parameter(
    _SHARE,
    "0.1",
    _is_share,
    required=True,
    what=N_("How often the interval may miss: 0.1 for an interval of 90 per cent."),
)
AVERAGE = one_of(
    N_("one of macro, micro, weighted, binary"),
    N_(
        "How classes become one number: their mean (macro), over the counts of all (micro), weighted by "
        "their rows (weighted), or the positive class alone (binary)."
    ),
    "macro",
    "macro",
)
BETA = Parameter(
    N_("a number above 0 and up to 1000"),
    "2",
    lambda v: is_number(v) and 0 < v <= 1000,
    required=True,
    what=N_("Recall counts this many times as much as precision."),
)
BINS = Parameter(
    N_("a whole number from 1 to 1000"),
    "15",
    lambda v: is_count(v) and v <= 1000,
    what=N_("The number of bins of equal width between 0 and 1."),
    default="`10`",
)
K = Parameter(
    _COUNT, "10", is_count, what=N_("Only the first k ranks count."), default=N_("every rank counts")
)
TOP = Parameter(_COUNT, "5", is_count, required=True, what=N_("Only the first k ranks count."))
TOP_CLASSES = Parameter(
    _COUNT,
    "5",
    is_count,
    required=True,
    what=N_("Among how many classes the right one may be; fewer than there are columns."),
)
LABELS = Parameter(
    _LABELS,
    "[cat, dog, fish]",
    are_labels,
    what=N_(
        "Every label that a prediction may have; with a list of columns, the label of each in the same order."
    ),
    default=_OCCURRING,
)
GRADES = Parameter(
    _LABELS,
    "[poor, fair, good]",
    are_labels,
    what=N_("Every label that a prediction may have, from the lowest to the highest."),
    default=_OCCURRING,
)
LARGEST_ERROR = Parameter(
    _ABOVE_ZERO,
    "1000",
    _is_above_zero,
    what=N_("A larger absolute error counts as this one; 1000 in the competition of OSIC."),
    default=N_("every error counts as it is"),
)
MAX_FPR = Parameter(
    N_("a number above 0 and up to 1"),
    "0.1",
    lambda v: is_number(v) and 0 < v <= 1,
    required=True,
    what=N_("The area ends at this false positive rate."),
)
POSITIVE = Parameter(
    N_("a text or an integer"),
    '"yes"',
    is_label,
    what=N_("The label that counts as positive."),
    default=N_("1, where the labels are 0 and 1; otherwise it must be given"),
)
ONE_CLASS = one_of(
    N_("one of refuse, skip"),
    N_("Whether a column of one class leaves the score undefined, or is left out of the mean."),
    "refuse",
    "skip",
)
POWER = Parameter(
    N_("0, or a number from 1 to 10"),
    "1.5",
    lambda v: is_number(v) and (v == 0 or 1 <= v <= 10),
    required=True,
    what=N_("The variance grows with this power of the mean."),
)
QUANTILES = Parameter(
    N_("a list of rising numbers between 0 and 1"),
    "[0.1, 0.5, 0.9]",
    are_quantiles,
    required=True,
    what=N_("The quantile of each column, in the same order."),
)
RADIUS = Parameter(
    _ABOVE_ZERO,
    "6371",
    _is_above_zero,
    what=N_("The radius of the globe, in the unit that the score is to have."),
    default=N_("6371.0088, the mean radius of the Earth in km"),
)
SMALLEST_SPREAD = Parameter(
    _ABOVE_ZERO,
    "70",
    _is_above_zero,
    required=True,
    what=N_("A smaller spread counts as this one; 70 in the competition of OSIC."),
)
WEIGHTS = one_of(
    N_("one of none, linear, quadratic"),
    N_("How much it counts that two labels lie apart: the same for all, their distance, or its square."),
    "none",
    "linear",
)
MAX_RELEVANCE = Parameter(
    N_("a whole number from 1 to 30"),
    "4",
    lambda v: is_count(v) and v <= 30,
    required=True,
    what=N_(
        "The highest relevance there is: the grade that satisfies a reader best. None of the answers may be "
        "above it."
    ),
)
CATALOGUE = Parameter(
    _COUNT,
    "5000",
    is_count,
    what=N_("How many items there are in all, also those that no row names."),
    default=N_("the items that a split names"),
)
F_BETA = Parameter(BETA.meaning, BETA.example, BETA.accepts, what=BETA.what, default="`1`")
PARENTS = Parameter(
    N_("a mapping of each label to the one above it, without a ring"),
    "{cat: mammal, dog: mammal, mammal: animal}",
    are_parents,
    what=N_("What stands above each label that is not at the top."),
    default=N_("labels are paths, like animal/mammal/cat"),
)
