"""`leitai import`: competitions of other platforms become bundles that load, and a report says how."""

import csv
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from leitai.cli import leitai
from leitai.competitions.bundle.loading import Bundle, load_bundle
from leitai.competitions.bundle.schema import TaskSpec
from tests.leitai.competitions.foreign import elsewhere

NOW = datetime(2027, 1, 1, tzinfo=UTC)


def run(form: str, path: Path, *options: str) -> Result:
    out = path.parent / "out"
    return CliRunner().invoke(leitai, ["import", form, str(path), "-o", str(out), *options])


def imported(form: str, path: Path, code: int = 0) -> tuple[Bundle, dict[str, Any]]:
    result = run(form, path, "--json")
    assert result.exit_code == code, result.output
    return load_bundle(path.parent / "out", NOW), json.loads(result.stdout)


def from_codabench(folder: Path, code: int = 0, **values: Any) -> tuple[TaskSpec, dict[str, Any]]:
    files = elsewhere.codabench_files(elsewhere.codabench(**values))
    bundle, report = imported("codabench", elsewhere.write(folder / "in", files), code)
    [task] = bundle.tasks
    return task.spec, report


def told(report: dict[str, Any], fate: str, what: str) -> str:
    return " ".join(line["told"] for line in report[fate] if what in line["what"])


# Codabench


def test_phases_come_in_their_order_with_dates_and_limits(tmp_path: Path) -> None:
    task, report = from_codabench(tmp_path)
    first, last = task.phases
    assert (first.slug, first.kind, last.slug, last.kind) == ("development", "preliminary", "final", "final")
    assert first.starts.at == datetime(2027, 1, 1, tzinfo=UTC)
    assert (first.daily_limit, first.total_limit) == (7, 70)
    assert (last.daily_limit, last.total_limit) == (1, 1)
    assert "3 a day became 1" in told(report, "changed", "phases[1]: submissions")


def test_the_time_of_day_of_an_unquoted_date_is_honoured_with_a_warning(tmp_path: Path) -> None:
    task, report = from_codabench(tmp_path)
    assert task.phases[1].starts.at == datetime(2027, 2, 1, 9, 30, tzinfo=UTC)
    assert "Codabench drops its time of day; here 09:30 UTC holds" in told(
        report, "changed", "phases[0].start"
    )
    assert "phases[0].end" not in json.dumps(report["changed"])


def test_columns_keep_direction_digits_and_the_primary_one_and_hidden_ones_go(tmp_path: Path) -> None:
    task, report = from_codabench(tmp_path)
    assert task.evaluation["columns"] == [
        {"name": "Share", "key": "share", "direction": "higher", "precision": 4},
        {"name": "Hits", "key": "hits", "direction": "higher", "precision": 0},
    ]
    assert "Secret was left out" in told(report, "changed", "columns[2].hidden")


def test_programs_and_references_come_over_unmodified(tmp_path: Path) -> None:
    task, _ = from_codabench(tmp_path)
    folder = tmp_path / "out" / task.slug
    assert (folder / "scoring_program/score.py").read_text() == elsewhere.SCORER
    assert (task.phases[0].reference.path / "truth.txt").read_text() == "a b\n"
    assert (task.phases[1].reference.path / "truth.txt").read_text() == "a c\n"
    assert task.evaluation["program"] == {
        "kind": "codabench",
        "path": "scoring_program",
        "command": "python3 score.py",
        "splits": "same",
        "limits": {"wall": "600 s"},
    }
    assert task.kind == "predictions"


def test_pages_become_markdown_without_anything_that_acts(tmp_path: Path) -> None:
    task, report = from_codabench(tmp_path)
    assert task.statement.en == (
        "## Overview\n\n## Words\n\nGuess **each** word.\n\n## Data\n\n## Files\n\nOne word a line.\n"
    )
    assert task.agreement.zh == "Be *fair*.\n"
    assert "was HTML" in told(report, "changed", "pages/overview.html")


def test_kits_and_public_data_are_open_and_solutions_are_baselines(tmp_path: Path) -> None:
    task, _ = from_codabench(tmp_path)
    assert [data.file.path.name for data in task.data] == ["words.txt", "starting-kit.zip"]
    assert [(baseline.name, baseline.phase) for baseline in task.baselines] == [
        ("solution 1 (development)", "development"),
        ("solution 1 (final)", "final"),
    ]
    with zipfile.ZipFile(task.baselines[0].file.path) as archive:
        assert archive.read("guess.txt") == b"a b\n"


def test_an_answer_among_the_open_data_is_told(tmp_path: Path) -> None:
    files = elsewhere.codabench_files(elsewhere.codabench()) | {"open/copied.txt": "a b\n"}
    _, report = imported("codabench", elsewhere.write(tmp_path / "in", files))
    assert "truth.txt lies among the open data" in told(report, "changed", "public_data")


def test_an_ingestion_program_makes_it_a_task_of_code(tmp_path: Path) -> None:
    values = elsewhere.codabench()
    files = elsewhere.codabench_files(values) | {
        "ingestion/metadata": "command: python3 $ingestion_program/in.py $input $output",
        "ingestion/in.py": elsewhere.INGESTION,
        "input/x.txt": "a b\n",
    }
    for task in values["tasks"]:
        task |= {"ingestion_program": "ingestion", "input_data": "input"}
    files |= {"competition.yaml": elsewhere.codabench_files(values)["competition.yaml"]}
    bundle, _ = imported("codabench", elsewhere.write(tmp_path / "in", files))
    spec = bundle.tasks[0].spec
    assert spec.kind == "code"
    command = "python3 $ingestion_program/in.py $input $output"
    assert spec.evaluation["program"]["ingestion"] == {"path": "ingestion_program", "command": command}
    assert spec.phases[1].input is not None
    assert (spec.limits.wall, spec.limits.memory) == (600, 4_000_000_000)
    assert spec.baselines[0].file.path.is_dir()


def test_what_an_ingestion_program_imports_beyond_its_image_is_told(tmp_path: Path) -> None:
    values = elsewhere.codabench()
    values["tasks"][0] |= {"ingestion_program": "ingestion", "input_data": "input"}
    files = elsewhere.codabench_files(values) | {
        "ingestion/metadata": "command: python3 $ingestion_program/in.py $input $output",
        "ingestion/in.py": "import numpy\nimport own\nimport yaml, matplotlib\nfrom model import model\n",
        "ingestion/own.py": "",
        "input/x.csv": "id\n1\n",
    }
    _, report = imported("codabench", elsewhere.write(tmp_path / "in", files), 4)
    told = [row["told"] for row in report["cannot"] if row["what"] == "ingestion program"]
    remedy = "Give the task an `image` of its own that has it."
    assert told == [f"The image `runtime` does not have matplotlib, which the program imports. {remedy}"]
    told = [row["told"] for row in report["changed"] if row["what"] == "ingestion program"]
    assert told == [f"imports model: submissions have to bring that. Where it is a package: {remedy}"]


@pytest.mark.parametrize("filler", ["x" * 5_000_000, '"\n",' * 1_500_000], ids=["line", "lines"])
@pytest.mark.parametrize("where", ["header", "row"])
def test_a_table_whose_row_has_no_end_is_refused(tmp_path: Path, filler: str, where: str) -> None:
    before = csv.field_size_limit()
    table = f"{filler}\n" if where == "header" else f"id,value,Usage\na,1,Public\n{filler}"
    place = tmp_path / "in"
    elsewhere.write(place, {"solution.csv": table, "sample_submission.csv": "id,value\na,0\n"})
    (place / "metric.txt").write_text("rmse")
    result = run("kaggle", place)
    assert result.exit_code == 1
    assert "solution.csv\n  has a row of more than 4,000,000 characters." in result.stderr
    assert csv.field_size_limit() == before


def test_ingestion_beside_the_reference_is_refused_with_the_remedy(tmp_path: Path) -> None:
    values = elsewhere.codabench()
    values["tasks"][0] |= {"ingestion_program": "kit", "ingestion_only_during_scoring": True}
    result = run("codabench", elsewhere.write(tmp_path / "in", elsewhere.codabench_files(values)))
    assert result.exit_code == 1
    assert "beside the reference" in result.stderr
    assert "Let the ingestion program run before scoring" in result.stderr
    assert not (tmp_path / "out").exists()


def test_computed_columns_are_computed_beside_the_program(tmp_path: Path) -> None:
    values = elsewhere.codabench()
    values["leaderboards"][0]["columns"] = [
        {"title": "Mean", "key": "mean", "index": 0, "computation": "avg", "computation_indexes": [1, 2]},
        {"title": "Hits", "key": "hits", "index": 1},
        {"title": "Share", "key": "share", "index": 2},
    ]
    values["leaderboards"][0]["primary_index"] = 0
    task, _ = from_codabench(tmp_path, **values)
    assert task.evaluation["program"]["command"] == (
        "python3 $program/computed_columns.py $output python3 score.py"
    )
    folder = tmp_path / "out" / task.slug / "scoring_program"
    settings = json.loads((folder / "leitai_columns.json").read_text())
    assert settings["columns"] == {"mean": {"computation": "avg", "of": ["hits", "share"]}}


def test_a_phase_with_several_tasks_becomes_several_tasks(tmp_path: Path) -> None:
    values = elsewhere.codabench()
    values["phases"] = [{**values["phases"][1], "tasks": [0, 1]}]
    files = elsewhere.codabench_files(values)
    bundle, report = imported("codabench", elsewhere.write(tmp_path / "in", files))
    assert [task.spec.slug for task in bundle.tasks] == ["dev", "test"]
    assert "became 2 tasks" in told(report, "changed", "tasks")


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("print 'x'", "is written in Python 2"),
        ("import urllib2", "a module of Python 2"),
        ("import requests", "reaches into the network"),
        ("from urllib.request import urlopen", "reaches into the network"),
        ("import pip", "into an image"),
        ("def", "is no program that Python 3.11 can read"),
        ("import torch", "does not have torch"),
    ],
)
def test_what_cannot_work_in_a_program_is_told_with_its_line(tmp_path: Path, line: str, found: str) -> None:
    files = elsewhere.codabench_files(elsewhere.codabench())
    files["scoring.zip"] = elsewhere.packed(
        {"metadata": "command: python3 s.py", "s.py": f"import os\n{line}\n"}
    )
    _, report = imported("codabench", elsewhere.write(tmp_path / "in", files), 4)
    [problem] = report["cannot"]
    assert found in problem["told"]
    assert "line 2" in problem["what"] or "torch" in line


@pytest.mark.parametrize(
    "line",
    ["import urllib.parse", "try:\n    import requests\nexcept ImportError:\n    pass", "import json, numpy"],
)
def test_what_does_no_harm_is_not_told(tmp_path: Path, line: str) -> None:
    files = elsewhere.codabench_files(elsewhere.codabench())
    files["scoring.zip"] = elsewhere.packed({"metadata": "command: python3 s.py", "s.py": f"{line}\n"})
    _, report = imported("codabench", elsewhere.write(tmp_path / "in", files))
    assert report["cannot"] == []


def test_a_command_that_installs_is_told(tmp_path: Path) -> None:
    files = elsewhere.codabench_files(elsewhere.codabench())
    files["scoring.zip"] = elsewhere.packed({"metadata": "command: sh -c 'pip install x; python2 s.py'"})
    _, report = imported("codabench", elsewhere.write(tmp_path / "in", files), 4)
    assert "asks for Python 2" in told(report, "cannot", "scoring_program")
    assert "there is no network" in told(report, "cannot", "scoring_program")


def test_a_bundle_of_version_1_is_read_with_its_aliases(tmp_path: Path) -> None:
    path = elsewhere.zipped(
        elsewhere.write(tmp_path / "files", elsewhere.old_codabench()), tmp_path / "in.zip"
    )
    bundle, report = imported("codabench", path, 4)
    spec = bundle.tasks[0].spec
    assert [phase.slug for phase in spec.phases] == ["first", "second"]
    assert spec.phases[0].ends.at == spec.phases[1].starts.at == datetime(2027, 2, 1, tzinfo=UTC)
    assert spec.phases[1].ends.at == datetime(2027, 6, 1, tzinfo=UTC)
    assert [column["name"] for column in spec.evaluation["columns"]] == ["Mean", "One"]
    assert spec.evaluation["columns"][1]["direction"] == "lower"
    assert spec.evaluation["program"]["image"] == "legacy"
    assert spec.statement.en == "## Overview\n\noverview\n\n## Data\n\ndata\n"
    assert "Python 2" in told(report, "cannot", "scoring_program/evaluate.py, line 1")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            {"tasks": [{"index": 0, "key": "00000000-0000-0000-0000-000000000000"}]},
            "only its Codabench server has",
        ),
        ({"phases": []}, "phases: is empty"),
        ({"title": None}, "title: is missing"),
        ({"leaderboards": []}, "leaderboards: is empty"),
        ({"terms": "../../etc/passwd"}, "lies outside the bundle"),
        ({"terms": "nowhere.md"}, "does not exist"),
        ({"tasks": "x"}, "is no list"),
    ],
)
def test_what_cannot_be_imported_leaves_nothing_behind(
    tmp_path: Path, change: dict[str, Any], problem: str
) -> None:
    files = elsewhere.codabench_files(elsewhere.codabench(**change))
    result = run("codabench", elsewhere.write(tmp_path / "in", files))
    assert result.exit_code == 1, result.output
    assert problem in result.stderr
    assert not (tmp_path / "out").exists()
    assert "Traceback" not in result.output


# Hostile archives


@pytest.mark.parametrize("name", ["../out.txt", "/etc/x", "a\\b", "x/../../y"])
def test_an_archive_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "in.zip"
    path.write_bytes(elsewhere.packed({"competition.yaml": "version: 2\n", name: "x"}))
    result = run("codabench", path)
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert not (tmp_path / "out").exists()


def test_an_archive_inside_is_held_to_the_same(tmp_path: Path) -> None:
    files = elsewhere.codabench_files(elsewhere.codabench())
    files["scoring.zip"] = elsewhere.packed({"../../x": "x"})
    result = run("codabench", elsewhere.write(tmp_path / "in", files))
    assert result.exit_code == 1
    assert "leads out" in result.stderr


def test_links_are_refused(tmp_path: Path) -> None:
    folder = elsewhere.write(tmp_path / "in", elsewhere.codabench_files(elsewhere.codabench()))
    (folder / "secret").symlink_to("/etc/passwd")
    result = run("codabench", folder)
    assert result.exit_code == 1
    assert "is a link" in result.stderr


def test_yaml_that_unfolds_is_read_in_bounded_time(tmp_path: Path) -> None:
    laughs = "a: &a [x, x]\n" + "".join(
        f"{new}: &{new} [*{old}, *{old}]\n"
        for old, new in zip("abcdefghijklmnop", "bcdefghijklmnopq", strict=True)
    )
    files = elsewhere.codabench_files(elsewhere.codabench())
    files["competition.yaml"] = f"{laughs}{files['competition.yaml']}"
    imported("codabench", elsewhere.write(tmp_path / "in", files))


def test_an_existing_folder_is_not_touched(tmp_path: Path) -> None:
    folder = elsewhere.write(tmp_path / "in", elsewhere.codabench_files(elsewhere.codabench()))
    elsewhere.write(tmp_path / "out", {"mine.txt": "x"})
    result = run("codabench", folder)
    assert result.exit_code == 1
    assert "is there already" in result.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.txt"]


# EvalAI


def from_evalai(folder: Path, code: int = 0, **values: Any) -> tuple[TaskSpec, dict[str, Any]]:
    files = elsewhere.evalai_files(elsewhere.evalai(**values))
    bundle, report = imported("evalai", elsewhere.write(folder / "in", files), code)
    return bundle.tasks[0].spec, report


def test_an_evalai_challenge_keeps_labels_splits_and_phases(tmp_path: Path) -> None:
    task, _ = from_evalai(tmp_path)
    assert task.evaluation["columns"] == [
        {"name": "Top1", "key": "Top1", "direction": "higher", "precision": 3},
        {"name": "Loss", "key": "Loss", "direction": "lower", "precision": 3},
    ]
    program = task.evaluation["program"]
    assert program["phases"] == {
        "only-phase": {"codename": "dev", "public": "dev_split", "private": "test_split"}
    }
    assert program["accepts"] == [".json", ".zip"]
    assert (task.phases[0].daily_limit, task.phases[0].total_limit) == (4, 40)
    assert (task.sponsor.en, task.prize.en) == ("Seers", "1: 100USD")
    assert task.statement.en == "## Overview\n\nSee *it*.\n\n## Evaluation\n\n- Top1\n"


def test_what_evalai_has_alone_is_told(tmp_path: Path) -> None:
    _, report = from_evalai(tmp_path, code=4, remote_evaluation=True, tags=["a"])
    assert "a limit a day" in told(report, "changed", "max_submissions_per_month")
    assert "evaluate()" in told(report, "cannot", "remote_evaluation")
    assert "have none" in told(report, "changed", "tags")


def test_overlapping_phases_are_put_one_after_the_other(tmp_path: Path) -> None:
    values = elsewhere.evalai()
    [phase] = values["challenge_phases"]
    second = {**phase, "id": 2, "name": "Second", "codename": "test", "start_date": "2027-03-01 00:00:00"}
    values["challenge_phases"] = [phase, second]
    values["challenge_phase_splits"] += [
        {**row, "challenge_phase_id": 2} for row in values["challenge_phase_splits"]
    ]
    task, report = from_evalai(tmp_path, **values)
    assert task.phases[0].ends.at == task.phases[1].starts.at
    assert "overlaps the next phase" in told(report, "changed", "end_date")


# Kaggle and Hugging Face


def test_a_kaggle_metric_comes_over_unmodified(tmp_path: Path) -> None:
    files = elsewhere.kaggle_files(**{"mean_error.py": elsewhere.KAGGLE})
    bundle, report = imported("kaggle", elsewhere.write(tmp_path / "in", files))
    task = bundle.tasks[0].spec
    assert task.evaluation == {
        "id": "id",
        "split": "Usage",
        "program": {"kind": "kaggle", "path": "mean_error.py", "predictions": ["y"]},
        "columns": [{"name": "Score", "direction": "lower"}],
    }
    assert task.phases[0].reference.path.read_bytes() == files["solution.csv"].encode()  # type: ignore[union-attr]
    assert [data.file.path.name for data in task.data] == ["sample_submission.csv", "test.csv", "train.csv"]
    assert "lower was taken for better" in told(report, "changed", "direction")


def test_a_kaggle_metric_that_needs_more_arguments_is_told(tmp_path: Path) -> None:
    text = elsewhere.KAGGLE.replace("power: float = 2.0", "power: float")
    folder = elsewhere.write(tmp_path / "in", elsewhere.kaggle_files(**{"m.py": text}))
    _, report = imported("kaggle", folder, 4)
    assert "score() needs power" in told(report, "cannot", "m.py")


def test_a_metric_of_a_known_name_is_ours_and_that_is_told(tmp_path: Path) -> None:
    files = elsewhere.kaggle_files(**{"metric.txt": "Root Mean Squared Error\n"})
    bundle, report = imported("kaggle", elsewhere.write(tmp_path / "in", files))
    task = bundle.tasks[0].spec
    assert [row["metric"] for row in task.evaluation["metrics"]] == ["rmse"]
    assert "`rmse` of ours" in told(report, "changed", "metric")
    assert task.phases[0].reference.path.read_text() == "id,y,Usage\n1,1.5,public\n2,2.5,private\n"
    assert "1 rows are neither public nor private" in told(report, "changed", "solution.csv")


def test_a_kaggle_folder_without_a_metric_is_refused(tmp_path: Path) -> None:
    result = run("kaggle", elsewhere.write(tmp_path / "in", elsewhere.kaggle_files()))
    assert result.exit_code == 1
    assert "has no metric" in result.stderr


def test_a_hugging_face_competition_with_a_standard_metric(tmp_path: Path) -> None:
    bundle, report = imported("huggingface", elsewhere.write(tmp_path / "in", elsewhere.huggingface_files()))
    task = bundle.tasks[0].spec
    assert task.slug == "guess-y"
    assert [row["metric"] for row in task.evaluation["metrics"]] == ["roc_auc"]
    assert (task.phases[0].daily_limit, task.phases[0].ends.at) == (8, datetime(2027, 8, 1, tzinfo=UTC))
    assert "roc_auc" in told(report, "changed", "metric roc_auc_score")


def test_a_hugging_face_metric_of_its_own(tmp_path: Path) -> None:
    files = elsewhere.huggingface_files(EVAL_METRIC="custom", SCORING_METRIC="f1")
    bundle, _ = imported(
        "huggingface", elsewhere.write(tmp_path / "in", files | {"metric.py": elsewhere.COMPUTE})
    )
    evaluation = bundle.tasks[0].spec.evaluation
    assert evaluation["columns"] == [{"name": "f1", "key": "f1", "direction": "higher"}]
    assert (evaluation["program"]["kind"], evaluation["split"]) == ("huggingface", "split")


@pytest.mark.parametrize("form", ["codabench", "evalai", "kaggle", "huggingface"])
def test_something_else_is_refused_in_words(tmp_path: Path, form: str) -> None:
    result = run(form, elsewhere.write(tmp_path / "in", {"x.txt": "x", "a.yaml": "a: 1\n"}))
    assert result.exit_code == 1
    assert "1 problem" in result.stderr
    assert "Traceback" not in result.output


def test_the_report_is_printed_in_three_parts(tmp_path: Path) -> None:
    files = elsewhere.codabench_files(elsewhere.codabench())
    files["scoring.zip"] = elsewhere.packed({"metadata": "command: python3 s.py", "s.py": "import wget\n"})
    result = run("codabench", elsewhere.write(tmp_path / "in", files))
    assert result.exit_code == 4
    for part in ("Taken over (", "Changed (", "Does not work as it stands (1)", "leitai check"):
        assert part in result.stdout
