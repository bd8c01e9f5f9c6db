"""`leitai evaluate` from a terminal: a file scored on one's own machine, as the portal would."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from leitai.cli import leitai
from leitai.scoring import evaluating
from leitai.scoring.work import Output
from leitai.scoring.work import Result as Rejection
from tests.leitai.competitions import bundles
from tests.leitai.scoring.programs import zipped

REFERENCE = "id,split,value\na,public,1\nb,public,5\nc,private,2\n"
GUESS = "id,value\na,1\nb,2\nc,4\n"
OPEN = [{"file": "data/train.csv", "description": bundles.both("The past")}]


def evaluate(place: Path, file: Path, *options: str) -> Result:
    return CliRunner().invoke(leitai, ["evaluate", str(place), str(file), *options])


@pytest.fixture
def guess(tmp_path: Path) -> Path:
    place = tmp_path / "guess.csv"
    place.write_text(GUESS)
    return place


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    files = {"hidden/first.csv": REFERENCE, "hidden/last.csv": REFERENCE.replace(",5", ",2")}
    return bundles.write(tmp_path / "bundle", bundles.competition(), files)


def test_organizers_score_a_file_on_the_hidden_reference(bundle: Path, guess: Path) -> None:
    result = evaluate(bundle, guess, "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["public"] == {"rmse": pytest.approx(4.5**0.5)}
    assert found["private"] == {"rmse": 2.0}
    assert found["against"] == "load, first"


def test_another_phase_can_be_chosen(bundle: Path, guess: Path) -> None:
    found = json.loads(evaluate(bundle, guess, "--json", "--phase", "last").stdout)
    assert found["public"] == {"rmse": 0.0}


def test_the_table_shows_both_splits_and_which_way_is_better(bundle: Path, guess: Path) -> None:
    result = evaluate(bundle, guess)
    assert "rmse" in result.stdout
    assert "2.12132" in result.stdout
    assert "lower" in result.stdout


def test_a_rejection_is_told_as_the_portal_tells_it(bundle: Path, tmp_path: Path) -> None:
    half = tmp_path / "half.csv"
    half.write_text("id,value\na,1\n")
    result = evaluate(bundle, half)
    assert result.exit_code == 1
    assert "rejected (missing_ids)" in result.stdout
    assert "Ids of the test data without a row: 2." in result.stdout


def test_several_tables_are_compared_each_with_its_own(tmp_path: Path) -> None:
    metric = {"id": "id", "split": "split", "metrics": [{"metric": "mae", "name": "A", "target": "value"}]}
    other = {**metric, "metrics": [{"metric": "mae", "name": "B", "target": "value"}]}
    phase = bundles.phase("first", "-1 d", "+10 d", reference="hidden/answers")
    task = bundles.task(evaluation={"files": {"a.csv": metric, "b.csv": other}}, phases=[phase])
    files = {"hidden/answers/a.csv": REFERENCE, "hidden/answers/b.csv": REFERENCE.replace(",5", ",2")}
    place = bundles.write(tmp_path / "several", bundles.competition(task), files)
    packed = tmp_path / "guess.zip"
    packed.write_bytes(zipped({"a.csv": GUESS, "b.csv": GUESS}))
    result = evaluate(place, packed, "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["public"] == {"A": 1.5, "B": 0.0}


def test_an_unknown_phase_names_those_that_there_are(bundle: Path, guess: Path) -> None:
    result = evaluate(bundle, guess, "--phase", "middle")
    assert result.exit_code == 1
    assert "Choose with --phase: first, last." in result.stderr


def test_several_tasks_must_be_told_apart(tmp_path: Path, guess: Path) -> None:
    document = bundles.competition(bundles.task(), bundles.task("wind"))
    place = bundles.write(tmp_path / "two", document, {"hidden/first.csv": REFERENCE})
    assert "Choose one with --task: load, wind." in evaluate(place, guess).stderr
    assert evaluate(place, guess, "--task", "wind").exit_code == 0


def test_teams_score_on_the_open_validation_data_that_a_task_names(tmp_path: Path, guess: Path) -> None:
    task = bundles.task(data=OPEN, validation={"reference": "data/train.csv"})
    files = {"data/train.csv": REFERENCE.replace(",5", ",3")}
    place = bundles.write(tmp_path / "bundle", bundles.competition(task), files)
    result = evaluate(place, guess, "--validation", "--json")
    assert json.loads(result.stdout)["public"] == {"rmse": pytest.approx(0.5**0.5)}


def test_validation_data_must_be_open_data_and_fit_the_evaluation(tmp_path: Path, guess: Path) -> None:
    task = bundles.task(data=[], validation={"reference": "data/train.csv"})
    result = evaluate(bundles.write(tmp_path / "bundle", bundles.competition(task)), guess)
    assert result.exit_code == 1
    assert "data/train.csv is no open data." in result.stderr
    assert "has no column split" in result.stderr


def test_a_folder_of_open_data_holds_what_is_needed(tmp_path: Path, guess: Path) -> None:
    spec = {"id": "id", "split": "split", "metrics": [{"metric": "mae", "target": "value"}]}
    folder = tmp_path / "load"
    folder.mkdir()
    (folder / "validation.csv").write_text(REFERENCE)
    (folder / "evaluation.json").write_text(
        json.dumps({"task": "cup/load", "validation": "validation.csv", "evaluation": spec})
    )
    found = json.loads(evaluate(folder, guess, "--json").stdout)
    assert (found["against"], found["public"]) == ("cup/load, validation data", {"mae": 1.5})


@pytest.mark.parametrize(
    "content",
    ["", "[]", '{"validation": "x.csv"}', '{"validation": "../guess.csv", "evaluation": {}}', "[" * 99_999],
)
def test_a_damaged_description_is_told(tmp_path: Path, guess: Path, content: str) -> None:
    folder = tmp_path / "load"
    folder.mkdir()
    (folder / "evaluation.json").write_text(content)
    result = evaluate(folder, guess)
    assert result.exit_code == 1
    assert "leitai download" in result.stderr
    assert "Traceback" not in result.output


def test_a_folder_with_nothing_to_compare_with_is_told(tmp_path: Path, guess: Path) -> None:
    result = evaluate(tmp_path, guess)
    assert result.exit_code == 1
    assert "has neither competition.yaml nor evaluation.json" in result.stderr


def test_what_a_program_that_failed_has_written_is_printed(
    bundle: Path, guess: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = Rejection("rejected", code="runtime_error", params={"exit_code": 1, "signal": None})
    wrote = replace(failed, output=Output("row 7", "KeyError: 'load'"))
    monkeypatch.setattr(evaluating, "evaluate", lambda *_: wrote)
    result = evaluate(bundle, guess)
    assert result.exit_code == 1
    assert result.stdout.endswith("stdout:\nrow 7\nstderr:\nKeyError: 'load'\n")
    found = json.loads(evaluate(bundle, guess, "--json").stdout)
    assert (found["stdout"], found["stderr"]) == ("row 7", "KeyError: 'load'")


def test_the_size_of_a_file_is_measured_and_what_only_a_run_has_left_out(tmp_path: Path, guess: Path) -> None:
    metrics = [
        {"metric": "rmse", "target": "value"},
        {"metric": "submission_size", "name": "Size", "cap": "1 kB"},
    ]
    evaluation = {"id": "id", "split": "split", "metrics": metrics}
    files = {"hidden/first.csv": REFERENCE, "hidden/last.csv": REFERENCE}
    document = bundles.competition(bundles.task(evaluation=evaluation))
    folder = bundles.write(tmp_path / "sized", document, files)
    result = evaluate(folder, guess)
    assert result.exit_code == 0, result.output
    assert json.loads(evaluate(folder, guess, "--json").stdout)["public"]["Size"] == len(GUESS)
    timed = {"metric": "wall_time", "name": "Seconds"}
    total = {"combine": "sum", "name": "All", "of": ["rmse", "Seconds"]}
    place = tmp_path / "open"
    place.mkdir()
    (place / "answers.csv").write_text(REFERENCE)
    code = {**evaluation, "file": "p.csv", "metrics": [total, *metrics, timed]}
    (place / "evaluation.json").write_text(json.dumps({"evaluation": code, "validation": "answers.csv"}))
    result = evaluate(place, guess, "--json")
    assert result.exit_code == 0, result.output
    assert set(json.loads(result.stdout)["public"]) == {"rmse"}
    assert evaluate(place, guess).exit_code == 0
