"""What the baselines of the demo come to, by the evaluators themselves."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from leitai import db
from leitai.competitions.bundle.loading import Bundle, load_bundle
from leitai.competitions.bundle.schema import Baseline, PhaseSpec, TaskSpec
from leitai.settings import HOME

BASELINES = {
    "load-forecast": ["mean", "average week", "last week once more", "first week only"],
    "review-sentiment": [
        "words of praise and complaint",
        "naive Bayes on character pairs",
        "tf-idf and logistic regression",
    ],
    "digit-images": ["nearest mean", "support vectors"],
    "credit-risk": [
        "the same for everybody",
        "checking account alone",
        "scorecard",
        "the same for everybody, final",
        "checking account alone, final",
        "scorecard, final",
    ],
}
EACH = [(task, name) for task, names in BASELINES.items() for name in names]
SLOW = "nearest by edit distance"


@pytest.fixture(scope="session")
def bundle(demo: Path) -> Bundle:
    return load_bundle(demo, db.now())


def task_of(bundle: Bundle, slug: str) -> TaskSpec:
    return next(task.spec for task in bundle.tasks if task.spec.slug == slug)


def baseline_of(task: TaskSpec, name: str) -> Baseline:
    return next(baseline for baseline in task.baselines if baseline.name == name)


def phase_of(task: TaskSpec, baseline: Baseline) -> PhaseSpec:
    return next(phase for phase in task.phases if phase.slug == baseline.phase)


def predictions(task: TaskSpec, baseline: Baseline, folder: Path) -> Path:
    """The file itself, or what the program writes from the hidden input."""
    if task.kind == "predictions":
        return baseline.file.path
    source = phase_of(task, baseline).input
    assert source is not None
    program = [sys.executable, "predict.py", str(source.path), str(folder)]
    subprocess.run(program, cwd=baseline.file.path, check=True, timeout=120)
    return folder / str(task.evaluation["file"])


def evaluated(task: TaskSpec, baseline: Baseline, folder: Path) -> dict[str, Any]:
    """What the scoring container would say."""
    (folder / "output").mkdir()
    (folder / "reference").mkdir()
    (folder / "spec.json").write_text(json.dumps(task.evaluation))
    shutil.copy(phase_of(task, baseline).reference.path, folder / "reference")
    table = predictions(task, baseline, folder / "output")
    evaluator = [
        sys.executable,
        "-m",
        "evaluators.score",
        str(folder / "spec.json"),
        str(folder / "reference"),
    ]
    subprocess.run([*evaluator, str(table), str(folder / "result.json")], cwd=HOME, check=True, timeout=120)
    found: dict[str, Any] = json.loads((folder / "result.json").read_text())
    return found


def test_every_baseline_is_tried_here(bundle: Bundle) -> None:
    listed = {
        task.spec.slug: [b.name for b in task.spec.baselines if b.name != SLOW] for task in bundle.tasks
    }
    assert listed == BASELINES


@pytest.mark.parametrize(("slug", "name"), EACH)
def test_a_baseline_comes_to_what_the_bundle_expects(
    slug: str, name: str, bundle: Bundle, tmp_path: Path
) -> None:
    task = task_of(bundle, slug)
    baseline = baseline_of(task, name)
    result = evaluated(task, baseline, tmp_path)
    if baseline.expect == "rejected":
        assert result["rejection"]["code"] == baseline.reason
        return
    assert result["scores"]["public"] == {
        **result["scores"]["public"],
        **{metric: pytest.approx(value, rel=0.002) for metric, value in baseline.score.items()},
    }
    assert set(result["scores"]["private"]) == set(result["scores"]["public"])
    assert min(result["rows"].values()) > 50


def test_the_slow_baseline_would_need_far_longer_than_its_limit(bundle: Bundle, tmp_path: Path) -> None:
    task = task_of(bundle, "review-sentiment")
    baseline = baseline_of(task, SLOW)
    source = phase_of(task, baseline).input
    assert source is not None
    assert (baseline.reason, task.limits.wall) == ("time_limit", 30.0)
    program = [sys.executable, "predict.py", str(source.path), str(tmp_path)]
    with pytest.raises(subprocess.TimeoutExpired) as ended:
        subprocess.run(program, cwd=baseline.file.path, timeout=4, stdout=subprocess.PIPE, check=False)
    done = len((ended.value.stdout or b"").splitlines())
    assert done * task.limits.wall / 4 < 2000 / 10
    assert list(tmp_path.iterdir()) == []


def test_every_scored_baseline_of_a_phase_has_a_score_of_its_own(bundle: Bundle) -> None:
    for loaded in bundle.tasks:
        task = loaded.spec
        primary = task.evaluation["metrics"][0]["name"]
        for phase in task.phases:
            scores = [b.score[primary] for b in task.baselines if b.phase == phase.slug and b.score]
            assert len(set(scores)) == len(scores)
        assert any(baseline.score for baseline in task.baselines)


def test_the_demo_has_an_open_phase_in_every_task_and_one_that_is_over(bundle: Bundle) -> None:
    now = db.now()
    for loaded in bundle.tasks:
        assert sum(phase.starts.at <= now < phase.ends.at for phase in loaded.spec.phases) == 1
    over = [phase.slug for phase in task_of(bundle, "credit-risk").phases if phase.reveals.at < now]
    assert over == ["preliminary"]


def test_every_baseline_has_a_team_and_they_come_from_many_countries(bundle: Bundle) -> None:
    baselines = [baseline for task in bundle.tasks for baseline in task.spec.baselines]
    teams = {(b.team.name, b.team.country, b.team.affiliation) for b in baselines if b.team}
    assert all(baseline.team for baseline in baselines)
    assert len({name for name, _, _ in teams}) == len(teams)
    assert len({country for _, country, _ in teams}) >= 8
