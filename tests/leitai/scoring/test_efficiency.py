"""What a run used comes from outside of it to its scores, and from there to the board."""

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from obstore.store import LocalStore

from leitai import db, queues
from leitai.accounts import service as accounts
from leitai.competitions.metrics import evaluation_view
from leitai.competitions.models import Role, Task
from leitai.scoring import pipeline
from leitai.scoring.checking import unready
from leitai.scoring.parts import Parts
from leitai.scoring.scorer import Said, Scorer
from leitai.scoring.work import Result, Work
from leitai.settings import Settings
from leitai.storage import ArtefactStore
from leitai.submissions import service as submissions
from leitai.submissions.models import State, Submission
from leitai.web.filters import number
from leitai.worker import wire
from sandbox.job import Job, Outcome, Verdict
from tests.leitai.factories import (
    EVALUATION,
    LIMITS,
    make_competition,
    make_entry,
    make_hidden,
    make_phase,
    make_task,
)
from tests.leitai.scoring.doubles import ToldImages, ToldSandbox
from tests.leitai.scoring.test_two_containers import REFERENCE, kept, tar_of, zip_of

RMSE = {"metric": "rmse", "name": "RMSE", "target": "value"}
SECONDS = {"metric": "wall_time", "name": "Seconds", "cap": "10 s"}
SIZE = {"metric": "submission_size", "name": "Size"}
MEMORY = {"metric": "peak_memory", "name": "Memory", "cap": "250 MB"}
RATE = {"metric": "throughput", "name": "Speed"}
POINTS = {
    "combine": "mean",
    "name": "Points",
    "of": {
        "RMSE": {"weight": 3, "scale": {"low": 4, "high": 0}},
        "Seconds": {"scale": {"low": 10, "high": 0}},
    },
}
CONTENT = b"what the team handed in"


def evaluation(*metrics: dict[str, Any]) -> dict[str, Any]:
    return {"id": "id", "split": "split", "file": "predictions.csv", "metrics": [*metrics]}


@dataclass
class Trial:
    """A run in a sandbox that does as it is told, and what the evaluator was handed beside predictions."""

    result: Result
    command: tuple[str, ...]
    inputs: dict[str, bytes]


def tried(folder: Path, spec: dict[str, Any], kind: str, verdict: dict[str, Any]) -> Trial:
    store = ArtefactStore(LocalStore(folder / "artefacts", mkdir=True), folder / "spool")
    sandbox = ToldSandbox(verdict=json.dumps(verdict).encode())
    sandbox.outcomes["runtime"] = Outcome(
        Verdict.OK, 0, wall_s=2.5, cpu_s=1.5, peak_memory_bytes=77_000_000, output_bytes=10
    )
    seen: dict[str, bytes] = {}

    def look(job: Job) -> None:
        seen.update({name: path.read_bytes() for name, path in job.inputs.items()})

    sandbox.during = look
    work = Work(
        kind=kind,
        digest=store.put(io.BytesIO(CONTENT), 100).digest,
        file_name="model.zip" if kind == "code" else "p.csv",
        evaluation=spec,
        limits=LIMITS,
        reference="r" * 64,
        hidden_input="i" * 64 if kind == "code" else "",
    )
    parts = Parts(sandbox, store, folder / "scratch", "runtime", "scorer", ToldImages())
    result = pipeline.score(work, "lease", parts, lambda _: None)
    return Trial(result, sandbox.jobs[-1].command, seen)


def told(*names: str, **more: Any) -> dict[str, Any]:
    scores = dict.fromkeys(names, 1.0)
    return {"scores": {"public": scores, "private": scores}} | more


def test_the_evaluator_is_told_what_the_program_used_and_the_receipt_keeps_it(tmp_path: Path) -> None:
    used = {
        "submission_bytes": len(CONTENT), "wall_s": 2.5, "cpu_s": 1.5, "peak_memory_bytes": 77_000_000
    }  # fmt: skip
    trial = tried(tmp_path, evaluation(RMSE, SECONDS), "code", told("RMSE", "Seconds", measured=used))
    assert json.loads(trial.inputs["measured.json"]) == used
    assert trial.command[-1] == "/job/input/measured.json"
    assert trial.result.receipt["measured"] == used


def test_of_predictions_it_is_told_their_size_alone(tmp_path: Path) -> None:
    spec = evaluation(RMSE, SIZE)
    del spec["file"]
    trial = tried(tmp_path, spec, "predictions", told("RMSE", "Size"))
    assert json.loads(trial.inputs["measured.json"]) == {"submission_bytes": len(CONTENT)}


def test_a_task_without_such_metrics_is_told_nothing(tmp_path: Path) -> None:
    trial = tried(tmp_path, EVALUATION | {"file": "predictions.csv"}, "code", told("rmse", "mae"))
    assert list(trial.inputs) == ["predictions.csv"]
    assert "measured" not in trial.result.receipt


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.123, "s", "0.12 s"),
        (200.0, "s", "3 min 20 s"),
        (123_456_789.0, "bytes", "123 MB"),
        (54_321.0, "bytes", "54.3 kB"),
        (4860.0, "rows/s", "4860 rows/s"),
        (None, "s", "–"),
        (0.5, "", "0.500000"),
    ],
)
def test_boards_write_units(value: float | None, unit: str, text: str) -> None:
    assert number(value, unit=unit) == text


def test_the_evaluation_page_tells_the_budget(database: Settings) -> None:
    clipped = MEMORY | {"beyond": "clip"}
    found = evaluation_view(
        evaluation(RMSE, SECONDS, clipped, RATE | {"least": 5, "beyond": "clip"}, RATE | {"name": "r"})
    )
    said = {view.column.name: [text % params for text, params in view.notes] for view in found.metrics}
    assert said == {
        "RMSE": [],
        "Seconds": ["The budget is 10.0 s: a submission that uses more is rejected."],
        "Memory": ["The budget is 250 MB: whatever is used beyond counts as that."],
        "Speed": ["The budget is 5 rows/s: whatever is less counts as that."],
        "r": [],
    }


PROGRAM = """
import pathlib, sys, time
time.sleep({pause})
block = bytearray({memory})
block[::4096] = b"x" * len(block[::4096])
(pathlib.Path(sys.argv[2]) / "predictions.csv").write_text("id,value\\na,1\\nb,3\\n")
"""


class World:
    """A task that ranks by points of error and time, a team with a token, and a worker on a real engine."""

    def __init__(self, settings: Settings, client: FlaskClient) -> None:
        self.client = client
        parts = wire(settings)
        why = unready(parts)
        assert not why, why
        self.scorer = Scorer(parts, settings, "worker")
        with db.transaction() as session:
            limits = LIMITS | {"wall_s": 30.0, "cpu_s": 30.0}
            spec = evaluation(POINTS, RMSE, SECONDS, MEMORY, SIZE, RATE)
            task = make_task(session, make_competition(session), kind="code", limits=limits, evaluation=spec)
            phase = make_phase(session, task)
            hidden = {
                Role.INPUT: tar_of("input.csv", b"id\na\nb\n"),
                Role.REFERENCE: tar_of("r.csv", REFERENCE),
            }
            for role, content in hidden.items():
                stored = kept(content)
                make_hidden(session, phase, role, stored.digest, size=stored.size)
            captain = make_entry(session, task).team.captain
            self.bearer = {"Authorization": f"Bearer {accounts.make_token(session, captain, 'captain')}"}
            self.slugs = f"{task.competition.slug}/{task.slug}"
            self.phase = phase.slug

    def hand_in(self, pause: float = 0.0, memory: int = 0) -> dict[str, Any]:
        """From POST to what the API says afterwards."""
        file = (io.BytesIO(zip_of(PROGRAM.format(pause=pause, memory=memory))), "model.zip")
        posted = self.client.post(
            f"/api/v1/tasks/{self.slugs}/submissions", data={"file": file}, headers=self.bearer
        )
        assert posted.status_code == 201, posted.text
        assert self.scorer.score_next() == Said.DONE
        return self.found(posted.headers["Location"])

    def found(self, address: str) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.client.get(address, headers=self.bearer).data)
        return answer | {"address": address}

    def board(self) -> dict[str, Any]:
        found: dict[str, Any] = self.found(f"/api/v1/tasks/{self.slugs}/board?split=public")
        return found


@pytest.fixture
def world(database: Settings, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(queues, "wake", lambda: None)
    return World(database, client)


@pytest.mark.engine
def test_from_the_post_to_the_board_a_slower_program_stands_lower(world: World) -> None:
    assert world.hand_in(pause=1.5, memory=60_000_000)["state"] == "scored"
    [slow] = world.board()["rows"]
    assert 1.5 <= slow["scores"]["Seconds"] < 10
    assert slow["scores"]["Points"] == pytest.approx((300 + 100 - 10 * slow["scores"]["Seconds"]) / 4)
    assert 60_000_000 < slow["scores"]["Memory"] <= 250_000_000
    assert slow["scores"]["Size"] == len(zip_of(PROGRAM.format(pause=1.5, memory=60_000_000)))
    assert slow["scores"]["Speed"] == pytest.approx(2 / slow["scores"]["Seconds"], rel=0.01)
    assert world.hand_in()["state"] == "scored"
    [fast] = world.board()["rows"]
    assert fast["scores"]["Points"] > slow["scores"]["Points"]
    assert fast["scores"]["Memory"] < slow["scores"]["Memory"]
    page = world.client.get(f"/competitions/{world.slugs}/board").text
    assert "MB</td>" in page
    assert "rows/s</td>" in page
    assert " s</td>" in page


@pytest.mark.engine
def test_beyond_the_budget_a_submission_is_rejected_and_told_why(world: World) -> None:
    heavy = world.hand_in(memory=300_000_000)
    assert heavy["state"] == "rejected"
    assert "Memory: your submission took" in json.dumps(heavy)
    assert "the budget of the task is 250 MB" in json.dumps(heavy)
    with db.reading() as session:
        run = session.get_one(Submission, heavy["id"]).runs[-1]
        assert (run.code, run.params["metric"], run.params["budget_bytes"]) == (
            "over_size",
            "Memory",
            250_000_000,
        )
        assert run.params["used_bytes"] > 300_000_000
    assert world.board()["rows"] == []


@pytest.mark.engine
def test_scored_again_a_run_is_measured_again(world: World) -> None:
    first = world.hand_in(pause=1.0)
    with db.transaction() as session:
        submission = session.get_one(Submission, first["id"])
        task = session.get_one(Task, submission.task_id)
        task.evaluation = evaluation(RMSE, SECONDS | {"cap": 0.5})
        submissions.requeue(session, submission)
    assert world.scorer.score_next() == Said.DONE
    with db.reading() as session:
        submission = session.get_one(Submission, first["id"])
        assert submission.state == State.REJECTED
        assert submission.runs[-1].code == "over_time"
    assert world.board()["rows"] == []
