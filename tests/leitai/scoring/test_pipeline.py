"""The way through the containers: what each is given, and what becomes of how it ends."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from obstore.store import LocalStore

from leitai.scoring import pipeline
from leitai.scoring.parts import Parts
from leitai.scoring.work import Output, Result, ScoringTrouble, Work
from leitai.storage import ArtefactStore
from sandbox.job import Job, Outcome, SandboxUnavailable, Verdict
from tests.leitai.factories import EVALUATION, LIMITS
from tests.leitai.scoring.doubles import ToldImages, ToldSandbox

CODE = EVALUATION | {"file": "predictions.csv"}


@pytest.fixture
def store(tmp_path: Path) -> ArtefactStore:
    return ArtefactStore(LocalStore(tmp_path / "artefacts", mkdir=True), tmp_path / "spool")


def score(
    store: ArtefactStore, sandbox: ToldSandbox, kind: str = "code", told: list[str] | None = None, **more: Any
) -> Result:
    content = b"what the team handed in"
    values: dict[str, Any] = {
        "kind": kind,
        "digest": store.put(io.BytesIO(content), 100).digest,
        "file_name": "predictions.CSV" if kind == "predictions" else "model.zip",
        "evaluation": CODE,
        "limits": LIMITS,
        "reference": "r" * 64,
        "hidden_input": "i" * 64,
    }
    parts = Parts(sandbox, store, store._spool / "scratch", "runtime", "scorer", ToldImages())
    return pipeline.score(
        Work(**(values | more)), "lease", parts, told.append if told is not None else lambda _: None
    )


def test_code_and_reference_never_meet(store: ArtefactStore) -> None:
    sandbox = ToldSandbox()
    seen: dict[str, bytes] = {}
    sandbox.during = lambda job: job.program and seen.setdefault(job.shape.image, job.program.read_bytes())
    assert score(store, sandbox).state == "scored"
    predict, scoring = sandbox.jobs
    assert predict.command == ("python3", "predict.py", "/data/input", "/job/output")
    assert [(volume.digest, volume.mount) for volume in predict.shape.volumes] == [("i" * 64, "/data/input")]
    assert predict.inputs == {}
    evaluator, reference = scoring.shape.volumes
    assert (reference.digest, reference.mount) == ("r" * 64, "/data/reference")
    assert evaluator.mount == "/job/program"
    assert list(scoring.inputs) == ["predictions.csv"]
    assert scoring.command[0] == "evaluators.score:main"
    assert seen == {"runtime": b"what the team handed in"}
    assert not any(b"what the team handed in" in chunk for chunk in evaluator.read())
    assert predict.lease == scoring.lease == "lease"


def test_predictions_need_one_container_and_keep_their_format(store: ArtefactStore) -> None:
    sandbox, told = ToldSandbox(), list[str]()
    assert score(store, sandbox, "predictions", told).state == "scored"
    assert told == ["scoring"]
    assert sandbox.jobs[0].command[-2:] == ("/job/input/predictions.csv", "/job/output/scores.json")


def test_the_page_hears_of_each_stage_before_it_begins(store: ArtefactStore) -> None:
    told = list[str]()
    sandbox = ToldSandbox(during=lambda job: told.append(job.shape.image))
    score(store, sandbox, told=told)
    assert told == ["predicting", "runtime", "scoring", "scorer"]


def test_the_tasks_limits_bind_the_team_and_not_the_evaluator(store: ArtefactStore) -> None:
    sandbox = ToldSandbox()
    score(store, sandbox, limits=LIMITS | {"wall_s": 3.5, "memory_bytes": 7_000_000, "output_bytes": 9})
    predict, scoring = sandbox.jobs
    assert (predict.limits.wall_s, predict.limits.memory_bytes, predict.limits.output_bytes) == (
        3.5,
        7_000_000,
        9,
    )
    assert scoring.limits.wall_s > 60


def test_scores_usage_and_receipt(store: ArtefactStore) -> None:
    result = score(store, ToldSandbox())
    assert (result.public, result.private) == ({"rmse": 1.0, "mae": 2.0}, {"rmse": 3.0, "mae": 4.0})
    assert result.usage is not None
    assert (result.usage.wall_s, result.usage.cpu_s) == (1.0, 0.5)
    assert [step["stage"] for step in result.stages] == ["predicting", "scoring"]
    receipt = result.receipt
    assert receipt["data"] == {"input": "i" * 64, "reference": "r" * 64}
    assert receipt["images"] == {"runtime": "sha256:runtime", "scorer": "sha256:scorer"}
    assert set(receipt) >= {"submission", "evaluation", "evaluator", "seed"}
    assert json.loads(json.dumps(receipt)) == receipt


FAILURES = [
    (Outcome(Verdict.RUNTIME_ERROR, exit_code=3), {"exit_code": 3, "signal": None}),
    (Outcome(Verdict.TIME_LIMIT), {"wall_s": 60.0, "cpu_s": 60.0}),
    (Outcome(Verdict.MEMORY_LIMIT), {"memory_bytes": 1_000_000_000}),
    (Outcome(Verdict.OUTPUT_LIMIT), {"output_bytes": 10_000_000, "output_files": 1000}),
    (Outcome(Verdict.INVALID_OUTPUT, detail="a link"), {"detail": "a link"}),
    (Outcome(Verdict.REFUSED_ARCHIVE, detail="../x"), {"detail": "../x"}),
]


@pytest.mark.parametrize(("outcome", "params"), FAILURES, ids=[str(row[0].verdict) for row in FAILURES])
def test_a_failing_program_is_the_teams(
    store: ArtefactStore, outcome: Outcome, params: dict[str, Any]
) -> None:
    sandbox = ToldSandbox(outcomes={"runtime": outcome})
    result = score(store, sandbox)
    assert (result.state, result.code, result.params) == ("rejected", outcome.verdict, params)
    assert len(sandbox.jobs) == 1


SAID = b"secret start" + b"x" * 5000 + b"\n\x1b[31mTraceback\x1b[0m \x1b]0;title\x07KeyError\x00\xff\n"


@pytest.mark.parametrize("verdict", [Verdict.RUNTIME_ERROR, Verdict.TIME_LIMIT, Verdict.OK])
def test_what_the_program_wrote_comes_home_clean_and_cut_to_its_end(
    store: ArtefactStore, verdict: Verdict
) -> None:
    outcome = Outcome(verdict, 0, stderr=SAID, stdout=b"o" * 9000)
    found = score(
        store, ToldSandbox(outcomes={"runtime": outcome}), limits=LIMITS | {"log_bytes": 5000}
    ).output
    assert found.stderr.endswith("Traceback KeyError\N{REPLACEMENT CHARACTER}")
    assert len(found.stderr.encode()) <= 5000
    assert "secret" not in found.stderr
    assert found.stdout == "o" * 5000


def test_what_our_evaluator_wrote_is_no_output_of_the_team(store: ArtefactStore) -> None:
    outcome = Outcome(Verdict.OK, 0, stdout=b"ours", stderr=b"ours")
    for kind in ("code", "predictions"):
        assert score(store, ToldSandbox(outcomes={"scorer": outcome}), kind).output == Output()


def test_every_limit_of_the_work_reaches_the_sandbox(store: ArtefactStore) -> None:
    given = LIMITS | {
        "processes": 20,
        "open_files": 70,
        "output_files": 2,
        "log_bytes": 3000,
        "work_bytes": 4_000_000,
        "cpus": 2,
    }
    sandbox = ToldSandbox()
    score(store, sandbox, limits=given)
    found = sandbox.jobs[0].limits
    assert (found.processes, found.open_files, found.output_files) == (20, 70, 2)
    assert (found.log_bytes, found.work_bytes, found.cpus) == (3000, 4_000_000, 2.0)


def test_no_predictions_is_the_teams(store: ArtefactStore) -> None:
    result = score(store, ToldSandbox(predictions={"other.csv": b"id\n"}))
    assert (result.state, result.code, result.params) == (
        "rejected",
        "missing_output",
        {"file": "predictions.csv"},
    )


def test_predictions_that_are_a_link_are_none(store: ArtefactStore) -> None:
    sandbox = ToldSandbox(predictions={})
    sandbox.during = lambda job: (job.output / "predictions.csv").symlink_to("/etc/passwd")
    assert score(store, sandbox).code == "missing_output"
    assert len(sandbox.jobs) == 1


def test_the_evaluators_rejection_is_the_teams_and_is_cleaned(store: ArtefactStore) -> None:
    verdict = {
        "rejection": {"code": "extra_ids", "params": {"count": 2, "examples": ["a\x00\x1b[2J", "\ud800"]}}
    }
    result = score(store, ToldSandbox(verdict=json.dumps(verdict).encode()), "predictions")
    assert (result.state, result.code) == ("rejected", "extra_ids")
    assert result.params["count"] == 2
    json.dumps(result.params, ensure_ascii=False).encode()
    assert "\x1b" not in str(result.params)


SCORES = {"rmse": 1.0, "mae": 2.0}
TROUBLES: dict[str, Any] = {
    "nothing": None,
    "no JSON": b"{",
    "too deep": b"[" * 100_000,
    "no object": b"[]",
    "neither": b"{}",
    "both": json.dumps({"scores": {}, "rejection": {}}).encode(),
    "an unknown reason": json.dumps({"rejection": {"code": "ugly"}}).encode(),
    "NaN": json.dumps({"scores": {"public": SCORES | {"mae": float("nan")}, "private": SCORES}}).encode(),
    "infinity in private": json.dumps(
        {"scores": {"public": SCORES, "private": SCORES | {"rmse": float("-inf")}}}
    ).encode(),
    "too large a number": json.dumps(
        {"scores": {"public": SCORES | {"mae": 10**400}, "private": SCORES}}
    ).encode(),
    "a string": json.dumps({"scores": {"public": SCORES | {"mae": "1"}, "private": SCORES}}).encode(),
    "a truth": json.dumps({"scores": {"public": SCORES | {"mae": True}, "private": SCORES}}).encode(),
    "a nested value": json.dumps({"scores": {"public": SCORES | {"mae": {}}, "private": SCORES}}).encode(),
    "a missing split": json.dumps({"scores": {"public": SCORES}}).encode(),
    "a missing metric": json.dumps({"scores": {"public": {"rmse": 1}, "private": SCORES}}).encode(),
    "one metric too many": json.dumps({"scores": {"public": SCORES | {"x": 1}, "private": SCORES}}).encode(),
    "a huge file": b" " * 2_000_000,
}


@pytest.mark.parametrize("written", TROUBLES.values(), ids=TROUBLES.keys())
def test_an_evaluator_that_writes_no_proper_verdict_is_our_trouble(
    store: ArtefactStore, written: Any
) -> None:
    with pytest.raises(ScoringTrouble) as caught:
        score(store, ToldSandbox(verdict=written))
    assert [step["stage"] for step in caught.value.stages] == ["predicting", "scoring"]


@pytest.mark.parametrize("verdict", [verdict for verdict in Verdict if verdict != Verdict.OK])
def test_an_evaluator_that_fails_is_our_trouble_whatever_the_way(
    store: ArtefactStore, verdict: Verdict
) -> None:
    outcome = Outcome(verdict, 1, detail="It failed.", stderr=b"the reference is broken")
    with pytest.raises(ScoringTrouble, match="the reference is broken"):
        score(store, ToldSandbox(outcomes={"scorer": outcome}))


@pytest.mark.parametrize("missing", ["reference", "hidden_input"])
def test_missing_data_is_our_trouble(store: ArtefactStore, missing: str) -> None:
    with pytest.raises(ScoringTrouble, match="apply the bundle again"):
        score(store, ToldSandbox(), **{missing: ""})


def test_a_missing_artefact_is_our_trouble(store: ArtefactStore) -> None:
    with pytest.raises(ScoringTrouble, match="0000"):
        score(store, ToldSandbox(), digest="0" * 64)


def test_the_engines_failure_stays_the_engines(store: ArtefactStore) -> None:
    with pytest.raises(SandboxUnavailable):
        score(store, ToldSandbox(breaks=True))


def test_nothing_is_left_of_a_run(store: ArtefactStore) -> None:
    score(store, ToldSandbox())
    with pytest.raises(SandboxUnavailable):
        score(store, ToldSandbox(breaks=True))
    assert list((store._spool / "scratch").iterdir()) == []
    assert [path for path in store._spool.iterdir() if path.is_file()] == []


FILES = {
    "files": {
        name: {"id": "id", "split": "split", "metrics": [{"metric": "mae", "name": name, "target": "y"}]}
        for name in ("boxes.csv", "labels.csv")
    }
}
TWO = {"boxes.csv": 1.0, "labels.csv": 2.0}


def test_several_tables_of_a_program_reach_the_evaluator_as_one_zip(store: ArtefactStore) -> None:
    written = {"boxes.csv": b"id,y\n", "labels.csv": b"id,y\n1,2\n", "other.csv": b"left behind"}
    verdict = json.dumps({"scores": {"public": TWO, "private": TWO}}).encode()
    sandbox = ToldSandbox(predictions=written, verdict=verdict)
    seen: dict[str, bytes] = {}

    def look(job: Job) -> None:
        for path in job.inputs.values():
            with zipfile.ZipFile(path) as archive:
                seen.update({name: archive.read(name) for name in archive.namelist()})

    sandbox.during = look
    result = score(store, sandbox, evaluation=FILES)
    assert (result.state, result.public) == ("scored", TWO)
    assert seen == {name: written[name] for name in ("boxes.csv", "labels.csv")}
    assert list(sandbox.jobs[1].inputs) == ["predictions.zip"]


@pytest.mark.parametrize("link", [False, True])
def test_of_several_tables_none_may_be_missing_or_a_link(store: ArtefactStore, link: bool) -> None:
    sandbox = ToldSandbox(predictions={"boxes.csv": b"id,y\n"})
    if link:
        sandbox.during = lambda job: (job.output / "labels.csv").symlink_to("/etc/passwd")
    result = score(store, sandbox, evaluation=FILES)
    assert (result.code, result.params) == ("missing_output", {"file": "labels.csv"})
    assert len(sandbox.jobs) == 1
