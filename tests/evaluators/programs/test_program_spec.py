"""What an organizer may write of a program, and what is said of the rest."""

import re
from typing import Any

import pytest

import evaluators
from evaluators.programs.spec import in_phase
from evaluators.spec.task import parse

COLUMN = {"name": "F", "direction": "higher"}
PHASES = {"first": {"codename": "dev", "public": "a", "private": "b"}}


def kaggle(**more: Any) -> dict[str, Any]:
    program = {"kind": "kaggle", "path": "metric.py", **more.pop("program", {})}
    return {"id": "id", "split": "Usage", "program": program, "columns": [COLUMN], **more}


def codabench(**more: Any) -> dict[str, Any]:
    program = {"kind": "codabench", "path": "scoring", "splits": "same", **more.pop("program", {})}
    return {"program": program, "columns": [COLUMN], **more}


def evalai(**more: Any) -> dict[str, Any]:
    program = {"kind": "evalai", "path": "script", "phases": PHASES, **more.pop("program", {})}
    return {"program": program, "columns": [COLUMN], **more}


def test_declared_columns_are_those_of_boards() -> None:
    columns = [
        {"name": "Accuracy", "key": "acc", "direction": "higher", "low": 0, "high": 1, "precision": 3},
        {"name": "Seconds", "direction": "lower"},
    ]
    assert evaluators.columns(codabench(columns=columns)) == (
        evaluators.ScoreColumn("Accuracy", evaluators.PROGRAM, "higher", 0, 1, 3),
        evaluators.ScoreColumn("Seconds", evaluators.PROGRAM, "lower", None, None, None),
    )


def test_a_program_of_tables_says_what_submissions_must_hold() -> None:
    spec = parse(kaggle(program={"predictions": ["label", "id"]}))
    assert spec.answer_columns == ["id", "Usage"]
    assert spec.prediction_columns == ["id", "label"]


def test_a_program_of_files_asks_for_no_column() -> None:
    for spec in map(parse, (codabench(), evalai())):
        assert (spec.answer_columns, spec.prediction_columns) == ([], [])


def test_each_kind_has_its_own_endings() -> None:
    assert parse(kaggle()).program.accepts == (".csv",)  # type: ignore[union-attr]
    assert parse(codabench()).program.accepts == (".zip",)  # type: ignore[union-attr]
    assert parse(evalai()).program.accepts == (".json",)  # type: ignore[union-attr]
    assert parse(evalai(program={"accepts": [".txt"]})).program.accepts == (".txt",)  # type: ignore[union-attr]


def test_a_phase_sees_its_own_codenames_alone() -> None:
    phases = {**PHASES, "second": {"codename": "test", "public": "c", "private": "d"}}
    found = in_phase(evalai(program={"phases": phases}), "second")
    assert found["program"]["phases"] == {"second": phases["second"]}
    assert in_phase(codabench(), "second") == codabench()


@pytest.mark.parametrize(
    ("spec", "key"),
    [
        (kaggle(program={"kind": "cagle"}), "program.kind"),
        (kaggle(program={"splits": "same"}), "program.splits"),
        (kaggle(program={"path": ""}), "program.path"),
        (kaggle(program={"image": "ubuntu"}), "program.image"),
        (kaggle(program={"limits": [1]}), "program.limits"),
        (kaggle(program={"predictions": "label"}), "program.predictions"),
        (kaggle(program={"parameters": {"a-b": 1}}), "program.parameters.a-b"),
        (kaggle(program={"parameters": {"a": float("nan")}}), "program.parameters"),
        (kaggle(metrics=[]), "metrics"),
        (kaggle(columns=None), "columns"),
        (kaggle(columns=[]), "columns"),
        (kaggle(columns=[COLUMN, {**COLUMN, "name": "G"}]), "columns"),
        (kaggle(split="id"), "split"),
        (kaggle(file="out.parquet"), "file"),
        (codabench(id="id"), "id"),
        (codabench(file="out.csv"), "file"),
        (codabench(program={"splits": "both"}), "program.splits"),
        (codabench(program={"splits": "keys"}), "columns[0].key"),
        (codabench(program={"command": "a\nb"}), "program.command"),
        (codabench(program={"expects": ["../x"]}), "program.expects"),
        (codabench(program={"expects": ["/x"]}), "program.expects"),
        (codabench(program={"ingestion": {}}), "program.ingestion.path"),
        (codabench(program={"ingestion_only_during_scoring": True}), "program.ingestion_only_during_scoring"),
        (codabench(columns=[COLUMN, COLUMN]), "columns[1].name"),
        (codabench(columns=["F"]), "columns[0]"),
        (codabench(columns=[{"direction": "higher"}]), "columns[0].name"),
        (codabench(columns=[{"name": "x" * 61, "direction": "higher"}]), "columns[0].name"),
        (codabench(columns=[{"name": "F"}]), "columns[0].direction"),
        (codabench(columns=[{**COLUMN, "direction": "up"}]), "columns[0].direction"),
        (codabench(columns=[{**COLUMN, "low": 1, "high": 1}]), "columns[0].high"),
        (codabench(columns=[{**COLUMN, "low": True}]), "columns[0].low"),
        (codabench(columns=[{**COLUMN, "precision": 16}]), "columns[0].precision"),
        (codabench(columns=[{**COLUMN, "metric": "rmse"}]), "columns[0].metric"),
        (evalai(program={"phases": {}}), "program.phases"),
        (evalai(program={"phases": {"first": {"codename": "dev"}}}), "program.phases.first.public"),
        (evalai(program={"accepts": ["json"]}), "program.accepts"),
        ({"program": "metric.py", "columns": [COLUMN]}, "program"),
    ],
)
def test_what_cannot_be_used_is_told_with_its_place(spec: dict[str, Any], key: str) -> None:
    with pytest.raises(evaluators.SpecError) as caught:
        evaluators.validate(spec)
    assert caught.value.key == key
    assert caught.value.problem
    assert caught.value.remedy


TIMED = {"metric": "wall_time", "name": "Seconds", "cap": "60 s"}
RATE = {"metric": "throughput", "name": "Rows"}
OWN = {"name": "Accuracy", "key": "acc", "direction": "higher"}


def test_what_a_run_uses_is_listed_where_it_stands() -> None:
    found = evaluators.columns(codabench(columns=[TIMED, OWN]))
    assert [(column.name, column.metric, column.unit) for column in found] == [
        ("Seconds", "wall_time", "s"),
        ("Accuracy", evaluators.PROGRAM, ""),
    ]
    assert evaluators.computed(codabench(columns=[OWN, TIMED]), ()) == ["Accuracy"]


@pytest.mark.parametrize(
    ("listed", "told"),
    [
        ((TIMED,), "columns: has nothing but what a run uses."),
        ((OWN, RATE), "columns: has throughput, and programs of the kind codabench count no rows."),
        ((OWN, {**TIMED, "name": "Accuracy"}), "'Accuracy' is the name of another column too."),
        ((OWN, {**TIMED, "key": "t"}), "columns[1].key: is not a known key"),
    ],
)
def test_what_a_run_uses_cannot_stand_everywhere(listed: tuple[dict[str, Any], ...], told: str) -> None:
    with pytest.raises(evaluators.SpecError, match=re.escape(told)):
        evaluators.validate(codabench(columns=list(listed)))
