"""Several tables in one submission: a zip, its tables scored by themselves, their scores combined."""

import io
import json
import stat
import subprocess
import sys
import time
import tracemalloc
import warnings
import zipfile
from base64 import b64decode
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

import evaluators
from evaluators.errors import ReferenceTrouble
from evaluators.several import References, evaluate, read_references
from evaluators.spec.task import parse
from evaluators.uncertainty.packing import unpack
from evaluators.uncertainty.resampling import widening
from tests.evaluators.trial import Row, answers, rejected, write_csv, write_json

BOXES = {"id": "id", "split": "split", "metrics": [{"metric": "mae", "name": "MAE", "target": "y"}]}
LABELS = {
    "id": "key",
    "split": "split",
    "metrics": [{"metric": "accuracy", "name": "Acc", "target": "c", "labels": ["a", "b"]}],
}
TOTAL = {"combine": "mean", "name": "Total", "of": {"Acc": 1, "MAE": {"scale": {"low": 10, "high": 0}}}}
TASK: dict[str, Any] = {"files": {"boxes.csv": BOXES, "labels.csv": LABELS}, "metrics": [TOTAL]}
RIGHT = {"boxes.csv": "id,y\nr0,2\nr1,2\nr2,5\nr3,4\n", "labels.csv": "key,c\nk1,a\nk0,b\n"}


@pytest.fixture
def hidden(tmp_path: Path) -> Path:
    folder = tmp_path / "hidden"
    folder.mkdir()
    write_csv(folder / "boxes.csv", answers([1, 2, 3, 4]))
    labels = [{"key": "k0", "c": "a", "split": "public"}, {"key": "k1", "c": "a", "split": "private"}]
    write_json(folder / "labels.jsonl", labels)
    return folder


def zipped(folder: Path, files: dict[str, Any], method: int = zipfile.ZIP_DEFLATED) -> Path:
    path = folder / "handed-in.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def result(hidden: Path, path: Path, task: Row = TASK) -> dict[str, Any]:
    spec = parse(task)
    references = read_references(spec, hidden)
    assert isinstance(references, References)
    return evaluate(spec, references, path, MappingProxyType({}))


def test_scores_of_all_files_are_combined(hidden: Path, tmp_path: Path) -> None:
    found = result(hidden, zipped(tmp_path, RIGHT))
    # MAE is 1.5 and 0 (85 and 100 points); of the labels k0 is wrong.
    assert found["scores"]["public"] == pytest.approx({"Total": (0 + 85) / 2, "MAE": 1.5, "Acc": 0})
    assert found["scores"]["private"] == pytest.approx({"Total": (1 + 100) / 2, "MAE": 0, "Acc": 1})
    assert found["rows"] == {"public": 3, "private": 3}


def test_scores_of_files_and_what_is_made_of_them_have_intervals(tmp_path: Path) -> None:
    """Rows of one file are drawn without those of another, also with the same seed."""
    (tmp_path / "hidden").mkdir()
    wrong = [number % 6 < 2 for number in range(80)]
    write_csv(tmp_path / "hidden/boxes.csv", answers([0] * 80))
    labels = [{"key": row["id"], "c": "a", "split": row["split"]} for row in answers([0] * 80)]
    write_csv(tmp_path / "hidden/labels.csv", labels)
    said = {
        "boxes.csv": "id,y\n" + "".join(f"r{n},{10 * far}\n" for n, far in enumerate(wrong)),
        "labels.csv": "key,c\n" + "".join(f"r{n},{'ab'[far]}\n" for n, far in enumerate(wrong)),
    }
    points = {"Acc": {"scale": {"low": 0, "high": 1}}, "MAE": {"scale": {"low": 10, "high": 0}}}
    task = TASK | {"metrics": [TOTAL | {"of": points}], "uncertainty": {"seed": 7, "resamples": 999}}
    found = result(tmp_path / "hidden", zipped(tmp_path, said), task)
    for split in ("public", "private"):
        assert set(found["intervals"][split]) == {"MAE", "Acc", "Total"}
        spread = np.std(unpack(b64decode(found["replicates"][split])).deviations)
        # Both parts err on a row in three of 40; drawn alike they would have the spread of one of them.
        alone = np.sqrt(1 / 3 * 2 / 3 / 40) * widening(0.9, 40)
        assert spread == pytest.approx(alone * 100 / np.sqrt(2), rel=0.1)
    assert "intervals" not in result(
        tmp_path / "hidden", zipped(tmp_path, said), TASK | {"uncertainty": "off"}
    )


def test_the_combined_score_comes_first_on_the_board() -> None:
    assert [column.name for column in evaluators.columns(TASK)] == ["Total", "MAE", "Acc"]
    alone = {"files": TASK["files"]}
    assert [column.name for column in evaluators.columns(alone)] == ["MAE", "Acc"]


def test_a_rejection_names_the_file(hidden: Path, tmp_path: Path) -> None:
    found = result(hidden, zipped(tmp_path, RIGHT | {"labels.csv": "key,c\nk0,a\n"}))
    assert rejected(found) == ("missing_ids", {"file": "labels.csv", "count": 1, "examples": ["k1"]})


def test_a_table_that_is_missing_is_told_with_what_was_found(hidden: Path, tmp_path: Path) -> None:
    found = result(hidden, zipped(tmp_path, {"boxes.csv": RIGHT["boxes.csv"], "x/labels.csv": "key,c\n"}))
    expected = {"file": "labels.csv", "found": ["boxes.csv", "x/labels.csv"]}
    assert rejected(found) == ("missing_table", expected)


def test_other_members_are_never_opened(hidden: Path, tmp_path: Path) -> None:
    path = zipped(tmp_path, RIGHT | {"../../etc/passwd": "x", "bomb.csv": "0" * 200_000_000})
    tracemalloc.start()
    found = result(hidden, path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "scores" in found
    assert peak < 20_000_000
    assert not (tmp_path.parent / "etc").exists()


def test_a_table_that_unpacks_to_far_more_is_refused_early(hidden: Path, tmp_path: Path) -> None:
    path = zipped(tmp_path, RIGHT | {"labels.csv": "key,c\n" + "0" * 300_000_000})
    began = time.monotonic()
    tracemalloc.start()
    code, params = rejected(result(hidden, path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (code, params["file"]) == ("too_large", "labels.csv")
    assert peak < 250_000_000
    assert time.monotonic() - began < 20


def test_links_twins_passwords_and_odd_methods_are_refused(hidden: Path, tmp_path: Path) -> None:
    link = zipfile.ZipInfo("labels.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    path = zipped(tmp_path, {"boxes.csv": RIGHT["boxes.csv"]})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(link, "/data/reference/labels.jsonl")
    assert rejected(result(hidden, path)) == ("unreadable", {"file": "labels.csv", "problem": "it is a link"})
    path = zipped(tmp_path, RIGHT)
    with warnings.catch_warnings(), zipfile.ZipFile(path, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("labels.csv", "key,c\nk0,a\nk1,a\n")
    assert rejected(result(hidden, path))[1]["problem"] == "it stands twice in the zip"
    assert rejected(result(hidden, zipped(tmp_path, RIGHT, zipfile.ZIP_LZMA)))[0] == "unreadable"
    content = bytearray(zipped(tmp_path, RIGHT).read_bytes())
    for at in (index for index in range(len(content) - 4) if content[index : index + 4] == b"PK\x01\x02"):
        content[at + 8] |= 1
    path.write_bytes(content)
    assert "encrypted" in rejected(result(hidden, path))[1]["problem"]


@pytest.mark.parametrize("content", [b"", b"PK", b"id,y\n1,2\n", b"PK\x05\x06" + b"\xff" * 18])
def test_what_is_no_zip_is_the_teams(hidden: Path, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "handed-in.zip"
    path.write_bytes(content)
    assert rejected(result(hidden, path))[0] == "unreadable"
    table = tmp_path / "boxes.csv"
    table.write_text(RIGHT["boxes.csv"])
    assert rejected(result(hidden, table)) == ("wrong_format", {"file": "boxes.csv", "suffix": ".csv"})


def test_ten_thousand_members_are_too_many(hidden: Path, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(10_000):
            archive.writestr(f"{number:0100}", "")
    path = tmp_path / "handed-in.zip"
    path.write_bytes(buffer.getvalue())
    assert "too many files" in rejected(result(hidden, path))[1]["problem"]


def test_a_reference_without_a_table_for_a_file_is_the_organizers(hidden: Path) -> None:
    (hidden / "labels.jsonl").unlink()
    with pytest.raises(ReferenceTrouble, match=r"no table named labels, for labels\.csv"):
        read_references(parse(TASK), hidden)


@pytest.mark.parametrize(
    ("task", "key", "problem"),
    [
        ({"files": {}}, "files", "names no files."),
        ({"files": ["boxes.csv"]}, "files", "names no files."),
        ({"files": {"a/b.csv": BOXES}}, "files.a/b.csv", "is no plain file name."),
        ({"files": {"..": BOXES}}, "files...", "is no plain file name."),
        ({"files": {1: BOXES}}, "files.1", "is no plain file name."),
        ({"files": {"a.txt": BOXES}}, "files.a.txt", "is the name of no table."),
        ({"files": {"a.zip": BOXES}}, "files.a.zip", "is the name of no table."),
        (
            {"files": {"a.csv": BOXES, "a.jsonl": LABELS}},
            "files.a.jsonl",
            "differs from another file in its end",
        ),
        ({"files": {"a.csv": "b"}}, "files.a.csv", "'b' is not a mapping."),
        ({"files": {"a.csv": {"split": "s", "metrics": BOXES["metrics"]}}}, "files.a.csv.id", "is missing."),
        ({"files": {"a.csv": {"id": "i", "split": "s"}}}, "files.a.csv.metrics", "is missing."),
        (
            {"files": {"a.csv": BOXES, "b.csv": BOXES}},
            "files.b.csv.metrics[0].name",
            "'MAE' is the name of another",
        ),
        (TASK | {"metrics": BOXES["metrics"]}, "files.boxes.csv.metrics[0].name", "'MAE' is the name"),
        (TASK | {"metrics": [{"metric": "rmse", "target": "y"}]}, "metrics[0]", "is compared with no file."),
        (TASK | {"id": "id"}, "id", "is not a known key."),
        ({"files": {f"{n}.csv": BOXES for n in range(11)}}, "files", "has 11 files"),
        (
            {"files": {"a.csv": BOXES | {"metrics": [{"metric": "mae", "target": "id"}]}}},
            "files.a.csv.metrics[0].target",
            "'id' is the column of ids.",
        ),
    ],
)
def test_wrong_files_are_told_with_their_place(task: Row, key: str, problem: str) -> None:
    with pytest.raises(evaluators.SpecError) as refused:
        evaluators.validate(task)
    assert refused.value.key == key
    assert problem in refused.value.problem


@pytest.mark.parametrize("warm", [False, True])
def test_the_scorer_scores_several_tables_cold_and_warm(hidden: Path, tmp_path: Path, warm: bool) -> None:
    task, out = tmp_path / "spec.json", tmp_path / "out.json"
    task.write_text(json.dumps(TASK, sort_keys=True))
    words = [str(each) for each in (task, hidden, zipped(tmp_path, RIGHT), out)]
    program = "import sys; from evaluators import prepared, score; "
    program += "prepared.prepare(*sys.argv[1:3]); assert prepared._kept; " if warm else ""
    program += "sys.exit(score.main(*sys.argv[1:]))"
    home = Path(evaluators.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", program, *words], cwd=home, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(out.read_text())["scores"]["public"] == {"Total": 42.5, "MAE": 1.5, "Acc": 0.0}
