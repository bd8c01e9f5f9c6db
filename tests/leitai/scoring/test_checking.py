"""`leitai check`: what a bundle promises of its baselines is held against what happens."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from leitai.cli import leitai
from leitai.scoring import commands
from leitai.scoring.parts import Parts
from leitai.settings import Settings
from leitai.storage import artefacts
from sandbox.job import Outcome, Verdict
from tests.leitai.competitions import bundles
from tests.leitai.scoring.doubles import ToldImages, ToldSandbox

SCORES = b'{"scores": {"public": {"rmse": 1.0}, "private": {"rmse": 3.0}}}'
REJECTION = b'{"rejection": {"code": "missing_ids", "params": {"count": 1, "examples": ["b"]}}}'


def check(
    folder: Path,
    sandbox: ToldSandbox,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    *options: str,
    **baseline: Any,
) -> Result:
    given = {"name": "mean", "file": "baselines/mean.csv", **baseline}
    task = bundles.task(baselines=[given])
    bundle = bundles.write(folder, bundles.competition(task), {"baselines/mean.csv": "id,value\na,1\n"})
    parts = Parts(sandbox, artefacts(), settings.path("scratch"), "runtime", "scorer", ToldImages())
    monkeypatch.setattr(commands, "_wired", lambda _: parts)
    return CliRunner().invoke(leitai, ["check", str(bundle), *options])


ENDS: list[tuple[bytes, dict[str, Any], str]] = [
    (SCORES, {}, ""),
    (SCORES, {"score": {"rmse": 1.009}}, ""),
    (SCORES, {"score": {"rmse": 1.1}}, "rmse is 1, and 1.1 was expected"),
    (SCORES, {"score": {"rmse": 1.1}, "tolerance": 0.2}, ""),
    (SCORES, {"expect": "rejected"}, "It was scored, and rejected was expected"),
    (REJECTION, {}, "It was rejected (missing_ids"),
    (REJECTION, {"expect": "rejected"}, ""),
    (REJECTION, {"expect": "rejected", "reason": "missing_ids"}, ""),
    (REJECTION, {"expect": "rejected", "reason": "time_limit"}, "It was rejected for missing_ids"),
    (b"{}", {"expect": "rejected"}, "Scoring failed on our side"),
]


@pytest.mark.parametrize(("verdict", "baseline", "problem"), ENDS)
def test_each_end_is_held_against_what_was_expected(
    settings_of_test: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    verdict: bytes,
    baseline: dict[str, Any],
    problem: str,
) -> None:
    sandbox = ToldSandbox(verdict=verdict)
    result = check(tmp_path / "b", sandbox, settings_of_test, monkeypatch, "--json", **baseline)
    [finding] = json.loads(result.stdout)["baselines"]
    assert problem in finding["problem"]
    assert bool(finding["problem"]) == bool(problem)
    assert result.exit_code == bool(problem)
    assert (finding["task"], finding["phase"], finding["baseline"]) == ("load", "first", "mean")


def test_the_table_shows_both_splits_and_the_reason(
    settings_of_test: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = check(tmp_path / "b", ToldSandbox(verdict=SCORES), settings_of_test, monkeypatch)
    assert "load / first  rmse" in good.stdout
    assert re.search(r"mean +scored +1\.0000 +3\.0000 ", good.stdout)
    assert "Baselines tried: 1, not as expected: 0." in good.stdout
    bad = check(tmp_path / "b", ToldSandbox(verdict=REJECTION), settings_of_test, monkeypatch)
    assert "load / first: mean" in bad.stdout


def test_a_bundle_with_problems_is_not_tried(
    settings_of_test: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox = ToldSandbox()
    result = check(tmp_path / "b", sandbox, settings_of_test, monkeypatch, expect="perhaps")
    assert result.exit_code == 1
    assert "baselines[0].expect" in result.stderr
    assert sandbox.jobs == []


@pytest.mark.parametrize(("lacking", "words"), [("answers", "No Docker engine"), ("images", "images build")])
def test_without_a_sandbox_it_says_what_to_do(
    settings_of_test: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lacking: str, words: str
) -> None:
    result = check(tmp_path / "b", ToldSandbox(**{lacking: False}), settings_of_test, monkeypatch)
    assert (result.exit_code, words in result.stderr) == (3, True)


def test_no_dry_run_needs_no_sandbox(
    settings_of_test: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox = ToldSandbox(answers=False)
    result = check(tmp_path / "b", sandbox, settings_of_test, monkeypatch, "--no-dry-run")
    assert (result.exit_code, result.stdout) == (0, "cup is valid; its baselines were not tried.\n")


def test_code_is_zipped_and_its_failure_is_shown_with_the_log(
    settings_of_test: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluation = bundles.task()["evaluation"] | {"file": "predictions.csv"}
    phases = [bundles.phase("first", "-1 d", "+10 d", input="hidden/input")]
    baseline = {"name": "model", "file": "baselines/model"}
    task = bundles.task(kind="code", evaluation=evaluation, phases=phases, baselines=[baseline])
    files = {"hidden/input/x.csv": "id\na\nb\n", "baselines/model/predict.py": "import nothing\n"}
    folder = bundles.write(tmp_path / "b", bundles.competition(task), files)
    failed = Outcome(Verdict.RUNTIME_ERROR, exit_code=1, stderr=b"No module named nothing")
    sandbox = ToldSandbox(outcomes={"runtime": failed})
    sandbox.during = lambda job: programs.append(job.program.read_bytes())
    programs: list[bytes] = []
    parts = Parts(sandbox, artefacts(), settings_of_test.path("scratch"), "runtime", "scorer", ToldImages())
    monkeypatch.setattr(commands, "_wired", lambda _: parts)
    result = CliRunner().invoke(leitai, ["check", str(folder)])
    assert result.exit_code == 1
    assert "No module named nothing" in result.stdout
    assert programs[0].startswith(b"PK")
    assert sandbox.jobs[0].lease.startswith("check.")


def test_what_a_killed_dry_run_left_is_cleared_and_nothing_else(
    settings_of_test: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox = ToldSandbox(verdict=SCORES)
    check(tmp_path / "b", sandbox, settings_of_test, monkeypatch)
    [living] = sandbox.cleared
    assert sandbox.jobs[0].lease in living
    own = sandbox.jobs[0].lease.removesuffix(sandbox.jobs[0].lease.rpartition(".")[2])
    dead = own.replace(f".{os.getpid()}.", ".999999999.")
    assert f"{dead}abcd" not in living
    assert "check.elsewhere.999999999.abcd" in living
    assert "0123abcd.of-an-installation" in living
