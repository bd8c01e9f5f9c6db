"""What a run used as scores: budgets, units, and what is made of them."""

import json
from pathlib import Path
from typing import Any

import pytest

import evaluators
from evaluators import score
from evaluators.efficiency import rounded
from evaluators.errors import SpecError
from evaluators.spec.task import parse
from tests.evaluators.trial import Row, answers, rejected, spec, write_csv

MEASURED = {"wall_s": 1.23456, "cpu_s": 2.5, "peak_memory_bytes": 123_456_789, "submission_bytes": 54_321}
MAE = {"metric": "mae", "target": "y"}
REFERENCE = answers([1, 2, 3, 4, 5, 6])


def scored(folder: Path, *metrics: Row, measured: dict[str, float] | None = None) -> dict[str, Any]:
    """By the program that the container runs."""
    (folder / "hidden").mkdir()
    write_csv(folder / "hidden" / "answers.csv", REFERENCE)
    submission = write_csv(folder / "p.csv", [row | {"y": row["y"] + 1} for row in REFERENCE])
    (folder / "spec.json").write_text(json.dumps(spec(MAE, *metrics)))
    arguments = [folder / "spec.json", folder / "hidden", submission, folder / "out.json"]
    if measured is not None:
        (folder / "measured.json").write_text(json.dumps(measured))
        arguments.append(folder / "measured.json")
    assert score.main(*map(str, arguments)) == 0
    found: dict[str, Any] = json.loads((folder / "out.json").read_text())
    return found


def test_what_was_measured_is_a_score_of_both_splits(tmp_path: Path) -> None:
    names = ["wall_time", "cpu_time", "peak_memory", "submission_size", "throughput"]
    result = scored(tmp_path, *({"metric": name} for name in names), measured=MEASURED)
    used = {
        "wall_time": 1.23,
        "cpu_time": 2.5,
        "peak_memory": 123_000_000,
        "submission_size": 54_321,
        "throughput": 4.86,
    }
    assert result["scores"] == {split: {"mae": 1.0} | used for split in ("public", "private")}
    assert result["measured"] == MEASURED


def test_a_combination_takes_what_was_measured(tmp_path: Path) -> None:
    parts = {
        "mae": {"weight": 3, "scale": {"low": 2, "high": 0}},
        "Seconds": {"scale": {"low": 11.23, "high": 1.23}},
    }
    mixed = {"combine": "mean", "name": "All", "of": parts}
    seconds = {"metric": "wall_time", "name": "Seconds"}
    result = scored(tmp_path, seconds, mixed, measured=MEASURED)
    assert result["scores"]["private"]["All"] == (3 * 50 + 100) / 4


def test_what_was_not_measured_has_no_score_nor_what_is_made_of_it(tmp_path: Path) -> None:
    metrics = [
        {"metric": "wall_time", "name": "Seconds", "cap": 1},
        {"metric": "submission_size", "name": "Size"},
        {"combine": "sum", "name": "All", "of": ["mae", "Seconds"]},
    ]
    result = scored(tmp_path, *metrics, measured={"submission_bytes": 7})
    assert result["scores"]["public"] == {"mae": 1.0, "Size": 7.0}


@pytest.mark.parametrize(
    ("metric", "code", "params"),
    [
        ({"metric": "wall_time", "cap": 1.2}, "over_time", {"used_s": 1.23, "budget_s": 1.2}),
        ({"metric": "wall_time", "cap": "1200 ms"}, "over_time", {"used_s": 1.23, "budget_s": 1.2}),
        ({"metric": "cpu_time", "cap": "2 s"}, "over_time", {"used_s": 2.5, "budget_s": 2}),
        (
            {"metric": "peak_memory", "cap": "100 MiB"},
            "over_size",
            {"used_bytes": 123_000_000, "budget_bytes": 104_857_600},
        ),
        (
            {"metric": "submission_size", "cap": "50 kB"},
            "over_size",
            {"used_bytes": 54_321, "budget_bytes": 50_000},
        ),
        ({"metric": "throughput", "least": 5}, "too_slow", {"rate": 4.86, "least": 5}),
    ],
)
def test_beyond_its_budget_a_submission_is_rejected_or_has_the_budget(
    metric: Row, code: str, params: Row, tmp_path: Path
) -> None:
    for place in ("rejected", "clipped"):
        (tmp_path / place).mkdir()
    result = scored(tmp_path / "rejected", metric | {"name": "Used"}, measured=MEASURED)
    assert rejected(result) == (code, {"metric": "Used"} | params)
    assert set(result["rejection"]["params"]) == set(evaluators.REJECTIONS[code])
    result = scored(tmp_path / "clipped", metric | {"name": "Used", "beyond": "clip"}, measured=MEASURED)
    budget = next(value for name, value in params.items() if "budget" in name or name == "least")
    assert result["scores"]["public"]["Used"] == budget


def test_the_budget_itself_is_within_the_budget(tmp_path: Path) -> None:
    metrics = [
        {"metric": "wall_time", "cap": 1.23},
        {"metric": "throughput", "least": 4.86},
        {"metric": "submission_size", "cap": 54_321},
    ]
    assert "scores" in scored(tmp_path, *metrics, measured=MEASURED)


def test_digits_beyond_three_are_left_out() -> None:
    assert [rounded(value) for value in (0.0012344, 59.96, 123_456_789, 0)] == [0.00123, 60.0, 123_000_000, 0]


def test_a_run_of_no_time_has_a_throughput(tmp_path: Path) -> None:
    result = scored(tmp_path, {"metric": "throughput"}, measured=MEASURED | {"wall_s": 0})
    assert result["scores"]["public"]["throughput"] == 6000


SECONDS = {"metric": "wall_time", "name": "Seconds"}


def test_a_column_tells_its_unit_and_points_have_none() -> None:
    scale = {"scale": {"low": 60, "high": 1}}
    columns = evaluators.columns(spec(MAE, SECONDS, SECONDS | {"name": "Points"} | scale))
    assert [(column.name, column.unit, column.direction) for column in columns] == [
        ("mae", "", "lower"),
        ("Seconds", "s", "lower"),
        ("Points", "", "higher"),
    ]


@pytest.mark.parametrize(
    ("metrics", "key", "problem"),
    [
        ([SECONDS], "metrics", "has nothing but what a run uses."),
        ([MAE, SECONDS | {"cap": "5 apples"}], "metrics[1].cap", "is not a duration above 0"),
        ([MAE, SECONDS | {"cap": "5 MB"}], "metrics[1].cap", "is not a duration above 0"),
        ([MAE, SECONDS | {"cap": 0}], "metrics[1].cap", "is not a duration above 0"),
        ([MAE, SECONDS | {"cap": True}], "metrics[1].cap", "is not a duration above 0"),
        ([MAE, {"metric": "peak_memory", "cap": "5 s"}], "metrics[1].cap", "is not a size above 0"),
        ([MAE, SECONDS | {"beyond": "clip"}], "metrics[1].beyond", "is given without cap."),
        ([MAE, SECONDS | {"cap": 5, "beyond": "warn"}], "metrics[1].beyond", "is not one of reject, clip"),
        ([MAE, SECONDS | {"target": "y"}], "metrics[1].target", "is not a known key."),
        ([MAE, {"metric": "throughput", "cap": 5}], "metrics[1].cap", "is not a known key."),
        ([MAE, SECONDS, SECONDS], "metrics[2].name", "is the name of another metric too."),
    ],
)
def test_what_is_wrong_is_told_with_its_place(metrics: list[Row], key: str, problem: str) -> None:
    with pytest.raises(SpecError) as caught:
        parse(spec(*metrics))
    assert caught.value.key == key
    assert problem in caught.value.problem
    assert caught.value.remedy
