"""Open validation data of one table and of several, from `task.yaml` to `leitai evaluate`."""

import json
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from flask.testing import FlaskClient
from sqlalchemy import text

from leitai import db
from leitai.accounts.service import make_token
from leitai.competitions.models import Task
from leitai.settings import Settings
from tests.leitai.competitions import bundles
from tests.leitai.factories import make_person, make_phase, make_task
from tests.leitai.scoring.programs import zipped
from tests.leitai.scoring.test_evaluating import GUESS, OPEN, REFERENCE, evaluate

A = {"id": "id", "split": "split", "metrics": [{"metric": "mae", "name": "A", "target": "value"}]}
B = {**A, "metrics": [{"metric": "mae", "name": "B", "target": "value"}]}
TOTAL = [{"combine": "sum", "name": "Total", "of": ["A", "B"]}]
SEVERAL = {"metrics": TOTAL, "files": {"a.csv": A, "b.csv": B}}
TABLES = {"a.csv": "data/train.csv", "b.csv": "data/open-b.jsonl"}
DATA = [{"file": name, "description": bundles.both("The past")} for name in TABLES.values()]
ROWS = [("a", "public", 1), ("b", "public", 2), ("c", "private", 4)]
LINES = "".join(json.dumps({"id": row, "split": split, "value": value}) + "\n" for row, split, value in ROWS)


def several(folder: Path, **values: Any) -> Path:
    """A bundle of a task whose submissions hold two tables, with open answers for both."""
    phase = bundles.phase("first", "-1 d", "+10 d", reference="hidden/answers")
    given = {"evaluation": SEVERAL, "phases": [phase], "data": DATA, "validation": {"files": TABLES}}
    files = {
        "hidden/answers/a.csv": REFERENCE.replace(",5", ",6"),
        "hidden/answers/b.csv": REFERENCE.replace(",5", ",7"),
        "data/train.csv": REFERENCE,
        "data/open-b.jsonl": LINES,
    }
    return bundles.write(folder, bundles.competition(bundles.task(**given | values)), files)


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    place = tmp_path / "guess.zip"
    place.write_bytes(zipped({"a.csv": GUESS, "b.csv": GUESS}))
    return place


@pytest.fixture
def downloaded(tmp_path: Path) -> Path:
    """What `leitai download` leaves of the same task."""
    folder = tmp_path / "open"
    folder.mkdir()
    (folder / "train.csv").write_text(REFERENCE)
    (folder / "open-b.jsonl").write_text(LINES)
    named = {name: Path(place).name for name, place in TABLES.items()}
    description = {"task": "cup/load", "validation": named, "evaluation": SEVERAL}
    (folder / "evaluation.json").write_text(json.dumps(description))
    return folder


def test_each_file_is_compared_with_the_open_table_that_is_named_for_it(tmp_path: Path, packed: Path) -> None:
    result = evaluate(several(tmp_path / "bundle"), packed, "--validation", "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["public"] == {"A": 1.5, "B": 0.0, "Total": 1.5}
    assert found["private"] == {"A": 2.0, "B": 0.0, "Total": 2.0}


def test_teams_score_several_files_on_what_they_downloaded(downloaded: Path, packed: Path) -> None:
    found = json.loads(evaluate(downloaded, packed, "--json").stdout)
    assert (found["against"], found["public"]["Total"]) == ("cup/load, validation data", 1.5)


def test_a_folder_of_tables_is_taken_as_what_a_program_wrote(downloaded: Path, tmp_path: Path) -> None:
    written = tmp_path / "written"
    written.mkdir()
    for name in TABLES:
        (written / name).write_text(GUESS)
    result = evaluate(downloaded, written, "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["public"] == {"A": 1.5, "B": 0.0, "Total": 1.5}


def test_a_table_that_is_missing_is_told_by_its_name(downloaded: Path, tmp_path: Path) -> None:
    half, written = tmp_path / "half.zip", tmp_path / "half"
    half.write_bytes(zipped({"a.csv": GUESS}))
    written.mkdir()
    (written / "a.csv").write_text(GUESS)
    for place in (half, written):
        result = evaluate(downloaded, place)
        assert result.exit_code == 1
        assert "rejected (missing_" in result.stdout
        assert "b.csv" in result.stdout


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ("train.csv", "cannot be used"),
        ({"a.csv": "train.csv"}, "cannot be used"),
        ({"a.csv": "train.csv", "c.csv": "open-b.jsonl"}, "cannot be used"),
        ({"a.csv": "train.csv", "b.csv": "../guess.zip"}, "'../guess.zip' is not there"),
        ({"a.csv": "train.csv", "b.csv": "gone.csv"}, "'gone.csv' is not there"),
    ],
)
def test_a_description_that_names_other_tables_is_told(
    downloaded: Path, packed: Path, named: Any, told: str
) -> None:
    place = downloaded / "evaluation.json"
    place.write_text(json.dumps({**json.loads(place.read_text()), "validation": named}))
    result = evaluate(downloaded, packed)
    assert result.exit_code == 1
    assert told in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("validation", "told"),
    [
        ({"files": {"a.csv": "data/train.csv"}}, "has no table for b.csv."),
        ({"files": {**TABLES, "c.csv": "data/train.csv"}}, "is none of evaluation.files."),
        ({"reference": "data/train.csv"}, "submissions hold several tables."),
        ({"files": {**TABLES, "b.csv": "hidden/first.csv"}}, "hidden/first.csv is no open data."),
        ({"files": {**TABLES, "b.csv": "data/gone.csv"}}, "'data/gone.csv' does not exist."),
        ({"files": {}}, "needs either reference or files."),
        ({"files": TABLES, "reference": "data/train.csv"}, "needs either reference or files."),
    ],
)
def test_what_does_not_fit_the_files_is_a_problem_of_the_bundle(
    tmp_path: Path, packed: Path, validation: dict[str, Any], told: str
) -> None:
    result = evaluate(several(tmp_path / "bundle", validation=validation), packed)
    assert result.exit_code == 1
    assert told in result.stderr
    assert "Traceback" not in result.output


def test_an_open_table_without_the_columns_of_its_file_is_a_problem(tmp_path: Path, packed: Path) -> None:
    place = several(tmp_path / "bundle")
    (place / "data/open-b.jsonl").write_text('{"id": "a", "value": 1}\n')
    result = evaluate(place, packed)
    assert "data/open-b.jsonl has no column split." in result.stderr
    assert "validation.files.b.csv" in result.stderr


def test_one_table_takes_no_files(tmp_path: Path, packed: Path) -> None:
    task = bundles.task(data=OPEN, validation={"files": {"a.csv": "data/train.csv"}})
    place = bundles.write(tmp_path / "bundle", bundles.competition(task))
    assert "but a submission is one table." in evaluate(place, packed).stderr


def test_a_program_takes_no_validation_data_as_teams_cannot_run_it(tmp_path: Path, packed: Path) -> None:
    phases = {"first": {"codename": "dev", "public": "a", "private": "b"}}
    program = {"kind": "evalai", "path": "program", "phases": phases}
    evaluation = {"program": program, "columns": [{"name": "Accuracy", "direction": "higher"}]}
    phase = bundles.phase("first", "-1 d", "+10 d")
    given = {"evaluation": evaluation, "phases": [phase], "data": OPEN}
    task = bundles.task(**given, validation={"reference": "data/train.csv"})
    files = {"program/main.py": "def evaluate(*given, **more):\n    return {}\n", "data/train.csv": REFERENCE}
    place = bundles.write(tmp_path / "bundle", bundles.competition(task), files)
    result = evaluate(place, packed, "--validation")
    assert result.exit_code == 1
    assert "validation: is given, but a program computes the scores." in result.stderr


def test_the_api_names_the_open_table_of_each_file(database: Settings, client: FlaskClient) -> None:
    with db.transaction() as session:
        task = make_phase(session).task
        number, evaluation = task.id, task.evaluation
        address = f"/api/v1/tasks/{task.competition.slug}/{task.slug}"
        token = make_token(session, make_person(session), "test")
    answers = []
    for named in ({}, {"": "open.csv"}, {"a.csv": "a-open.csv"}):
        with db.transaction() as session:
            session.get_one(Task, number).validation = named
        found = client.get(address, headers={"Authorization": f"Bearer {token}"}).get_json()
        answers.append(found["validation"])
    assert answers == [
        {},
        {"file": "open.csv", "evaluation": evaluation},
        {"files": {"a.csv": "a-open.csv"}, "evaluation": evaluation},
    ]


def test_a_portal_that_is_brought_up_to_date_keeps_what_its_tasks_name(both_databases: Settings) -> None:
    with db.transaction() as session:
        one, none, more = (make_task(session) for _ in range(3))
        one.validation, more.validation = {"": "open.csv"}, {"a.csv": "a-open.csv"}
        numbers = one.id, none.id, more.id
    with db.engine().connect() as connection:
        command.downgrade(db.migration_config(connection), "0008")
        rows = connection.execute(text("SELECT id, validation FROM tasks")).all()
        assert {row.id: row.validation for row in rows} == dict(
            zip(numbers, ("open.csv", "", ""), strict=True)
        )
        connection.commit()
        command.upgrade(db.migration_config(connection), "head")
        connection.commit()
    with db.reading() as session:
        kept = [session.get_one(Task, number).validation for number in numbers]
        assert kept == [{"": "open.csv"}, {}, {}]
