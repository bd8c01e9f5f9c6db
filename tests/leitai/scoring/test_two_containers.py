"""The real way through real containers: what each of them holds, seen from the engine while it runs."""

import io
import json
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from typing import Any

import docker
import pytest

from leitai import db
from leitai.competitions.models import Role
from leitai.launch import engine
from leitai.scoring.checking import unready
from leitai.scoring.scorer import Said, Scorer
from leitai.settings import Settings
from leitai.storage import Artefact, artefacts
from leitai.submissions.models import Run, State, Submission
from leitai.worker import wire
from tests.leitai.factories import EVALUATION, make_hidden, make_phase, make_submission, make_task

pytestmark = pytest.mark.engine

REFERENCE = b"id,split,value\na,public,1\nb,private,3\n"
# It looks for the reference everywhere, and tells what it found in place of a prediction.
CURIOUS = """
import os, pathlib, sys, time
source, target = map(pathlib.Path, sys.argv[1:])
time.sleep(1)
found = [
    os.path.join(folder, name)
    for folder, _, names in os.walk("/", onerror=None)
    if not folder.startswith(("/proc", "/sys"))
    for name in names
    if "reference" in name and not folder.startswith("/usr")
]
(target / "predictions.csv").write_text(f"id,value\\na,{1 + len(found)}\\nb,{len(os.listdir('/data'))}\\n")
"""


class Watch:
    """Inspects every container with our mark, over and over, and keeps what it saw of each."""

    def __init__(self, settings: Settings, mark: str) -> None:
        self.seen: dict[str, dict[str, Any]] = {}
        self._mark, self._done = mark, threading.Event()
        self._client = docker.DockerClient(base_url=engine.address(settings), timeout=10)
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._done.wait(0.02):
            for row in self._client.api.containers(filters={"label": "leitai.lease"}):
                if row["Labels"]["leitai.lease"].startswith(self._mark):
                    try:
                        self.seen[row["Id"]] = self._client.api.inspect_container(row["Id"])
                    except docker.errors.NotFound:
                        continue

    def end(self) -> list[dict[str, Any]]:
        self._done.set()
        self._thread.join()
        return sorted(self.seen.values(), key=lambda one: str(one["Created"]))


@pytest.fixture
def scorer(database: Settings) -> Scorer:
    parts = wire(database)
    why = unready(parts)
    assert not why, why
    return Scorer(parts, database, "worker")


@pytest.fixture
def watch(database: Settings, scorer: Scorer) -> Iterator[Watch]:
    found = Watch(database, f"{scorer._installation}.")
    yield found
    found.end()


def kept(content: bytes) -> Artefact:
    return artefacts().put(io.BytesIO(content), len(content))


def tar_of(name: str, content: bytes) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        member = tarfile.TarInfo(name)
        member.size, member.mode = len(content), 0o444
        archive.addfile(member, io.BytesIO(content))
    return stream.getvalue()


def zip_of(program: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("predict.py", program)
    return stream.getvalue()


def queued(kind: str, content: bytes, reference: bytes = REFERENCE) -> int:
    limits = {
        "wall_s": 20.0,
        "cpu_s": 20.0,
        "memory_bytes": 300_000_000,
        "cpus": 1.0,
        "output_bytes": 100_000,
    }
    stored = kept(content)
    with db.transaction() as session:
        task = make_task(
            session, kind=kind, limits=limits, evaluation=EVALUATION | {"file": "predictions.csv"}
        )
        phase = make_phase(session, task)
        hidden = {
            Role.INPUT: kept(tar_of("input.csv", b"id\na\nb\n")),
            Role.REFERENCE: kept(tar_of("reference.csv", reference)),
        }
        for role, a in hidden.items():
            make_hidden(session, phase, role, a.digest, size=a.size)
        name = "model.zip" if kind == "code" else "predictions.csv"
        return make_submission(session, phase, digest=stored.digest, size=stored.size, file_name=name).id


def ended(number: int) -> tuple[str, Run, dict[str, float]]:
    with db.reading() as session:
        found = session.get_one(Submission, number)
        run = found.runs[-1]
        assert run.sealed is not None
        return found.state, run, {score.metric: score.value for score in run.scores}


def mounts(container: dict[str, Any]) -> set[str]:
    return {row["Destination"] for row in container["Mounts"] if row["Type"] == "volume"}


def test_code_never_meets_the_reference_and_the_evaluator_never_meets_the_code(
    scorer: Scorer, watch: Watch
) -> None:
    number = queued("code", zip_of(CURIOUS))
    assert scorer.score_next() == Said.DONE
    state, run, scores = ended(number)
    assert state == State.SCORED, (run.code, run.params, run.log, run.trouble)
    assert scores == {"rmse": 0.0, "mae": 0.0}, "it found a reference"
    assert run.sealed == {"rmse": 2.0, "mae": 2.0}, "it saw more than its input"
    predict, score = watch.end()
    assert mounts(predict) == {"/data/input", "/leitai"}
    assert mounts(score) == {"/data/reference", "/job/program", "/leitai"}
    for container in (predict, score):
        host = container["HostConfig"]
        assert container["Config"]["NetworkDisabled"] or host["NetworkMode"] == "none"
        assert host["ReadonlyRootfs"]
        assert host["CapDrop"] == ["ALL"]
        assert {name.removeprefix("CAP_") for name in host["CapAdd"]} == {"SETUID", "SETGID", "KILL"}
        assert host["PidsLimit"] > 0
        assert host["NanoCpus"] > 0
        assert host["Memory"] == host["MemorySwap"] > 0
        assert not any(row["RW"] for row in container["Mounts"] if row["Type"] == "volume")
        assert host["Binds"] in (None, [])


def test_the_run_tells_what_it_used_and_its_receipt_names_every_part(scorer: Scorer) -> None:
    number = queued("code", zip_of(CURIOUS))
    scorer.score_next()
    _, run, _ = ended(number)
    assert run.wall_s is not None
    assert run.wall_s >= 1
    assert run.peak_memory_bytes
    assert run.predicted_at is not None
    assert [stage["stage"] for stage in run.stages] == ["predicting", "scoring"]
    assert set(run.receipt["images"]) == {"runtime", "scorer"}
    assert all(digest.startswith("sha256:") for digest in run.receipt["images"].values())
    assert run.receipt["versions"]["python"]
    assert "reference" not in json.dumps(run.stages)


def test_the_same_parts_give_the_same_score_and_the_same_receipt(scorer: Scorer) -> None:
    found = []
    for _ in range(2):
        number = queued("predictions", b"id,value\na,1.5\nb,2.25\n")
        scorer.score_next()
        _, run, scores = ended(number)
        found.append((scores, run.sealed, run.receipt))
    assert found[0] == found[1]
    assert found[0][0] == {"rmse": 0.5, "mae": 0.5}


def test_predictions_are_scored_in_one_container_that_mounts_the_reference_alone(
    scorer: Scorer, watch: Watch
) -> None:
    number = queued("predictions", b"id,value\na,1\nb,1\n")
    scorer.score_next()
    assert ended(number)[0] == State.SCORED
    [score] = watch.end()
    assert mounts(score) == {"/data/reference", "/job/program", "/leitai"}


def test_what_is_wrong_with_predictions_is_told_without_an_answer(scorer: Scorer) -> None:
    number = queued("predictions", b"id,value\na,1\nz,2\n")
    scorer.score_next()
    state, run, _ = ended(number)
    assert (state, run.code) == (State.REJECTED, "missing_ids")
    assert run.params == {"count": 1, "examples": ["b"]}


def test_a_program_of_the_submission_named_like_ours_meets_no_evaluator(scorer: Scorer) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("predict.py", CURIOUS)
        for name in ("evaluators/__init__.py", "evaluators/score.py", "polars.py", "json.py", "scores.json"):
            archive.writestr(f"more/{name}", "raise SystemExit(0)")
    number = queued("code", stream.getvalue())
    scorer.score_next()
    assert ended(number)[2] == {"rmse": 0.0, "mae": 0.0}


FAILING = [
    ("print('printed'); raise ValueError('my own text')", "runtime_error", "ValueError: my own text"),
    ("import time; time.sleep(60)", "time_limit", ""),
    ("x = bytearray(900_000_000)", "memory_limit", ""),
    ("open('/job/output/x', 'wb').write(b'0' * 300_000)", "output_limit", ""),
    ("import os; os.symlink('/etc/passwd', '/job/output/predictions.csv')", "invalid_output", ""),
    ("pass", "missing_output", ""),
]


@pytest.mark.parametrize(("program", "code", "log"), FAILING, ids=[row[1] for row in FAILING])
def test_each_failure_of_a_program_is_a_rejection_with_its_reason(
    scorer: Scorer, program: str, code: str, log: str
) -> None:
    number = queued("code", zip_of(program))
    if code == "time_limit":
        with db.transaction() as session:
            task = session.get_one(Submission, number).task
            task.limits = task.limits | {"wall_s": 1.5}
    scorer.score_next()
    state, run, scores = ended(number)
    assert (state, run.code, scores) == (State.REJECTED, code, {}), run.trouble
    assert (run.log, run.stdout) == ("", "")
    assert "my own text" not in repr(run.params)
    assert run.params.get("error") == ("ValueError" if log else None)
    tails = tails_of(run)
    assert log in tails.get("stderr", "")
    assert tails.get("stdout") == ("printed" if log else None)


@pytest.mark.parametrize(("logs", "stdout"), [("tail", ""), ("full", "printed")])
def test_a_phase_that_lets_a_program_speak_shows_its_words(scorer: Scorer, logs: str, stdout: str) -> None:
    number = queued("code", zip_of(FAILING[0][0]))
    with db.transaction() as session:
        session.get_one(Submission, number).phase.logs = logs
    scorer.score_next()
    _, run, _ = ended(number)
    assert run.log.endswith("ValueError: my own text")
    assert (run.stdout, run.params) == (stdout, {"exit_code": 1, "signal": None})


def test_a_phase_has_limits_of_its_own(scorer: Scorer) -> None:
    number = queued("code", zip_of("import time; time.sleep(60)"))
    with db.transaction() as session:
        session.get_one(Submission, number).phase.limits = {"wall_s": 1.0}
    scorer.score_next()
    _, run, _ = ended(number)
    assert (run.code, run.params) == ("time_limit", {"wall_s": 1.0, "cpu_s": 20.0})


def tails_of(run: Run) -> dict[str, str]:
    with db.reading() as session:
        return session.get_one(Run, run.id).tails


def test_a_reference_that_is_broken_is_our_trouble(scorer: Scorer) -> None:
    number = queued("predictions", b"id,value\na,1\nb,1\n", reference=b"id,split\na,public\n")
    assert [scorer.score_next() for _ in range(4)][-1] == Said.IDLE
    state, run, _ = ended(number)
    assert (state, run.attempt) == (State.FAILED, 3)
    assert "value" in run.trouble
