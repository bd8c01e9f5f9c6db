"""Correlations by scipy."""

from typing import Any

import numpy as np
from hypothesis import strategies as st
from scipy import stats

from evaluators.errors import UndefinedByReference, UndefinedBySubmission
from tests.evaluators.arrays import Pair, columns, few, numbers, score
from tests.evaluators.oracle import Oracle, edge

CONSTANT, OTHER = [0.1, 0.1, 0.1], [1.0, 2.0, 3.0]
EDGES = [
    edge(CONSTANT, OTHER, gives=UndefinedByReference),
    edge(CONSTANT, CONSTANT, gives=UndefinedByReference),
    edge([4.0], [4.0], gives=UndefinedByReference),
    edge(OTHER, CONSTANT, gives=UndefinedBySubmission),
]


def spread(pair: Pair) -> bool:
    """Where the spread is of the size of rounding, no digit of a result means anything."""
    return all(np.ptp(side) > 1e-6 * np.abs(side).max() for side in pair)


def varied(pair: Pair) -> bool:
    return all(side.min() < side.max() for side in pair)


def pearson(*pair: Any) -> Any:
    return stats.pearsonr(*pair).statistic


def spearman(*pair: Any) -> Any:
    return stats.spearmanr(*pair).statistic


ORACLES = {
    "spearman": Oracle(
        spearman,
        st.one_of(columns(score, score, least=2), columns(few, few, least=2)).filter(varied),
        edges=[*EDGES, edge([1, 2, 2], [9, 9, 5], gives=-0.5)],
    ),
    "pearson": Oracle(
        pearson,
        numbers(least=2).filter(spread),
        edges=[*EDGES, edge([1, 2, 4], [1e308, 0.5e308, -0.5e308], gives=-1)],
    ),
}
