"""A reference read once gives each fork what reading it anew would give, and no fork hangs."""

import io
import json
import re
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from evaluators import score
from tests.evaluators import warm_scorer
from tests.evaluators.examples import both_sides, every_metric
from tests.evaluators.test_score import unpacked
from tests.evaluators.trial import Row, answers, spec, write_csv, write_json

__all__ = ["unpacked"]


class Scorer:
    """One task in a folder, scored cold and warm by the package as it is sent."""

    def __init__(self, place: Path) -> None:
        self.place, self.home = place, place.parent
        self.spec, self.folder = self.home / "spec.json", self.home / "hidden"
        self.folder.mkdir()

    def task(self, task: Any, reference: Sequence[Row]) -> None:
        self.spec.write_text(json.dumps(task))
        write_csv(self.folder / "answers.csv", reference)

    def cold(self, submission: Path) -> tuple[int, str, bytes]:
        """Exit code, words and result, where nothing was prepared."""
        out, words = self.home / "cold.json", io.StringIO()
        out.unlink(missing_ok=True)
        with redirect_stderr(words):
            code = score.main(*map(str, (self.spec, self.folder, submission, out)))
        return code, words.getvalue(), out.read_bytes() if out.exists() else b""

    def warm(self, *groups: Sequence[Path], prepared: Path | None = None, **more: str) -> dict[str, Any]:
        """What the scorer tells; the submissions of a group run at once, and each leaves its result."""
        told = {
            "spec": str(self.spec),
            "prepared": str(prepared or self.spec),
            "folder": str(self.folder),
            "runs": [[(str(path), str(self.result(path))) for path in group] for group in groups],
        } | {"before": "", "between": ""}
        done = subprocess.run(
            [sys.executable, warm_scorer.__file__],
            env={"PYTHONPATH": str(self.place)},
            input=json.dumps(told | more),
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        return json.loads(done.stdout) | {"words": done.stderr}

    def result(self, submission: Path) -> Path:
        return submission.with_name(f"{submission.name}.json")

    def seen(self, submission: Path) -> dict[str, Any]:
        """The modules that its fork had to import, and how many threads it had in the end."""
        found: dict[str, Any] = json.loads(Path(f"{self.result(submission)}.seen").read_text())
        return found


@pytest.fixture
def scorer(unpacked: Path) -> Scorer:
    return Scorer(unpacked)


def handed_in(folder: Path, said: list[Row]) -> list[Path]:
    """In every order and format, and with each defect of ids."""
    shuffled = said[7:] + said[6::-1]
    tables = {
        "same": said,
        "shuffled": shuffled,
        "missing": said[1:],
        "extra": [*said, said[0] | {"id": "?"}],
    }
    tables |= {"twice": [*said[1:], said[1]], "unknown": [*said[1:], said[0] | {"id": "?"}]}
    tables |= {"words": [said[0] | {"p": "much"}, *said[1:]]}
    found = [write_csv(folder / f"{name}.csv", table) for name, table in tables.items()]
    pl.DataFrame(shuffled).write_parquet(folder / "shuffled.parquet")
    return [*found, folder / "shuffled.parquet", write_json(folder / "shuffled.jsonl", shuffled)]


@pytest.mark.parametrize("prefix", ["", "r"], ids=["numbers as ids", "texts as ids"])
@pytest.mark.parametrize("chosen", every_metric(), ids=len)
def test_a_fork_writes_the_bytes_that_reading_anew_would_write(
    scorer: Scorer, tmp_path: Path, chosen: list[Row], prefix: str
) -> None:
    reference, said = both_sides(prefix)
    scorer.task(spec(*chosen), reference)
    submissions = handed_in(tmp_path, said)
    told = scorer.warm(*([path] for path in submissions))
    assert (told["ends"], told["words"]) == ([0] * len(submissions), "")
    for submission in submissions:
        assert scorer.cold(submission) == (0, "", scorer.result(submission).read_bytes())
    scores = json.loads(scorer.result(submissions[1]).read_bytes())["scores"]
    assert len(scores["private"]) == len(chosen)


def test_the_process_that_prepares_starts_no_thread_that_a_fork_would_lack(
    scorer: Scorer, tmp_path: Path
) -> None:
    reference, said = both_sides("r")
    scorer.task(spec(*every_metric()[0]), reference)
    told = scorer.warm(handed_in(tmp_path, said)[:1])
    assert told["ends"] == [0]
    assert not [name for name in told["threads"] if re.match(r"polars-\d|tokio|async-", name)]


@pytest.mark.parametrize("prefix", ["", "r"], ids=["numbers as ids", "texts as ids"])
def test_a_small_table_is_scored_without_an_import_or_a_thread_more(
    scorer: Scorer, tmp_path: Path, prefix: str
) -> None:
    reference = answers(range(1000), ids=[f"{prefix}{number}" for number in range(1000)])
    scorer.task(spec({"metric": "rmse", "target": "y"}), reference)
    said = [{"id": row["id"], "y": row["y"] + 0.5} for row in reference]
    same, other = write_csv(tmp_path / "p.csv", said), write_csv(tmp_path / "q.csv", said[::-1])
    assert scorer.warm([same], [other])["ends"] == [0, 0]
    for submission in (same, other):
        assert scorer.seen(submission) == {"imported": [], "threads": 1}


def test_many_thousand_ids_start_no_thread_either(scorer: Scorer, tmp_path: Path) -> None:
    reference = answers(range(100_000), ids=[f"r{number}" for number in range(100_000)])
    scorer.task(spec(), reference)
    submission = write_csv(
        tmp_path / "p.csv", [{"id": row["id"], "y": row["y"] + 1} for row in reference[::-1]]
    )
    told = scorer.warm([submission])
    assert not [name for name in told["threads"] if re.match(r"polars-\d|tokio|async-", name)]
    assert scorer.cold(submission) == (0, "", scorer.result(submission).read_bytes())


def test_forks_in_turn_and_two_at_once_all_score(scorer: Scorer, tmp_path: Path) -> None:
    reference, said = both_sides("r")
    scorer.task(spec(*every_metric()[0]), reference)
    same, shuffled, *_ = handed_in(tmp_path, said)
    told = scorer.warm(*[[same], [shuffled]] * 5, *[[same, shuffled]] * 5)
    assert told["ends"] == [0] * 20
    assert scorer.result(same).read_bytes() == scorer.cold(same)[2]
    assert scorer.result(shuffled).read_bytes() == scorer.cold(shuffled)[2]


def test_a_fork_has_nothing_left_to_import(scorer: Scorer, tmp_path: Path) -> None:
    reference, said = both_sides("r")
    scorer.task(spec(*every_metric()[0]), reference)
    submissions = handed_in(tmp_path, said)
    scorer.warm(*([path] for path in submissions))
    assert {path.name: scorer.seen(path)["imported"] for path in submissions} == {
        path.name: [] for path in submissions
    }


@pytest.mark.parametrize(
    ("reference", "task"),
    [
        (answers([1, 2]), spec({"metric": "r2", "target": "y"})),
        (answers([1, 2])[:1], spec()),
        (answers([1, 2, 3, 4], ids=["a", "b", "a", "b"]), spec()),
        (answers([1, 2]), spec({"metric": "mae", "target": "z"})),
        (answers([1, 2]), spec({"metric": "mea", "target": "y"})),
    ],
    ids=["undefined", "one split", "ids twice", "no column", "no metric"],
)
def test_trouble_found_beforehand_is_told_at_each_run(
    scorer: Scorer, tmp_path: Path, reference: list[Row], task: Any
) -> None:
    scorer.task(task, reference)
    submission = write_csv(tmp_path / "p.csv", [{"id": row["id"], "y": 2} for row in reference])
    told = scorer.warm([submission], [submission])
    code, words, result = scorer.cold(submission)
    assert (code, result) == (1, b"")
    assert [end >> 8 for end in told["ends"]] == [1, 1]
    assert told["words"] == 2 * words
    assert not scorer.result(submission).exists()


def test_what_cannot_be_prepared_is_read_at_the_run(scorer: Scorer, tmp_path: Path) -> None:
    reference, said = both_sides("r")
    scorer.task(spec(*every_metric()[0]), reference)
    submission = handed_in(tmp_path, said)[1]
    dies = "import evaluators.prepared as p, os; p._worked_out = lambda *_: os.kill(os.getpid(), 9)"
    for more in ({"prepared": tmp_path / "elsewhere.json"}, {"before": dies}):
        scorer.result(submission).unlink(missing_ok=True)
        assert scorer.warm([submission], **more)["ends"] == [0]  # type: ignore[arg-type]  # one key at a time
        assert scorer.result(submission).read_bytes() == scorer.cold(submission)[2]


def test_only_the_prepared_reference_spares_the_reading(scorer: Scorer, tmp_path: Path) -> None:
    scorer.task(spec(), answers([1, 2]))
    submission = write_csv(tmp_path / "p.csv", [{"id": "r1", "y": 2}, {"id": "r0", "y": 1}])
    gone = "(Path(told['folder']) / 'answers.csv').unlink()"
    assert scorer.warm([submission], between=gone)["ends"] == [0]
    scores = json.loads(scorer.result(submission).read_bytes())["scores"]
    assert scores == {"public": {"mae": 0.0}, "private": {"mae": 0.0}}
    scorer.task(spec(), answers([1, 2]))
    other = "told['spec'] = str(Path(told['spec']).with_name('other.json'))"
    told = scorer.warm(
        [submission], between=f"{gone}; {other}; Path(told['spec']).write_text(json.dumps({spec()}))"
    )
    assert [end >> 8 for end in told["ends"]] == [1]
    assert "the reference must be one table" in told["words"]


def test_a_fork_finds_texts_by_what_was_worked_out_beforehand(scorer: Scorer, tmp_path: Path) -> None:
    reference, said = both_sides("r")
    scorer.task(spec(*every_metric()[0]), reference)
    submission = handed_in(tmp_path, said)[1]
    without = "from evaluators.tables import alignment; alignment._rows_by_text = None"
    assert scorer.warm([submission], between=without)["ends"] == [0]
