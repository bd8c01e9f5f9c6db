"""Scaled errors of many series: weights, and tasks that name series and scale."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from evaluators.errors import ReferenceTrouble
from evaluators.formulas import series as ours
from tests.evaluators.arrays import CLOSE
from tests.evaluators.oracles.series import with_sizes
from tests.evaluators.trial import Row, answers, evaluated, spec

Panel = tuple[np.ndarray, ...]


@given(with_sizes(1))
def test_equal_weights_change_nothing(panel: Panel) -> None:
    found = ours.weighted_rmsse(*panel, np.full(len(panel[0]), 3.0))
    assert found == pytest.approx(ours.rmsse(*panel), **CLOSE)


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
