"""Residuals and the worst predictions: what they hold, and what they never tell."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluators.figures.kinds import MOST_BINS
from evaluators.figures.rows import WORST
from tests.evaluators.figures.drawing import drawn, one
from tests.evaluators.trial import Row

NUMBERS: Row = {"metric": "rmse", "target": "y"}
CHANCES: Row = {"metric": "log_loss", "target": "y"}
CLASSES: Row = {"metric": "brier", "target": "y", "prediction": ["p", "q", "r"], "labels": ["x", "y", "z"]}
SIZES = st.floats(-1e6, 1e6) | st.floats(-1e100, 1e100) | st.integers(-5, 5).map(float)


@given(st.lists(st.tuples(SIZES, SIZES), min_size=1, max_size=50))
def test_residuals_are_counted_as_numpy_counts_them(rows: list[tuple[float, float]]) -> None:
    answers, said = [y for y, _ in rows], [p for _, p in rows]
    figure = one(NUMBERS, {"y": answers}, {"y": said}, "residuals")
    edges, differences = np.array(figure["edges"]), np.subtract(said, answers)
    assert len(figure["counts"]) <= MOST_BINS
    assert sum(figure["counts"]) == len(rows)
    inside = np.clip(differences, edges[0], edges[-1])
    assert np.abs(inside - differences).max() <= 1e-9 * np.abs(differences).max()
    assert figure["counts"] == np.histogram(inside, edges)[0].tolist()
    assert figure["x"] == ""


def test_bins_have_round_middles_and_zero_is_one_of_them() -> None:
    said = [0.013, -0.29, 0.71, 0.3]
    edges = one(NUMBERS, {"y": [0.0] * 4}, {"y": said}, "residuals")["edges"]
    middles = [round((low + high) / 2, 9) for low, high in pairwise(edges)]
    assert middles == [round(0.05 * number, 9) for number in range(-6, 15)]


@pytest.mark.parametrize(
    ("off", "edges"), [(0.0, [-0.5, 0.5]), (3.0, [2.75, 3.25]), (-1e-200, [-1.05e-200, -9.5e-201])]
)
def test_residuals_that_are_all_alike_are_one_bar(off: float, edges: list[float]) -> None:
    figure = one(NUMBERS, {"y": [0.0, 0.0]}, {"y": [off, off]}, "residuals")
    assert (figure["edges"], figure["counts"]) == (edges, [2])


def test_differences_beyond_all_numbers_have_no_residuals() -> None:
    metric = {"metric": "mae", "target": "y"}
    assert drawn(metric, {"y": [0.0, 0.0]}, {"y": [1.7e308, -1.7e308]}, "residuals") == []


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=1, max_size=60))
def test_the_farthest_rows_come_first_and_of_equal_ones_those_that_the_submission_has_first(
    rows: list[tuple[int, int]],
) -> None:
    answers, said = [y for y, _ in rows], [p for _, p in rows]
    off = [abs(p - y) for y, p in rows]
    order = sorted((number for number in range(len(rows)) if off[number]), key=lambda n: (-off[n], n))[:WORST]
    found = drawn(NUMBERS, {"y": answers}, {"y": said}, "examples")
    assert [figure["columns"] for figure in found] == [["id", "prediction"]] * bool(order)
    assert [row for figure in found for row in figure["rows"]] == [[f"r{n}", said[n]] for n in order]


def test_of_probabilities_those_are_worst_that_are_farthest_from_what_happened() -> None:
    answers, said = {"y": [1, 0, 1, 0]}, {"y": [0.2, 0.1, 1.0, 0.9]}
    rows = one(CHANCES, answers, said, "examples")["rows"]
    assert rows == [["r3", 0.9], ["r0", 0.2], ["r1", 0.1]]


def test_of_classes_the_likeliest_is_shown_and_never_the_answer() -> None:
    answers = {"y": ["x", "y", "z"]}
    said = {"p": [0.5, 0.9, 0.0], "q": [0.3, 0.1, 0.0], "r": [0.2, 0.0, 1.0]}
    rows = one(CLASSES, answers, said, "examples")["rows"]
    assert rows == [["r1", "x"], ["r0", "x"]]
