"""`leitai verify`: a receipt is scored again, and what differs is named."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from leitai import db
from leitai.scoring import showing_verifications
from leitai.scoring.parts import Parts
from leitai.settings import Settings
from leitai.submissions import receipts
from leitai.submissions.models import Split, Submission
from tests.leitai.scoring.conftest import make_scorer
from tests.leitai.scoring.doubles import ToldSandbox

OTHER = b'{"scores": {"public": {"rmse": 1.5, "mae": 2}, "private": {"rmse": 3, "mae": 4}}}'

Verify = Callable[[dict[str, Any]], tuple[int, dict[str, str]]]


@pytest.fixture
def sandbox() -> ToldSandbox:
    return ToldSandbox()


@pytest.fixture
def parts(database: Settings, sandbox: ToldSandbox, number: int) -> Parts:
    """Of a worker that has scored the submission."""
    scorer = make_scorer(database, sandbox)
    scorer.score_next()
    return scorer.parts


@pytest.fixture
def document(parts: Parts, number: int) -> dict[str, Any]:
    """The receipt as the portal gives it."""
    with db.reading() as session:
        row = session.get_one(Submission, number)
        assert row.run is not None
        return {
            "number": number,
            "task": f"{row.task.competition.slug}/{row.task.slug}",
            "phase": row.phase.slug,
            "state": row.run.state,
            "scores": {score.metric: score.value for score in row.run.scores if score.split == Split.PUBLIC},
            "receipt": receipts.parts(row.run),
            "digest": receipts.digest(row.run),
        }


@pytest.fixture
def verify(parts: Parts, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Verify:
    """Gives the exit code, and of each part that differs what is told."""

    def run(document: dict[str, Any]) -> tuple[int, dict[str, str]]:
        place = tmp_path / "receipt.json"
        place.write_text(json.dumps(document))
        code = showing_verifications.run(place, lambda: parts, as_json=True)
        found = json.loads(capsys.readouterr().out)
        return code, {check["part"]: check["told"] for check in found["checks"] if check["told"]}

    return run


def test_the_same_parts_give_the_same_scores(document: dict[str, Any], verify: Verify) -> None:
    assert document["scores"]
    assert verify(document) == (0, {})


def test_another_score_is_named(document: dict[str, Any], verify: Verify, sandbox: ToldSandbox) -> None:
    sandbox.verdict = OTHER
    code, differing = verify(document)
    assert code == 1
    assert differing["score rmse"] == "it was 1.0, and is 1.5 now"
    assert "score mae" not in differing


def test_a_receipt_that_somebody_changed_is_found(document: dict[str, Any], verify: Verify) -> None:
    document["receipt"]["evaluator"] = "0" * 64
    code, differing = verify(document)
    assert code == 1
    assert set(differing) == {"digest", "record", "evaluator"}


def test_an_evaluation_that_changed_since_is_named(
    document: dict[str, Any], verify: Verify, number: int
) -> None:
    with db.transaction() as session:
        task = session.get_one(Submission, number).task
        metrics = [*reversed(task.evaluation["metrics"])]
        task.evaluation = {**task.evaluation, "metrics": metrics}
    _, differing = verify(document)
    assert differing["evaluation"] == "the task is evaluated otherwise since"


def test_the_data_of_the_receipt_are_used_though_the_phase_has_others(
    document: dict[str, Any], verify: Verify, sandbox: ToldSandbox
) -> None:
    assert verify(document)[0] == 0
    wanted = document["receipt"]["data"]["reference"]
    assert any(volume.digest == wanted for volume in sandbox.jobs[-1].shape.volumes)


def test_a_submission_of_another_task_is_not_taken(
    document: dict[str, Any], parts: Parts, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "receipt.json"
    place.write_text(json.dumps({**document, "task": "other/task"}))
    assert showing_verifications.run(place, lambda: parts, as_json=False) == 1
    assert "has no submission" in capsys.readouterr().err


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"number": "x"}', "[" * 90_000])
def test_what_is_no_receipt_is_told(
    parts: Parts, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    place = tmp_path / "receipt.json"
    place.write_text(content)
    assert showing_verifications.run(place, lambda: parts, as_json=False) == 1
    assert capsys.readouterr().err


def test_without_a_sandbox_the_exit_code_says_so(
    document: dict[str, Any], parts: Parts, sandbox: ToldSandbox, tmp_path: Path
) -> None:
    sandbox.answers = False
    place = tmp_path / "receipt.json"
    place.write_text(json.dumps(document))
    assert showing_verifications.run(place, lambda: parts, as_json=False) == 3


def test_the_table_has_a_line_for_every_part(
    document: dict[str, Any], parts: Parts, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "receipt.json"
    place.write_text(json.dumps(document))
    assert showing_verifications.run(place, lambda: parts, as_json=False) == 0
    told = capsys.readouterr().out
    assert "The same parts gave the same scores." in told
    assert "evaluator" in told
