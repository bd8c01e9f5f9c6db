"""Scaled errors of many series against their definitions, series by series."""

import math
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluators.errors import ReferenceTrouble, UndefinedByReference
from evaluators.formulas import series as ours
from tests.evaluators.arrays import CLOSE, Metric, columns, few, plain
from tests.evaluators.trial import Row, answers, evaluated, spec

Panel = tuple[np.ndarray, np.ndarray, np.ndarray]
BOTH = [ours.mase, ours.rmsse]

panels = st.one_of(columns(plain, plain, st.integers(0, 4)), columns(few, few, st.integers(0, 9)))
sizes = st.lists(st.one_of(st.floats(0.01, 1e4), st.just(1.0)), min_size=10, max_size=10).map(np.array)


def by_series(target: np.ndarray, prediction: np.ndarray, groups: np.ndarray) -> dict[int, list[float]]:
    """The errors of each series."""
    errors = defaultdict(list)
    for t, p, code in zip(target.tolist(), prediction.tolist(), groups.tolist(), strict=True):
        errors[code].append(t - p)
    return errors


def root_mean_square(errors: list[float]) -> float:
    return math.sqrt(math.fsum(error**2 for error in errors) / len(errors))


@given(panels, sizes)
def test_mase_is_its_definition(panel: Panel, sizes: np.ndarray) -> None:
    each = [
        math.fsum(map(abs, errors)) / len(errors) / sizes[code] for code, errors in by_series(*panel).items()
    ]
    expected = math.fsum(each) / len(each)
    assert ours.mase(*panel, scale=sizes[panel[2]]) == pytest.approx(expected, **CLOSE)


@given(panels, sizes)
def test_rmsse_is_its_definition(panel: Panel, sizes: np.ndarray) -> None:
    each = [root_mean_square(errors) / sizes[code] for code, errors in by_series(*panel).items()]
    expected = math.fsum(each) / len(each)
    assert ours.rmsse(*panel, scale=sizes[panel[2]]) == pytest.approx(expected, **CLOSE)


@given(panels, sizes, sizes)
def test_weighted_rmsse_is_its_definition(panel: Panel, sizes: np.ndarray, weights: np.ndarray) -> None:
    errors = by_series(*panel)
    each = [weights[code] * root_mean_square(own) / sizes[code] for code, own in errors.items()]
    expected = math.fsum(each) / math.fsum(weights[code] for code in errors)
    found = ours.weighted_rmsse(*panel, scale=sizes[panel[2]], weight=weights[panel[2]])
    assert found == pytest.approx(expected, **CLOSE)


@given(panels, sizes)
def test_equal_weights_change_nothing(panel: Panel, sizes: np.ndarray) -> None:
    scale = sizes[panel[2]]
    found = ours.weighted_rmsse(*panel, scale=scale, weight=np.full(len(scale), 3.0))
    assert found == pytest.approx(ours.rmsse(*panel, scale=scale), **CLOSE)


@pytest.mark.parametrize("metric", BOTH)
def test_a_naive_forecast_of_a_steady_history_scores_one(metric: Metric) -> None:
    history = np.array([3.0, 5.0, 3.0, 5.0])
    scale = np.full(2, np.abs(np.diff(history)).mean())
    assert metric(np.array([3.0, 5.0]), np.array([5.0, 3.0]), np.array([0, 0]), scale=scale) == 1


@pytest.mark.parametrize("metric", BOTH)
@pytest.mark.parametrize("scale", [0.0, -1.0])
def test_a_history_without_errors_scales_nothing(metric: Metric, scale: float) -> None:
    with pytest.raises(UndefinedByReference, match="scale is not above zero"):
        metric(np.ones(2), np.ones(2), np.array([0, 1]), scale=np.array([1.0, scale]))


@pytest.mark.parametrize("weight", [[0.0, 0.0], [2.0, -1.0]])
def test_weights_are_not_below_zero_and_not_all_zero(weight: list[float]) -> None:
    with pytest.raises(UndefinedByReference, match="weight is below zero"):
        ours.weighted_rmsse(
            np.ones(2), np.ones(2), np.array([0, 1]), scale=np.ones(2), weight=np.array(weight)
        )


def scored(folder: Path, scale: list[float]) -> Row:
    """Two series, of which each split has one alone: the first off by one, the second by two."""
    reference = answers([1, 2, 3, 4], s=["x", "y", "x", "y"], e=scale)
    submission = [{"id": f"r{number}", "y": value} for number, value in enumerate([2, 4, 4, 6])]
    metrics = [{"metric": name, "target": "y", "group": "s", "scale": "e"} for name in ("mase", "rmsse")]
    return evaluated(folder, reference, submission, spec(*metrics))


def test_the_reference_gives_series_and_scale(tmp_path: Path) -> None:
    assert scored(tmp_path, [2, 4, 2, 4])["scores"] == {
        split: {"mase": 0.5, "rmsse": 0.5} for split in ("public", "private")
    }


def test_a_scale_that_changes_within_a_series_is_trouble_of_ours(tmp_path: Path) -> None:
    with pytest.raises(ReferenceTrouble, match="the column e changes within a series"):
        scored(tmp_path, [2, 4, 3, 4])
