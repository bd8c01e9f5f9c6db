"""Errors of numbers by scikit-learn, and row by row where it has none."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from hypothesis import strategies as st
from sklearn import metrics as oracle

from evaluators.errors import UndefinedByReference, UndefinedBySubmission
from tests.evaluators.arrays import Pair, columns, numbers, plain, positive
from tests.evaluators.oracle import Edge, Oracle, edge

not_below_zero = st.one_of(positive, st.just(0.0))


def rows(pair: tuple[Any, ...]) -> Iterator[tuple[float, float]]:
    return zip(*(side.tolist() for side in pair), strict=True)


def smape(*pair: Any) -> float:
    each = [2 * abs(t - p) / (abs(t) + abs(p)) if t or p else 0.0 for t, p in rows(pair)]
    return math.fsum(each) / len(each)


def rmspe(*pair: Any) -> float:
    each = [((t - p) / t) ** 2 for t, p in rows(pair)]
    return math.sqrt(math.fsum(each) / len(each))


def wape(*pair: Any) -> float:
    return math.fsum(abs(t - p) for t, p in rows(pair)) / math.fsum(map(abs, pair[0].tolist()))


def sizeable(pair: Pair) -> bool:
    """Below, a quotient leaves the range in which digits can be compared."""
    return float(np.abs(pair[0]).sum()) > 1e-3


def spread(pair: Pair) -> bool:
    """Where the spread is of the size of rounding, two right implementations may differ."""
    return bool(np.ptp(pair[0]) > max(1e-100, 1e-3 * np.abs(pair[0]).max()))


def defined(constant: float, **settings: Any) -> list[Edge]:
    """One row, and all alike."""
    return [
        edge([4.0], [4.0], gives=0, **settings),
        edge([1.0, 1.0], [3.0, 3.0], gives=constant, **settings),
    ]


OVERFLOW = edge([1.0, 2.0], [1e308, -1.7e308], gives=UndefinedBySubmission)
ZERO = edge([1.0, 0.0], [1.0, 1.0], gives=UndefinedByReference)

ORACLES = {
    "rmse": Oracle(oracle.root_mean_squared_error, numbers(), edges=[*defined(2), OVERFLOW]),
    "mae": Oracle(oracle.mean_absolute_error, numbers(), edges=[*defined(2), OVERFLOW]),
    "rmsle": Oracle(
        oracle.root_mean_squared_log_error,
        columns(not_below_zero, not_below_zero),
        edges=[
            edge([0.0, 0.0], [0.0, 0.0], gives=0),
            edge([1.0, 0.0], [1.0, -0.5], gives=UndefinedBySubmission),
            edge([1.0, -0.5], [1.0, -0.5], gives=UndefinedByReference),
        ],
    ),
    "mape": Oracle(
        oracle.mean_absolute_percentage_error,
        columns(positive, plain),
        edges=[ZERO, edge([4.0, 4.0], [3.0, 3.0], gives=0.25)],
    ),
    "smape": Oracle(
        smape, numbers(), edges=[edge([0.0, 0.0], [0.0, 5.0], gives=1), edge([1.0], [1.0], gives=0)]
    ),
    "r2": Oracle(
        oracle.r2_score,
        numbers(least=2).filter(spread),
        edges=[
            edge([3.0], [0.0], gives=UndefinedByReference),
            edge([2.0, 2.0], [2.0, 2.0], gives=UndefinedByReference),
            edge([1.0, 3.0], [2.0, 2.0], gives=0),
            OVERFLOW,
        ],
    ),
    "pinball": Oracle(
        oracle.mean_pinball_loss, numbers(), {"alpha": st.floats(0.01, 0.99)}, defined(0.2, alpha=0.9)
    ),
    "median_absolute_error": Oracle(
        oracle.median_absolute_error,
        numbers(),
        edges=[edge([1.0, 1.0, 1.0], [1e300, 2.0, 1.0], gives=1), edge([1.0, 1.0], [1.0, 4.0], gives=1.5)],
    ),
    "max_error": Oracle(oracle.max_error, numbers(), edges=defined(2)),
    "rmspe": Oracle(rmspe, columns(positive, plain), edges=[ZERO, edge([4.0, 4.0], [3.0, 3.0], gives=0.25)]),
    "wape": Oracle(
        wape,
        numbers().filter(sizeable),
        edges=[
            edge([0.0, -4.0], [1.0, -3.0], gives=0.5),
            edge([0.0, 0.0], [1.0, 1.0], gives=UndefinedByReference),
        ],
    ),
}
