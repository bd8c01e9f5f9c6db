"""Curves stay on those of scikit-learn, however few of their points are kept."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve
from sklearn.metrics import auc, precision_recall_curve, roc_auc_score, roc_curve

from evaluators.figures.comparing import FEWER_POINTS
from evaluators.figures.kinds import MOST_LINES, MOST_POINTS, Figure
from tests.evaluators.figures.drawing import drawn, one
from tests.evaluators.trial import Row

SCORES: Row = {"metric": "roc_auc", "target": "y"}
CHANCES: Row = {"metric": "log_loss", "target": "y"}
CLASSES: Row = {"metric": "log_loss", "target": "y", "prediction": ["p", "q", "r"], "labels": ["x", "y", "z"]}
LABELS: Row = {"metric": "mean_roc_auc", "target": ["a", "b"], "prediction": ["p", "q"]}
ROWS = st.lists(st.tuples(st.booleans(), st.integers(-4, 6)), min_size=2, max_size=40)


def points(figure: Figure, line: int = 0) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array(figure["lines"][line]["points"])


def both(rows: list[tuple[bool, float]]) -> tuple[list[int], list[float]]:
    answers = [int(answer) for answer, _ in rows]
    assume(len(set(answers)) == 2)
    return answers, [score for _, score in rows]


def many(rows: int, seed: int = 1) -> tuple[list[int], list[float]]:
    random = np.random.default_rng(seed)
    answers = random.integers(0, 2, rows)
    return answers.tolist(), (answers + random.normal(size=rows)).tolist()


@given(ROWS)
def test_a_roc_curve_has_the_corners_of_scikit_learns(rows: list[tuple[bool, float]]) -> None:
    answers, scores = both(rows)
    figure = one(SCORES, {"y": answers}, {"y": scores}, "roc")
    assert (figure["x"], figure["y"], figure["diagonal"]) == ("", "", True)
    across, up, _ = roc_curve(answers, scores)
    found = points(figure)
    every = np.column_stack([across, up]).round(6).tolist()
    assert all(point in every for point in found.tolist())
    assert auc(*found.T) == pytest.approx(roc_auc_score(answers, scores), abs=1e-5)
    steps = np.diff(found, axis=0)
    assert not (np.abs(steps[1:, 0] * steps[:-1, 1] - steps[1:, 1] * steps[:-1, 0]) < 1e-9).any()


@given(ROWS)
def test_precision_at_each_recall_is_the_best_that_a_threshold_reaches(
    rows: list[tuple[bool, float]],
) -> None:
    answers, scores = both(rows)
    figure = one(SCORES, {"y": answers}, {"y": scores}, "pr")
    precision, recall, _ = precision_recall_curve(answers, scores)
    best: dict[float, float] = {}
    for share, found in zip(precision[:-1], recall[:-1], strict=True):  # the last one is no threshold
        best[found] = max(share, best.get(found, 0.0))
    wanted = sorted((found, share) for found, share in best.items() if found)
    np.testing.assert_allclose(points(figure), wanted, atol=1e-6)
    assert not figure["diagonal"]


def test_of_many_points_some_are_kept_that_lie_on_the_curve_and_span_it() -> None:
    answers, scores = many(20_000)
    roc, pr = drawn(SCORES, {"y": answers}, {"y": scores}, "roc", "pr")
    corners, found = np.column_stack(roc_curve(answers, scores)[:2]), points(roc)
    assert MOST_POINTS - 20 < len(found) <= MOST_POINTS
    assert (found[0].tolist(), found[-1].tolist()) == ([0, 0], [1, 1])
    assert np.abs(corners[:, None] - found).max(axis=2).min(axis=0).max() < 1e-6
    assert auc(*found.T) == pytest.approx(roc_auc_score(answers, scores), abs=1e-3)
    precision, recall, _ = precision_recall_curve(answers, scores)
    found = points(pr)
    assert MOST_POINTS - 20 < len(found) <= MOST_POINTS
    assert (np.diff(found[:, 0]) > 0).all()
    assert np.diff(found[:, 0]).max() < 0.02
    thresholds = np.column_stack([recall, precision])
    assert np.abs(thresholds[:, None] - found).max(axis=2).min(axis=0).max() < 1e-6
    assert np.abs(np.diff(found[5:, 1])).max() < 0.03


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 99)), min_size=2, max_size=60))
def test_calibration_is_that_of_scikit_learn(rows: list[tuple[bool, int]]) -> None:
    answers, parts = both(rows)
    chances = [part / 100 + 0.005 for part in parts]  # on no border of a bin
    figure = one(CHANCES, {"y": answers}, {"y": chances}, "calibration")
    share, mean = calibration_curve(answers, chances, n_bins=10)
    np.testing.assert_allclose(points(figure), np.column_stack([mean, share]), atol=1e-6)
    assert figure["diagonal"]


def test_calibration_has_the_bins_of_its_metric_which_hold_their_upper_border() -> None:
    metric = {"metric": "expected_calibration_error", "target": "y", "bins": 2}
    figure = one(metric, {"y": [0, 1, 1]}, {"y": [0.2, 0.5, 0.9]}, "calibration")
    assert figure["lines"][0]["points"] == [[0.35, 0.5], [0.9, 1.0]]


@given(st.lists(st.tuples(*[st.integers(1, 20)] * 3, st.sampled_from("xyz")), min_size=1, max_size=20))
def test_each_class_has_a_line_against_the_rest(rows: list[tuple[int, int, int, str]]) -> None:
    rows = [*rows, (1, 2, 3, "x"), (3, 2, 1, "y"), (2, 2, 1, "z")]
    answers = [answer for *_, answer in rows]
    shares = np.array([parts for *parts, _ in rows]) / np.sum([parts for *parts, _ in rows], axis=1)[:, None]
    said = {name: shares[:, column].tolist() for column, name in enumerate("pqr")}
    figure = one(CLASSES, {"y": answers}, said, "roc")
    assert [line["name"] for line in figure["lines"]] == ["x", "y", "z"]
    for column, label in enumerate("xyz"):
        wanted = roc_auc_score([answer == label for answer in answers], shares[:, column])
        assert auc(*points(figure, column).T) == pytest.approx(wanted, abs=1e-4)


def test_each_label_has_a_line_by_its_column_unless_it_has_no_row() -> None:
    answers = {"a": [0, 1, 1, 0], "b": [0, 0, 0, 0]}
    said = {"p": [0.1, 0.9, 0.8, 0.2], "q": [0.5, 0.1, 0.2, 0.3]}
    figure = one(LABELS, answers, said, "roc")
    assert figure["lines"] == [{"name": "a", "points": [[0, 0], [0, 1], [1, 1]]}]
    pr = one(LABELS, answers, said, "pr")
    assert pr["lines"] == [{"name": "a", "points": [[0.5, 1], [1, 1]]}]


def test_a_curve_without_a_line_is_left_out() -> None:
    one_class, said = {"y": [1, 1, 1]}, {"y": [0.1, 0.5, 0.9]}
    assert drawn(CHANCES, one_class, said, "roc") == []
    none = drawn(CHANCES | {"labels": [0, 1]}, {"y": [0, 0]}, {"y": [0.5, 0.5]}, "roc", "pr", "calibration")
    assert [figure["name"] for figure in none] == ["calibration"]


def test_many_lines_are_few_and_short() -> None:
    columns = [f"c{number}" for number in range(MOST_LINES + 3)]
    metric = {"metric": "mean_log_loss", "target": columns}
    random = np.random.default_rng(5)
    answers = {name: random.integers(0, 2, 500).tolist() for name in columns}
    said = {name: random.random(500).tolist() for name in columns}
    answers |= {name: [1] + [0] * 499 for name in columns[:3]}
    for figure in drawn(metric, answers, said, "roc", "pr", "calibration"):
        assert [line["name"] for line in figure["lines"]] == columns[3:]
        assert max(len(line["points"]) for line in figure["lines"]) <= FEWER_POINTS
