"""Metrics of what a run uses fit the task, and their phases are told to run alone."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from leitai.competitions.bundle import efficiency
from leitai.competitions.bundle.errors import BundleError
from leitai.competitions.bundle.loading import load_bundle
from leitai.competitions.bundle.schema import TaskSpec
from tests.leitai.competitions import bundles

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
INPUT = {"input/a.csv": "id\na\n"}
SECONDS = {"metric": "wall_time", "name": "Seconds"}
SIZE = {"metric": "submission_size", "cap": "1 MB"}


def task(folder: Path, *metrics: dict[str, Any], kind: str = "code", **more: Any) -> TaskSpec:
    code = kind == "code"
    evaluation = {
        "id": "id",
        "split": "split",
        "metrics": [{"metric": "rmse", "target": "value"}, *metrics],
    } | ({"file": "p.csv"} if code else {})
    values = {"input": "input"} if code else {}
    phase = bundles.phase("first", "-1 d", "+10 d", **values) | more
    document = bundles.competition(bundles.task(kind=kind, evaluation=evaluation, phases=[phase]))
    [loaded] = load_bundle(bundles.write(folder, document, INPUT), NOW).tasks
    return loaded.spec


@pytest.mark.parametrize("metric", ["wall_time", "cpu_time", "peak_memory", "throughput"])
def test_what_only_programs_use_is_refused_where_predictions_are_taken(tmp_path: Path, metric: str) -> None:
    with pytest.raises(BundleError) as caught:
        task(tmp_path, SIZE, {"metric": metric}, kind="predictions")
    [problem] = caught.value.problems
    assert problem.key.endswith("evaluation.metrics[2].metric")
    assert problem.problem == f"{metric} is measured of programs, and the task takes predictions."
    assert "submission_size suits both" in problem.remedy


def test_the_size_of_a_submission_suits_both(tmp_path: Path) -> None:
    assert task(tmp_path, SIZE, kind="predictions").kind == "predictions"
    assert task(tmp_path, SIZE).kind == "code"


@pytest.mark.parametrize(
    ("metric", "limit"),
    [
        (SECONDS | {"cap": 61}, "wall"),
        ({"metric": "cpu_time", "cap": "2 min"}, "cpu"),
        ({"metric": "peak_memory", "cap": "3 GB"}, "memory"),
        ({"metric": "submission_size", "cap": "21 MB"}, "upload"),
    ],
)
def test_a_budget_that_no_run_could_exceed_is_a_slip(
    tmp_path: Path, metric: dict[str, Any], limit: str
) -> None:
    with pytest.raises(BundleError) as caught:
        task(tmp_path, metric)
    [problem] = caught.value.problems
    assert problem.key.endswith("evaluation.metrics[1].cap")
    assert f"its limit {limit} ends it before" in problem.problem


def test_a_phase_that_allows_more_makes_the_budget_count(tmp_path: Path) -> None:
    assert task(tmp_path, SECONDS | {"cap": 61}, limits={"wall": "2 min"})


def test_phases_that_rank_by_speed_are_advised_to_run_alone(tmp_path: Path) -> None:
    [told] = efficiency.advice(task(tmp_path, SECONDS, SIZE))
    assert told.startswith("load: Seconds depends on what else runs")
    assert "alone: true in the phases first" in told
    assert not [*efficiency.advice(task(tmp_path / "alone", SECONDS, alone=True))]
    assert not [*efficiency.advice(task(tmp_path / "size", SIZE))]
