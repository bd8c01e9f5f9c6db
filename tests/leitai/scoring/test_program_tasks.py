"""A task with a program on its way: applied, claimed, handed in, and who hears of what goes wrong."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from leitai import db
from leitai.competitions.applying import apply
from leitai.competitions.bundle.errors import BundleError
from leitai.competitions.bundle.loading import load_bundle
from leitai.competitions.metrics import evaluation_view
from leitai.competitions.models import DataFile, Phase, Task
from leitai.competitions.taking import suffixes
from leitai.scoring import service, stages
from leitai.scoring.receipts import receipt
from leitai.scoring.scorer import Said, Scorer
from leitai.settings import Settings
from leitai.storage import artefacts
from leitai.submissions import intake
from leitai.submissions.models import State, Submission
from leitai.submissions.refusals import UnsuitableFile
from sandbox.job import Outcome, Verdict
from tests.leitai.factories import make_person, make_submission
from tests.leitai.scoring import programs
from tests.leitai.scoring.conftest import make_scorer
from tests.leitai.scoring.doubles import ToldSandbox

SECRET = b"Traceback: the answer of row 7 is 42\nThe program ended with exit code 3.\n"


def applied(folder: Path, made: Any, **task: Any) -> list[str]:
    with db.transaction() as session:
        bundle = load_bundle(programs.write(folder, made, [], **task), db.now())
        return [str(change) for change in apply(session, bundle, artefacts())]


def submitted(content: bytes, name: str) -> int:
    stored = artefacts().put(io.BytesIO(content), len(content))
    with db.transaction() as session:
        phase = session.scalars(select(Phase)).one()
        return make_submission(session, phase, digest=stored.digest, size=stored.size, file_name=name).id


def test_a_program_is_kept_with_its_task_and_versioned(database: Settings, tmp_path: Path) -> None:
    evaluation, files = programs.codabench()
    assert "created data load/program.tar (version 1)" in applied(tmp_path, (evaluation, files))
    assert applied(tmp_path, (evaluation, files)) == []
    submitted(b"zip", "x.zip")
    files["scoring_program/score.py"] += "\n"
    assert applied(tmp_path, (evaluation, files)) == [
        "changed data load/program.tar (version 2): rescore needed"
    ]
    with db.reading() as session:
        task = session.scalars(select(Task)).one()
        assert task.evaluation["program"]["command"] == "python3 $program/score.py $input $output"


def test_a_claim_brings_the_program_and_the_receipt_names_it(database: Settings, tmp_path: Path) -> None:
    applied(tmp_path, programs.evalai())
    submitted(b"{}", "x.json")
    with db.transaction() as session:
        claim = service.claim(session, "worker", 60)
        digest = session.scalars(select(DataFile.digest).where(DataFile.role == "program")).one()
    assert claim is not None
    assert claim.work.program == digest
    assert set(claim.work.evaluation["program"]["phases"]) == {"first"}
    parts = make_scorer(database, ToldSandbox()).parts
    assert receipt(claim.work, parts, {})["data"]["program"] == digest
    assert receipt(claim.work, parts, {})["images"] == {"scorer": "sha256:runtime"}
    shape = stages.scoring(claim.work, parts)
    assert not shape.lasting
    assert {volume.mount for volume in shape.volumes} == {
        "/data/reference",
        "/data/program",
        "/data/evaluators",
    }
    assert shape.writable == ("/app",)


def test_limits_of_a_program_are_those_of_its_task_where_it_sets_some(
    database: Settings, tmp_path: Path
) -> None:
    applied(tmp_path, programs.kaggle(limits={"wall": "10 s", "cpus": 2, "work": "5 MB"}))
    with db.reading() as session:
        work = service.work_in(session, session.scalars(select(Phase)).one())
    found = stages.scoring(work, make_scorer(database, ToldSandbox()).parts).limits
    assert (found.wall_s, found.cpu_s, found.cpus, found.work_bytes) == (10.0, 20.0, 2.0, 5_000_000)
    assert found.memory_bytes == stages.SCORING_LIMITS.memory_bytes


def test_a_task_takes_what_its_program_takes(database: Settings, tmp_path: Path) -> None:
    applied(tmp_path, programs.evalai(accepts=[".json", ".txt"]))
    with db.reading() as session:
        task = session.scalars(select(Task)).one()
        assert suffixes(task) == (".json", ".txt")
        assert intake.receive(task, io.BytesIO(b"{}"), "a.JSON")[1] == "a.JSON"
        with pytest.raises(UnsuitableFile) as refused:
            intake.receive(task, io.BytesIO(b"id,value\n"), "a.csv")
    assert refused.value.params["suffixes"] == ".json, .txt"


def test_files_for_an_ingestion_program_need_no_program_of_their_own(
    database: Settings, tmp_path: Path
) -> None:
    evaluation, files = programs.codabench(ingestion={"path": "ingestion_program"})
    files |= {"ingestion_program/metadata": programs.INGEST, "input/questions.json": "{}"}
    applied(tmp_path, (evaluation, files), kind="code", phase={"input": "input"})
    model = programs.zipped({"model.py": "x = 1"})
    with db.reading() as session:
        task = session.scalars(select(Task)).one()
        assert intake.receive(task, io.BytesIO(model), "a.zip")[1] == "a.zip"
        with pytest.raises(UnsuitableFile):
            intake.receive(task, io.BytesIO(b"no zip"), "a.zip")
    assert evaluation_view(task.evaluation).ingested


@pytest.fixture
def failed(database: Settings, tmp_path: Path) -> int:
    """A submission to a task whose program fails, and says more than teams may know."""
    applied(tmp_path, programs.kaggle())
    number = submitted(programs.RIGHT.encode(), "x.csv")
    outcome = Outcome(Verdict.RUNTIME_ERROR, 1, stderr=SECRET, detail="It ended with exit code 1.")
    scorer: Scorer = make_scorer(database, ToldSandbox(outcomes={"runtime": outcome}))
    for _ in range(database.scoring.attempts):
        assert scorer.score_next() == Said.DONE
    return number


def test_a_program_that_fails_is_our_failure_and_no_teams(failed: int) -> None:
    with db.reading() as session:
        submission = session.get_one(Submission, failed)
        assert submission.state == State.FAILED
        run = submission.runs[-1]
        assert "the answer of row 7 is 42" in run.trouble
        assert (run.code, run.params, run.stdout, run.log, run.receipt) == ("", {}, "", "", {})


def test_only_organizers_read_the_log_of_a_program(
    app: Flask, failed: int, sign_in: Callable[..., FlaskClient]
) -> None:
    with db.transaction() as session:
        submission = session.get_one(Submission, failed)
        team = submission.person
        organizer = make_person(session)
        submission.task.competition.organizers.append(organizer)
        stranger = make_person(session)
        session.flush()
        session.expunge_all()
    address = f"/submissions/{failed}"
    seen = {who.id: sign_in(who).get(address) for who in (team, organizer, stranger)}
    assert b"row 7 is 42" in seen[organizer.id].data
    assert seen[team.id].status_code == 200
    assert b"row 7" not in seen[team.id].data
    assert b"row 7" not in seen[stranger.id].data
    page = "/competitions/cup/load/organize/submissions"
    assert b"row 7 is 42" in sign_in(organizer).get(page).data
    assert b"row 7" not in sign_in(team).get(page).data


def test_the_page_of_an_evaluation_tells_of_the_program(
    app: Flask, database: Settings, tmp_path: Path, client: FlaskClient
) -> None:
    applied(tmp_path, programs.codabench(expects=["answer.json"]))
    page = client.get("/competitions/cup/load/evaluation").get_data(as_text=True)
    assert "Computed by a program of the organizers" in page
    assert "A file that ends in .zip." in page
    assert "<code>answer.json</code>" in page
    assert "Its columns:" not in page
    assert "Project-Id-Version" not in page


PROBLEMS: list[tuple[Any, dict[str, Any], str]] = [
    (programs.kaggle(path="none.py"), {}, "evaluation.program.path: 'none.py' does not exist."),
    (
        programs.kaggle(path="reference.csv"),
        {},
        "evaluation.program.path: 'reference.csv' holds no metric.py.",
    ),
    (programs.kaggle(limits={"wall": 5}), {}, "evaluation.program.limits.wall: 5 has no unit"),
    (programs.kaggle(limits={"upload": "5 MB"}), {}, "evaluation.program.limits.upload: is not a known key."),
    (programs.kaggle(image="task"), {}, "evaluation.program.image: is the task's, which has none."),
    (programs.kaggle(), {"kind": "code", "phase": {"input": "data"}}, "evaluation.file: is missing"),
    (programs.codabench(splits="folders"), {}, "phases[0].reference: reference has no folder public."),
    (
        programs.codabench(ingestion={"path": "scoring_program"}),
        {},
        "evaluation.program.ingestion: is given, but the task takes predictions.",
    ),
    (
        programs.codabench(ingestion={"path": "reference", "command": "x"}),
        {"kind": "code", "phase": {"input": "data"}},
        "phases[0].reference: lies in the folder of the ingestion program.",
    ),
    (
        programs.codabench(),
        {"kind": "code", "phase": {"input": "scoring_program"}},
        "evaluation.program.path: lies in a folder of hidden input.",
    ),
    (
        programs.evalai(phases={"last": {"codename": "a", "public": "b", "private": "c"}}),
        {},
        "evaluation.program.phases.first: is missing, and the task has this phase.",
    ),
]


@pytest.mark.parametrize(("made", "task", "told"), PROBLEMS)
def test_what_does_not_fit_between_a_task_and_its_program_is_told(
    settings_of_test: Settings, tmp_path: Path, made: Any, task: dict[str, Any], told: str
) -> None:
    with pytest.raises(BundleError) as caught:
        load_bundle(
            programs.write(tmp_path, made, [], **{**task, "phase": {**task.get("phase", {})}}), db.now()
        )
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("metadata", "told"),
    [
        (None, "'scoring_program' has no metadata.yaml and no metadata."),
        ("description: x\n", "metadata.yaml says no command of one line."),
        ("command: [a]\n", "metadata.yaml says no command of one line."),
        ("command: &x a\n", "metadata.yaml"),
    ],
)
def test_a_command_must_be_found(
    settings_of_test: Settings, tmp_path: Path, metadata: str | None, told: str
) -> None:
    evaluation, files = programs.codabench()
    del files["scoring_program/metadata.yaml"]
    files |= {"scoring_program/metadata.yaml": metadata} if metadata else {}
    with pytest.raises(BundleError) as caught:
        load_bundle(programs.write(tmp_path, (evaluation, files), []), db.now())
    assert told in str(caught.value)
    assert "evaluation.program.command" in str(caught.value)


def test_a_solution_may_ignore_rows_and_write_splits_in_capitals(
    settings_of_test: Settings, tmp_path: Path
) -> None:
    evaluation, files = programs.kaggle()
    load_bundle(programs.write(tmp_path, (evaluation, files), []), db.now())
    files["reference.csv"] = programs.SOLUTION.replace("Ignored", "Other")
    with pytest.raises(BundleError, match="has a row whose Usage is 'other'"):
        load_bundle(programs.write(tmp_path, (evaluation, files), []), db.now())
