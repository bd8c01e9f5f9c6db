"""The volume of fronts against a count of cells."""

import itertools
import math
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from evaluators.errors import UndefinedByReference
from evaluators.formulas.fronts import hypervolume
from tests.evaluators.arrays import CLOSE

value = st.one_of(st.integers(0, 4).map(float), st.floats(-1, 6))
points = st.integers(2, 4).flatmap(
    lambda objectives: st.integers(1, 7).flatmap(
        lambda rows: arrays(np.float64, (rows, objectives), elements=value)
    )
)


def volume(found: list[list[float]], reference: list[float]) -> float:
    """Of the cells that all coordinates cut space into, those that a point is better than."""
    edges = [sorted({r, *(p[n] for p in found if p[n] < r)}) for n, r in enumerate(reference)]
    total = 0.0
    for cell in itertools.product(*(list(itertools.pairwise(line)) for line in edges)):
        if any(all(p <= low for p, (low, _) in zip(point, cell, strict=True)) for point in found):
            total += math.prod(high - low for low, high in cell)
    return total


def found_volume(matrix: np.ndarray, reference: list[float], **more: list[str]) -> float:
    rows = len(matrix)
    return hypervolume(np.zeros(rows), matrix, np.zeros(rows, dtype=int), reference_point=reference, **more)


@given(points)
def test_hypervolume_is_the_cells_that_a_point_is_better_than(matrix: np.ndarray) -> None:
    reference = [4.0, 5.0, 3.0, 4.0][: matrix.shape[1]]
    expected = volume(matrix.tolist(), reference)
    assert found_volume(matrix, reference) == pytest.approx(expected, **CLOSE)


@given(points)
def test_a_direction_turns_an_objective_round(matrix: np.ndarray) -> None:
    reference = [4.0, 5.0, 3.0, 4.0][: matrix.shape[1]]
    ways = ["max", "min", "max", "max"][: matrix.shape[1]]
    signs = np.array([-1 if way == "max" else 1 for way in ways])
    turned = found_volume(matrix * signs, (np.array(reference) * signs).tolist(), directions=ways)
    assert turned == pytest.approx(found_volume(matrix, reference), **CLOSE)


def test_points_that_add_nothing_and_points_beyond_the_reference() -> None:
    front = np.array([[1.0, 3.0], [2.0, 2.0], [3.0, 1.0]])
    assert found_volume(front, [4, 4]) == 6
    assert found_volume(np.vstack([front, front, [[3.0, 3.0], [0.0, 4.0], [9.0, -5.0]]]), [4, 4]) == 6
    assert found_volume(np.full((3, 2), 4.0), [4, 4]) == 0


def test_every_problem_counts_as_one() -> None:
    found = np.array([[0.0, 0.0], [1.0, 1.0], [3.0, 3.0], [5.0, 5.0]])
    groups = np.array([7, 3, 3, 3])
    assert hypervolume(np.zeros(4), found, groups, reference_point=[4, 4]) == (16 + 9) / 2


def test_a_front_of_three_objectives_takes_a_moment_and_of_too_many_is_refused() -> None:
    began = time.process_time()
    angles = np.random.default_rng(1).uniform(0, np.pi / 2, (2, 20_000))
    sphere = np.column_stack(
        [np.cos(angles[0]) * np.cos(angles[1]), np.sin(angles[0]) * np.cos(angles[1]), np.sin(angles[1])]
    )
    assert found_volume(-sphere, [0, 0, 0]) == pytest.approx(math.pi / 6, rel=0.02)
    assert time.process_time() - began < 5
    with pytest.raises(UndefinedByReference, match="101 points are too many for 5 objectives"):
        found_volume(np.zeros((101, 5)), [1] * 5)
    assert found_volume(np.zeros((100, 5)), [1] * 5) == 1
