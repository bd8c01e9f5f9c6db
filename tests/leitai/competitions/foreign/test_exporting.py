"""`leitai export codabench`: what Codabench takes, and the same bundle when it is imported again."""

import json
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from leitai.cli import leitai
from leitai.competitions.bundle.loading import load_bundle
from tests.leitai.competitions import bundles
from tests.leitai.competitions.foreign import elsewhere

NOW = datetime(2027, 1, 1, tzinfo=UTC)
REQUIRED = {"title", "image", "terms", "pages", "tasks", "phases", "leaderboards"}
REFERENCE = "id,split,value\na,public,1\nb,public,5\nc,private,2\n"
GUESS = "id,value\na,1\nb,2\nc,4\n"


def run(*words: str) -> Result:
    return CliRunner().invoke(leitai, words)


def export(folder: Path, target: Path, *options: str) -> dict[str, Any]:
    result = run("export", "codabench", str(folder), "-o", str(target), *options)
    assert result.exit_code == 0, result.output
    with zipfile.ZipFile(target) as archive:
        return dict(yaml.safe_load(archive.read("competition.yaml")))


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def native(folder: Path, **values: Any) -> Path:
    phases = [
        bundles.phase("first", "2027-01-01T00:00:00Z", "2027-02-01T00:00:00Z", logs="full"),
        bundles.phase("last", "2027-02-01T00:00:00Z", "2027-03-01T00:00:00Z", kind="final", total_limit=7),
    ]
    baselines = [
        {"name": "half", "file": "baselines/half.csv", "expect": "rejected", "reason": "missing_ids"}
    ]
    task = bundles.task(
        phases=phases,
        baselines=baselines,
        rules={"en": "Be fair.", "zh": "公平。"},
        judges=["judge@demo.example"],
        **values,
    )
    document = bundles.competition(task, starts="2027-01-01T00:00:00Z", ends="2027-12-31T00:00:00Z")
    files = {
        "hidden/first.csv": REFERENCE,
        "hidden/last.csv": REFERENCE,
        "baselines/half.csv": "id,value\na,1\n",
    }
    return bundles.write(folder, document, files)


def values_of(folder: Path) -> dict[str, Any]:
    """All that a bundle says, files by what they hold."""

    def told(value: Any) -> Any:
        if isinstance(value, dict) and set(value) == {"written", "path"}:
            return contents(value["path"]) if value["path"].is_dir() else value["path"].read_bytes()
        if isinstance(value, dict):
            return {key: told(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [told(item) for item in value]
        return value.strip() if isinstance(value, str) else value

    bundle = load_bundle(folder, NOW)
    competition = {key: getattr(bundle.competition, key) for key in type(bundle.competition).model_fields}
    tracks = competition.pop("tracks")
    tasks = [
        {
            key: told(value.model_dump() if hasattr(value, "model_dump") else _items(value))
            for key in type(loaded.spec).model_fields
            if (value := getattr(loaded.spec, key)) is not None
        }
        for loaded in bundle.tasks
    ]
    return {"competition": competition, "track": (tracks[0].slug, tracks[0].title), "tasks": tasks}


def _items(value: Any) -> Any:
    return (
        [item.model_dump() for item in value]
        if isinstance(value, list) and hasattr(next(iter(value), None), "model_dump")
        else value
    )


def again(folder: Path, tmp_path: Path) -> Path:
    export(folder, tmp_path / "there.zip")
    back = tmp_path / "back"
    result = run("import", "codabench", str(tmp_path / "there.zip"), "-o", str(back))
    assert result.exit_code == 0, result.output
    return back


@pytest.mark.parametrize("ingestion", [False, True])
@pytest.mark.parametrize("computed", [False, True])
def test_an_imported_bundle_comes_back_byte_for_byte(
    tmp_path: Path, *, ingestion: bool, computed: bool
) -> None:
    values = elsewhere.codabench()
    if ingestion:
        for task in values["tasks"]:
            task |= {"ingestion_program": "kit", "input_data": "open"}
    if computed:
        row = {"title": "Sum", "key": "sum", "index": 3, "computation": "sum", "computation_indexes": [0, 2]}
        values["leaderboards"][0]["columns"].append(row)
    files = elsewhere.codabench_files(values) | {"kit/metadata": "command: python3 x.py"}
    first = tmp_path / "first"
    result = run("import", "codabench", str(elsewhere.write(tmp_path / "in", files)), "-o", str(first))
    assert result.exit_code == 0, result.output
    assert contents(again(first, tmp_path)) == contents(first)


def test_a_bundle_of_ours_comes_back_value_for_value(tmp_path: Path) -> None:
    folder = native(tmp_path / "native")
    assert values_of(again(folder, tmp_path)) == values_of(folder)


def test_a_task_of_code_comes_back_value_for_value(tmp_path: Path) -> None:
    phase = bundles.phase("only", "2027-01-01T00:00:00Z", "2027-02-01T00:00:00Z", input="input")
    evaluation = {
        "id": "id",
        "split": "split",
        "file": "p.csv",
        "metrics": [{"metric": "mae", "target": "value"}],
    }
    task = bundles.task(kind="code", phases=[phase], evaluation=evaluation, preload=["numpy"])
    document = bundles.competition(task, starts="2027-01-01T00:00:00Z", ends="2027-12-31T00:00:00Z")
    files = {"hidden/only.csv": REFERENCE, "input/x.csv": "id\na\n"}
    folder = bundles.write(tmp_path / "native", document, files)
    assert values_of(again(folder, tmp_path)) == values_of(folder)


def test_what_is_written_has_all_that_codabench_asks_for(tmp_path: Path) -> None:
    document = export(native(tmp_path / "native"), tmp_path / "out.zip")
    assert document["version"] == 2
    assert all(document[key] for key in REQUIRED)
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        names = archive.namelist()
        for row in document["pages"]:
            assert archive.read(row["file"]).strip()
        assert archive.read("logo.png").startswith(b"\x89PNG")
        assert b"command: " in archive.read("scoring_program/metadata.yaml")
    assert document["terms"] in names
    for task in document["tasks"]:
        assert {"index", "name", "scoring_program", "reference_data"} <= set(task)
        assert any(name.startswith(f"{task['reference_data']}/") for name in names)
    for phase, following in zip(document["phases"], document["phases"][1:], strict=False):
        assert phase["end"] < following["start"]
    columns = document["leaderboards"][0]["columns"]
    assert [row["index"] for row in columns] == list(range(len(columns)))
    assert [(row["sorting"], row.get("hidden", False)) for row in columns] == [("asc", False), ("asc", True)]


def test_the_same_bundle_gives_the_same_bytes(tmp_path: Path) -> None:
    folder = native(tmp_path / "native")
    for name in ("a.zip", "b.zip"):
        export(folder, tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_built_in_metrics_score_there_as_they_do_here(tmp_path: Path) -> None:
    export(native(tmp_path / "native"), tmp_path / "out.zip")
    elsewhere.write(tmp_path / "app/input/res", {"guess.csv": GUESS})
    elsewhere.write(tmp_path / "app/input/ref", {"reference.csv": REFERENCE})
    (tmp_path / "app/output").mkdir()
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        archive.extractall(tmp_path / "app")
    program = tmp_path / "app/scoring_program"
    command = [sys.executable, str(program / "score.py"), "../input", "../output"]
    subprocess.run(command, cwd=program, check=True, env={"PATH": "/usr/bin:/bin"})
    scores = json.loads((tmp_path / "app/output/scores.json").read_text())
    assert scores == {"public_0": pytest.approx(4.5**0.5), "private_0": 2.0}


def test_a_file_that_is_rejected_has_no_score_there(tmp_path: Path) -> None:
    export(native(tmp_path / "native"), tmp_path / "out.zip")
    elsewhere.write(tmp_path / "app/input/res", {"guess.csv": "id,value\na,1\n"})
    elsewhere.write(tmp_path / "app/input/ref", {"reference.csv": REFERENCE})
    (tmp_path / "app/output").mkdir()
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        archive.extractall(tmp_path / "app")
    program = tmp_path / "app/scoring_program"
    command = [sys.executable, str(program / "score.py"), "../input", "../output"]
    done = subprocess.run(command, cwd=program, check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert "missing_ids" in done.stderr
    assert not (tmp_path / "app/output/scores.json").exists()


def test_tasks_with_other_phases_are_exported_one_by_one(tmp_path: Path) -> None:
    other = bundles.task("wind", phases=[bundles.phase("first", "-1 d", "+9 d")])
    folder = bundles.write(tmp_path / "two", bundles.competition(bundles.task(), other))
    result = run("export", "codabench", str(folder), "-o", str(tmp_path / "x.zip"))
    assert result.exit_code == 1
    assert "choose a task with --task" in result.stderr
    assert not (tmp_path / "x.zip").exists()
    document = export(folder, tmp_path / "wind.zip", "--task", "wind")
    assert len(document["phases"]) == 1


def test_a_program_in_another_form_is_refused(tmp_path: Path) -> None:
    folder = elsewhere.write(tmp_path / "in", elsewhere.kaggle_files(**{"m.py": elsewhere.KAGGLE}))
    assert run("import", "kaggle", str(folder), "-o", str(tmp_path / "ours")).exit_code == 0
    result = run("export", "codabench", str(tmp_path / "ours"), "-o", str(tmp_path / "x.zip"))
    assert result.exit_code == 1
    assert "which Codabench cannot run" in result.stderr


def test_computed_columns_are_computed_of_what_the_program_wrote(tmp_path: Path) -> None:
    from leitai.competitions.foreign.codabench_columns import COMPUTED

    write = "import sys; open(sys.argv[1] + '/scores.txt', 'w').write('a: 1\\nb: 4\\n')"
    columns = {"m": {"computation": "avg", "of": ["a", "b"]}, "n": {"computation": "max", "of": ["a", "c"]}}
    settings = json.dumps({"columns": columns})
    folder = elsewhere.write(
        tmp_path, {"computed_columns.py": COMPUTED.read_text(), "leitai_columns.json": settings, "out/x": ""}
    )
    out = str(tmp_path / "out")
    command = [sys.executable, "computed_columns.py", out, sys.executable, "-c", write, out]
    subprocess.run(command, cwd=folder, check=True)
    assert json.loads((tmp_path / "out/scores.json").read_text()) == {"a": 1.0, "b": 4.0, "m": 2.5}
    failing = [sys.executable, "computed_columns.py", out, sys.executable, "-c", "raise SystemExit(3)"]
    assert subprocess.run(failing, cwd=folder, check=False).returncode == 3
