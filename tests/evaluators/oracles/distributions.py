"""Distributions by SciPy and plain sums."""

import math
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats
from scipy.spatial.distance import jensenshannon

from evaluators.errors import UndefinedBySubmission
from tests.evaluators.arrays import Pair, numbers
from tests.evaluators.oracle import Edge, Oracle, edge

share = st.one_of(st.floats(0.01, 1), st.sampled_from([0.0, 0.5, 1.0]))
PLACES = [[0, 1, 2, 3], [-5, 0.5, 1, 100]]


@st.composite
def matrices(draw: st.DrawFn, width: int | None = None) -> Pair:
    """Rows that sum to one, many with nothing in some columns."""
    shape = draw(st.integers(1, 8)), width or draw(st.integers(2, 6))
    target, prediction = (draw(arrays(np.float64, shape, elements=share)) for _ in range(2))
    for matrix in (target, prediction):
        matrix[matrix.sum(axis=1) == 0] = 1.0
    return target / target.sum(axis=1, keepdims=True), prediction / prediction.sum(axis=1, keepdims=True)


def kl(target: Any, prediction: Any) -> float:
    rows = zip(target.tolist(), prediction.tolist(), strict=True)
    return math.fsum(divergence(t, p) for t, p in rows) / len(target)


def divergence(target: list[float], prediction: list[float]) -> float:
    return sum(t * math.log(t / max(p, 2.0**-52)) for t, p in zip(target, prediction, strict=True) if t)


def js(*pair: Any) -> Any:
    return np.mean([np.nan_to_num(jensenshannon(t, p, base=2)) ** 2 for t, p in zip(*pair, strict=True)])


def work(*pair: Any, positions: list[float]) -> Any:
    return np.mean(
        [stats.wasserstein_distance(positions, positions, t, p) for t, p in zip(*pair, strict=True)]
    )


SURE, OTHER, LEAST = np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]]), np.array([[5e-324, 1.0]])


def edges(apart: float) -> list[Edge]:
    """The same, the opposite, what is almost nothing, sums other than one, and no share at all."""
    return [
        edge(SURE, SURE, gives=0),
        edge(SURE, OTHER, gives=apart),
        edge(LEAST, LEAST, gives=0),
        edge(SURE * 3, OTHER / 2, gives=apart),
        edge(SURE, SURE * 0, gives=UndefinedBySubmission),
    ]


ORACLES = {
    "kl_divergence": Oracle(kl, matrices(), edges=edges(52 * math.log(2))),
    "js_divergence": Oracle(js, matrices(), edges=edges(1)),
    "earth_movers_distance": Oracle(
        work,
        matrices(width=4),
        {"positions": st.sampled_from(PLACES)},
        edges=[*edges(1), edge(SURE, OTHER, gives=10, positions=[2, 12])],
    ),
    "wasserstein_distance": Oracle(
        stats.wasserstein_distance,
        numbers(),
        edges=[
            edge([1.0, 2, 3], [3.0, 1, 2], gives=0),
            edge([0.0, 0], [1.0, 3], gives=2),
            edge([7.0], [5.0], gives=2),
        ],
        close={"rel": 1e-9, "abs": 1e-8},
    ),
}
