"""The volume of fronts by counting the cells that all coordinates cut space into."""

import itertools
import math
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from evaluators.errors import UndefinedByReference
from tests.evaluators.oracle import Oracle, edge

value = st.one_of(st.integers(0, 4).map(float), st.floats(-1, 6))


@st.composite
def fronts(draw: st.DrawFn) -> tuple[Any, ...]:
    """Nothing to compare with, points of two to four objectives, the reference point, the directions."""
    rows, objectives = draw(st.integers(1, 7)), draw(st.integers(2, 4))
    points = draw(arrays(np.float64, (rows, objectives), elements=value))
    ways = draw(st.lists(st.sampled_from(["min", "max"]), min_size=objectives, max_size=objectives))
    return np.zeros(rows), points, [4.0, 2.0, 3.0, 4.0][:objectives], ways


def volume(_: Any, points: Any, reference_point: list[float], directions: list[str]) -> float:
    """Of the cells that a point is better than."""
    signs = [-1 if way == "max" else 1 for way in directions]
    found = (points * signs).tolist()
    origin = [sign * r for sign, r in zip(signs, reference_point, strict=True)]
    edges = [sorted({r, *(p[n] for p in found if p[n] < r)}) for n, r in enumerate(origin)]
    return math.fsum(
        math.prod(high - low for low, high in cell)
        for cell in itertools.product(*(list(itertools.pairwise(line)) for line in edges))
        if any(all(p <= low for p, (low, _) in zip(point, cell, strict=True)) for point in found)
    )


FRONT = np.array([[1.0, 3.0], [2.0, 2.0], [3.0, 1.0]])
BEYOND = np.array([[3.0, 3.0], [0.0, 4.0], [9.0, -5.0]])

ORACLES = {
    "hypervolume": Oracle(
        volume,
        fronts(),
        edges=[
            edge(np.zeros(3), FRONT, [4, 4], gives=6),
            edge(np.zeros(3), -FRONT, [-4, -4], gives=6, directions=["max", "max"]),
            edge(np.zeros(9), np.vstack([FRONT, FRONT, BEYOND]), [4, 4], gives=6),
            edge(np.zeros(3), np.full((3, 2), 4.0), [4, 4], gives=0),
            edge(np.zeros(100), np.zeros((100, 5)), [1] * 5, gives=1),
            edge(np.zeros(101), np.zeros((101, 5)), [1] * 5, gives=UndefinedByReference),
            edge(np.zeros(100_001), np.zeros((100_001, 3)), [1] * 3, gives=UndefinedByReference),
        ],
    )
}
