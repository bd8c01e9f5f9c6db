"""The command of the scoring container, in an interpreter of its own."""

import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

import evaluators
from evaluators.catalogue import METRICS
from tests.evaluators.examples import entries, with_texts
from tests.evaluators.trial import Row, answers, spec, write_csv, write_json

HEAVY = ("numpy", "polars", "scipy", "sklearn", "pandas")


@pytest.fixture
def unpacked(tmp_path: Path) -> Path:
    """A folder with nothing but the package as it is sent."""
    place = tmp_path / "program"
    with tarfile.open(fileobj=io.BytesIO(evaluators.source())) as archive:
        archive.extractall(place, filter="data")
    return place


def run(place: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    return subprocess.run(
        [sys.executable, *map(str, words)],
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def score(
    place: Path, reference: list[Row], submission: Path, task: Any
) -> tuple[subprocess.CompletedProcess[str], Path]:
    hidden, out = place.parent / "hidden", place.parent / "out.json"
    hidden.mkdir()
    write_csv(hidden / "answers.csv", reference)
    task_file = place.parent / "spec.json"
    task_file.write_text(json.dumps(task))
    return run(place, "-m", "evaluators.score", task_file, hidden, submission, out), out


def test_large_predictions_may_lie_elsewhere(unpacked: Path, tmp_path: Path) -> None:
    write_json(tmp_path / "elsewhere.jsonl", [{"id": "r1", "y": 2}, {"id": "r0", "y": 3}])
    link = tmp_path / "predictions.jsonl"
    link.symlink_to(tmp_path / "elsewhere.jsonl")
    _, out = score(unpacked, answers([1, 2]), link, spec())
    assert json.loads(out.read_text())["scores"]["public"] == {"mae": 2.0}


def test_scores_rows_and_versions_are_written(unpacked: Path, tmp_path: Path) -> None:
    submission = write_json(tmp_path / "p.jsonl", [{"id": "r1", "y": 2}, {"id": "r0", "y": 3}])
    done, out = score(unpacked, answers([1, 2]), submission, spec())
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    result = json.loads(out.read_text())
    assert result["scores"] == {"public": {"mae": 2.0}, "private": {"mae": 0.0}}
    assert result["rows"] == {"public": 1, "private": 1}
    assert result["versions"]["python"] == ".".join(map(str, sys.version_info[:3]))


def test_a_rejection_is_a_result(unpacked: Path, tmp_path: Path) -> None:
    submission = write_json(tmp_path / "p.jsonl", [{"id": "r1", "y": 2}])
    done, out = score(unpacked, answers([1, 2]), submission, spec())
    assert done.returncode == 0
    assert json.loads(out.read_text()) == {
        "rejection": {"code": "missing_ids", "params": {"count": 1, "examples": ["r0"]}}
    }


@pytest.mark.parametrize(
    ("reference", "task", "words"),
    [
        (answers([1, 2]), spec({"metric": "r2", "target": "y"}), "r2 is undefined on this reference"),
        (answers([1, 2])[:1], spec(), "some rows public and some private"),
        ([row | {"split": "test"} for row in answers([1, 2])], spec(), "'test'; write public or private"),
        (answers([1, 2, 3, 4], ids=["a", "b", "a", "b"]), spec(), "ids stand twice: a, b"),
        (answers([1, ""]), spec(), "the column y is empty in 1 rows"),
        (answers([1, 2]), spec({"metric": "mae", "target": "z"}), "missing_columns"),
        (answers([1, 2]), spec({"metric": "mea", "target": "y"}), "'mea' is no metric"),
    ],
)
def test_trouble_of_ours_ends_with_1_and_a_text(
    unpacked: Path, tmp_path: Path, reference: list[Row], task: Any, words: str
) -> None:
    submission = write_json(tmp_path / "p.jsonl", [{"id": "r0", "y": 2}, {"id": "r1", "y": 3}])
    done, out = score(unpacked, reference, submission, task)
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not out.exists()


def test_a_submission_that_is_not_there_is_trouble_of_ours(unpacked: Path, tmp_path: Path) -> None:
    done, out = score(unpacked, answers([1, 2]), tmp_path / "none.csv", spec())
    assert (done.returncode, out.exists()) == (1, False)


def test_a_reference_is_one_table(unpacked: Path, tmp_path: Path) -> None:
    submission = write_json(tmp_path / "p.jsonl", [{"id": "r0", "y": 2}])
    (tmp_path / "hidden").mkdir()
    (tmp_path / "spec.json").write_text(json.dumps(spec()))
    words = (tmp_path / "spec.json", tmp_path / "hidden", submission, tmp_path / "out.json")
    done = run(unpacked, "-m", "evaluators.score", *words)
    assert (done.returncode, "found none" in done.stderr) == (1, True)
    for name in ("a.csv", "b.jsonl"):
        (tmp_path / "hidden" / name).touch()
    done = run(unpacked, "-m", "evaluators.score", *words)
    assert (done.returncode, "found a.csv, b.jsonl" in done.stderr) == (1, True)


def test_wrong_usage_shows_the_usage(unpacked: Path) -> None:
    done = run(unpacked, "-m", "evaluators.score", "spec.json")
    assert done.returncode == 2
    assert "SPEC.json REFERENCE_DIR PREDICTIONS OUT.json" in done.stderr


def test_importing_the_package_loads_nothing_heavy(unpacked: Path) -> None:
    program = (
        "import sys, evaluators; evaluators.metrics(); evaluators.source(); "
        f"evaluators.validate({spec()!r}); evaluators.columns({spec()!r}); import evaluators.score; "
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    assert run(unpacked, "-c", program).stdout == "[]\n"


def test_scoring_loads_only_libraries_that_metrics_name_and_unpickles_nothing(
    unpacked: Path, tmp_path: Path
) -> None:
    (tmp_path / "hidden").mkdir()
    rows = answers([1, 1, 0, 0, 1, 1], q=[1] * 6, e=[1] * 6, n=[0, 0, 1, 1, 0, 0])
    rows = with_texts([row | {"z": row["y"] + 1, "o": row["y"]} for row in rows], [1, 1, 0, 0, 1, 1])
    write_csv(tmp_path / "hidden" / "answers.csv", rows)
    submission = write_csv(tmp_path / "p.csv", [row | {"p": row["y"], "n": 1 - row["y"]} for row in rows])
    words = [str(tmp_path / name) for name in ("spec.json", "hidden", submission.name, "out.json")]
    program = (
        "import sys, pickle; pickle.loads = pickle.load = pickle.Unpickler = None; "
        f"from evaluators.score import main; assert main(*{words!r}) == 0; "
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    for metrics in entries():
        (tmp_path / "spec.json").write_text(json.dumps(spec(*metrics)))
        done = run(unpacked, "-c", program)
        named = {library for metric in metrics for library in METRICS[metric["metric"]].libraries}
        expected = [name for name in HEAVY if name in {"numpy", "polars", *named}]
        assert done.stdout == f"{expected}\n", done.stderr
        scores = json.loads((tmp_path / "out.json").read_text())["scores"]
        assert list(scores["public"]) == [metric["metric"] for metric in metrics]


def test_the_source_has_the_same_bytes_in_another_interpreter(unpacked: Path) -> None:
    program = "import evaluators, hashlib; print(hashlib.sha256(evaluators.source()).hexdigest())"
    assert run(unpacked, "-c", program).stdout.strip() == hashlib.sha256(evaluators.source()).hexdigest()


def test_the_source_holds_the_package_and_nothing_else(unpacked: Path) -> None:
    package = Path(evaluators.__file__).parent
    sent = {path.relative_to(unpacked / "evaluators") for path in unpacked.rglob("*") if path.is_file()}
    assert sent == {path.relative_to(package) for path in package.rglob("*.py")}
    with tarfile.open(fileobj=io.BytesIO(evaluators.source())) as archive:
        assert {(member.mtime, member.uid, member.uname) for member in archive} == {(0, 0, "")}
