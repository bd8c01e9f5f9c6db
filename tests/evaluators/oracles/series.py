"""Scaled errors by their definitions, series by series."""

import math
from collections import defaultdict
from typing import Any

import numpy as np
from hypothesis import strategies as st

from evaluators.errors import UndefinedByReference
from tests.evaluators.arrays import columns, few, plain
from tests.evaluators.oracle import Edge, Oracle, edge

size = st.one_of(st.floats(0.01, 1e4), st.just(1.0))
panels = st.one_of(columns(plain, plain, st.integers(0, 4)), columns(few, few, st.integers(0, 9)))


def with_sizes(count: int) -> st.SearchStrategy[tuple[Any, ...]]:
    """Panels, and so many columns that are the same in all rows of a series."""
    sizes = st.lists(size, min_size=10, max_size=10).map(np.array)
    made = st.tuples(panels, st.lists(sizes, min_size=count, max_size=count))
    return made.map(lambda found: (*found[0], *(column[found[0][2]] for column in found[1])))


def by_series(target: Any, prediction: Any, groups: Any, scale: Any, *_: Any) -> dict[int, list[float]]:
    """The scaled errors of each series."""
    errors = defaultdict(list)
    rows = zip(*(column.tolist() for column in (target, prediction, groups, scale)), strict=True)
    for t, p, code, unit in rows:
        errors[code].append((t - p) / unit)
    return errors


def root_mean_square(errors: list[float]) -> float:
    return math.sqrt(math.fsum(error**2 for error in errors) / len(errors))


def mase(*panel: Any) -> float:
    return mean([mean([abs(error) for error in own]) for own in by_series(*panel).values()])


def rmsse(*panel: Any) -> float:
    return mean([root_mean_square(own) for own in by_series(*panel).values()])


def weighted_rmsse(*panel: Any) -> float:
    errors, weights = by_series(*panel), dict(zip(panel[2].tolist(), panel[4].tolist(), strict=True))
    each = [weights[code] * root_mean_square(own) for code, own in errors.items()]
    return math.fsum(each) / math.fsum(weights.values())


def mean(values: list[float]) -> float:
    return math.fsum(values) / len(values)


def naive(**beside: Any) -> list[Edge]:
    """A naive forecast of a steady history, and histories without errors."""
    pair, codes = ([3.0, 5.0], [5.0, 3.0]), [0, 0]
    return [
        edge(*pair, codes, gives=1, scale=np.full(2, 2.0), **beside),
        edge([1.0, 1.0], [1.0, 1.0], [0, 1], gives=0, scale=np.ones(2), **beside),
        *(
            edge(
                [1.0, 1.0], [1.0, 1.0], [0, 1], gives=UndefinedByReference, scale=np.array([1, bad]), **beside
            )
            for bad in (0.0, -1.0)
        ),
    ]


ORACLES = {
    "mase": Oracle(mase, with_sizes(1), edges=naive()),
    "rmsse": Oracle(rmsse, with_sizes(1), edges=naive()),
    "weighted_rmsse": Oracle(
        weighted_rmsse,
        with_sizes(2),
        edges=[
            *naive(weight=np.full(2, 3.0)),
            *(
                edge(
                    [1.0, 1.0],
                    [1.0, 1.0],
                    [0, 1],
                    gives=UndefinedByReference,
                    scale=np.ones(2),
                    weight=np.array(bad),
                )
                for bad in ([0.0, 0.0], [2.0, -1.0])
            ),
        ],
    ),
}
