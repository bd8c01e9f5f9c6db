"""What metrics of clusters say beyond their oracles, and names of clusters as files have them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import evaluators
from evaluators.formulas import clustering as ours
from evaluators.measuring import formula
from tests.evaluators.arrays import columns
from tests.evaluators.trial import answers, evaluated, rejected, spec

EACH = [info for info in evaluators.metrics().values() if info.needs == "clusters"]
NAMES = [info.name for info in EACH]


@pytest.mark.parametrize("info", EACH, ids=NAMES)
@given(columns(st.integers(0, 40)), st.permutations(range(41)))
def test_the_names_of_clusters_mean_nothing(
    info: evaluators.MetricInfo, found: tuple[np.ndarray, ...], names: list[int]
) -> None:
    (target,) = found
    assert formula(info)(target, np.array(names)[target]) == pytest.approx(1, abs=1e-12)


def test_pairs_of_many_rows_are_more_than_64_bits_can_multiply() -> None:
    target = np.arange(600_000) % 3
    joined = ours.adjusted_rand(target, np.where(target == 2, 1, target))
    assert joined == pytest.approx(4 / 7, abs=1e-5)
    assert ours.adjusted_rand(target, target + 7) == 1


CLUSTERED = [{"metric": name, "target": "y", "prediction": "c"} for name in NAMES]


@pytest.mark.parametrize("names", [["α β", "7", "α β", "7"], [3, 0.5, 3, 0.5], [-1, -2, -1, -2]])
def test_predicted_clusters_may_have_any_name(tmp_path: Path, names: list[Any]) -> None:
    reference = answers(["a", "a", "b", "b"], split=["public", "private"] * 2)
    submission = [{"id": f"r{row}", "c": names[row // 2]} for row in range(4)]
    submission[2]["c"] = submission[3]["c"] = names[1]
    result = evaluated(tmp_path, reference, submission, spec(*CLUSTERED))
    assert result["scores"] == {split: dict.fromkeys(NAMES, 1.0) for split in ("public", "private")}


def test_a_cluster_written_in_two_ways_is_two_clusters(tmp_path: Path) -> None:
    submission = [{"id": f"r{row}", "c": name} for row, name in enumerate(["1", "x", "1.0", "x"])]
    result = evaluated(tmp_path, answers(["a"] * 4), submission, spec(CLUSTERED[0]))
    assert result["scores"] == {"public": {"adjusted_rand": 0.0}, "private": {"adjusted_rand": 1.0}}


def test_a_row_without_a_cluster_is_named(tmp_path: Path) -> None:
    submission = [{"id": f"r{row}", "c": name} for row, name in enumerate(["1", "", "1", "nan"])]
    result = evaluated(tmp_path, answers(["a"] * 4), submission, spec(CLUSTERED[0]))
    assert rejected(result) == ("no_values", {"column": "c", "count": 2, "examples": ["r1", "r3"]})
