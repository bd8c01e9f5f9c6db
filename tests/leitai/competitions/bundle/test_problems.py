"""Whatever is wrong with a bundle is told with file, key and remedy, everything at once."""

import copy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from leitai.competitions.bundle.errors import BundleError
from leitai.competitions.bundle.loading import Bundle, load_bundle
from tests.leitai.competitions import bundles

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
TASK = "competition.yaml: tracks[0].tasks[0]."
TOP = "competition.yaml: "


def loaded(folder: Path, document: dict[str, Any], files: dict[str, str] | None = None) -> Bundle:
    return load_bundle(bundles.write(folder, document, files), NOW)


def problems(folder: Path, document: dict[str, Any], files: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(BundleError) as caught:
        loaded(folder, document, files)
    assert all(problem.remedy and problem.file for problem in caught.value.problems)
    return [str(problem) for problem in caught.value.problems]


def changed(document: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy with one value replaced; REMOVED takes the key away. The path is written with dots."""
    document = copy.deepcopy(document)
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    place: Any = document
    for part in way:
        place = place[part]
    if value is REMOVED:
        del place[last]
    else:
        place[last] = value
    return document


REMOVED = object()
FIRST = bundles.phase("first", "-1 d", "+10 d")
BASELINE = {"name": "mean", "file": "data/train.csv"}

# Where in the task, what stands there, and what is told of it.
OF_TASKS: list[tuple[str, Any, str]] = [
    ("slug", "Load Forecast", "slug: 'Load Forecast' does not fit. Use small letters"),
    ("slug", 7, "slug: input should be a valid string. Write a text; put numbers"),
    ("title", "Load", "title: input should be a valid dictionary"),
    ("title.zh", REMOVED, "title.zh: is missing. Write every text in both languages, en and zh."),
    ("title.en", "", "title.en: string should have at least 1 character. Write a text."),
    ("title.fr", "Charge", "title.fr: is not a known key. Known here are en, zh."),
    ("sponsor", REMOVED, "sponsor: is missing. Add it; see the bundle format."),
    ("statment", {}, "statment: is not a known key. Did you mean statement?"),
    ("kind", "images", "kind: input should be 'predictions' or 'code'. Correct the value."),
    ("team_size_max", 0, "team_size_max: input should be greater than or equal to 1."),
    ("team_size_max", "five", "team_size_max: input should be a valid integer. Write a whole number"),
    ("statement.en", "missing.md", "statement.en: 'missing.md' does not exist. Add the file"),
    ("statement.en", " ", "statement.en: is empty. Write a text, or name a Markdown file."),
    ("statement.en", 5, "statement.en: is empty."),
    ("judges", ["nobody"], "judges[0]: 'nobody' does not fit. Write an e-mail address"),
    ("data.0.file", "../x.csv", "data[0].file: '../x.csv' lies outside the bundle. Move the file into it"),
    ("data.0.file", "/etc/passwd", "data[0].file: '/etc/passwd' is not a relative path."),
    ("data.0.file", "data\\x", "data[0].file: 'data\\\\x' is not a relative path."),
    ("data.0.file", "data", "data[0].file: 'data' is not a file. Name a file."),
    ("data.0.file", "x" * 5000, "does not exist. Add the file, or correct the path."),
    ("data.0.file", ["x"], "data[0].file: ['x'] is not a path."),
    ("data.0.file", "hidden/first.csv", "data[0].file: is hidden data of a phase. Remove it"),
    ("data.0.description", REMOVED, "data[0].description: is missing."),
    ("evaluation", [], "evaluation: is not a mapping."),
    ("evaluation.metrics.0.metric", "rsme", "evaluation.metrics[0].metric: "),
    ("evaluation.id", REMOVED, "evaluation.id: "),
    ("evaluation.file", "x.csv", "evaluation.file: is given, but the task takes predictions. Remove it"),
    ("evaluation.metrics.0.target", "answer", "phases[0].reference: hidden/first.csv has no column answer."),
    ("limits", {"wall": 60}, "limits.wall: 60 has no unit that is known. Write it like `60 s`"),
    ("limits", {"wall": "60 years"}, "limits.wall: '60 years' has no unit that is known."),
    ("limits", {"wall": "2 d"}, "limits.wall: input should be less than or equal to 86400."),
    ("limits", {"memory": "0 MB"}, "limits.memory: '0 MB' is nothing."),
    ("limits", {"memory": "1 MB"}, "limits.memory: input should be greater than or equal to 64000000."),
    ("limits", {"upload": "9" * 400 + " GB"}, "is more than any machine has. Correct the number"),
    ("limits", {"memory_bytes": 5}, "limits.memory_bytes: is not a known key. Did you mean memory?"),
    ("limits", {"cpus": 0}, "limits.cpus: input should be greater than 0."),
    ("phases", [], "phases: is empty. Add one."),
    ("phases", "first", "phases: input should be a valid list. Write a list, each item on a line"),
    ("phases.0.slug", "last", "phases[0].slug: 'last' is the slug of another phase too. Choose another."),
    ("phases.0.kind", "quarter-final", "phases[0].kind: input should be 'preliminary', 'semi-final'"),
    ("phases.0.starts", "2026-05-01", "phases[0].starts: '2026-05-01' has no time of day. Write it like"),
    ("phases.0.starts", "2026-05-01T09:00:00", "phases[0].starts: '2026-05-01T09:00:00' has no zone."),
    ("phases.0.starts", "tomorrow", "phases[0].starts: 'tomorrow' is not a date."),
    ("phases.0.starts", 5, "phases[0].starts: 5 is not a date."),
    ("phases.0.starts", "0001-01-01T00:00:00+14:00", "lies outside the years 2000 to 2099."),
    ("phases.0.starts", "+9999999999 d", "lies outside the years 2000 to 2099."),
    ("phases.0.starts", "-3 d", "phases[0].starts: is before the competition starts."),
    ("phases.1.ends", "+31 d", "phases[1].ends: is after the competition ends. Correct the phase, or"),
    ("phases.0.ends", "-1 d", "phases[0].ends: is not after starts."),
    ("phases.1.starts", "+9 d", "phases[1].starts: is before first ends. Write the phases in order"),
    ("phases.0.private_from", "+9 d", "phases[0].private_from: is before the phase ends."),
    ("phases.0.daily_limit", 500, "phases[0].daily_limit: is more than total_limit."),
    ("phases.0.advance", {}, "phases[0].advance: says neither share nor most."),
    ("phases.0.advance", {"share": 20}, "phases[0].advance.share: input should be less than or equal to 1."),
    ("phases.0.input", "data", "phases[0].input: is given, but nothing would read it"),
    ("phases.0.reference", "hidden", "phases[0].reference: 'hidden' is not a file."),
    ("phases.0.reference", REMOVED, "phases[0].reference: is missing."),
    ("phases.0.rejected_counts", "no", "phases[0].rejected_counts: input should be a valid boolean."),
    ("baselines", [BASELINE, {**BASELINE}], "baselines[1].name: 'mean' stands here twice."),
    (
        "baselines",
        [{**BASELINE, "phase": "second"}],
        "baselines[0].phase: 'second' is no phase of this task.",
    ),
    ("baselines", [{**BASELINE, "score": {"MAE": 1}}], "baselines[0].score.MAE: is no metric of this task."),
    (
        "baselines",
        [{**BASELINE, "file": "hidden"}],
        "baselines[0].file: is no table. Name a file that ends in .csv, ",
    ),
    ("baselines", [{**BASELINE, "reason": "time_limit"}], "baselines[0].reason: is given for a baseline"),
    (
        "baselines",
        [{**BASELINE, "expect": "rejected", "score": {"rmse": 1}}],
        "baselines[0].score: is given for a baseline that is rejected.",
    ),
    ("baselines", [{**BASELINE, "team": {"name": "A", "country": "cn", "affiliation": "B"}}], "Use the two"),
]


@pytest.mark.parametrize(("path", "value", "told"), OF_TASKS)
def test_a_problem_of_a_task_is_told(tmp_path: Path, path: str, value: Any, told: str) -> None:
    document = bundles.competition(changed(bundles.task(), path, value))
    found = problems(tmp_path, document)
    told = told.replace("Move the file into it", "Move the file into the bundle")
    assert any(told in text and text.startswith(TASK) for text in found), found


OF_COMPETITIONS: list[tuple[str, Any, str]] = [
    ("leitai", 2, "leitai: 2 is a format that is not known here. Write 1."),
    ("leitai", True, "leitai: True is a format that is not known here."),
    ("slug", "a--b", "slug: 'a--b' does not fit."),
    ("place", REMOVED, "place: is missing."),
    ("ends", "-3 d", "ends: is not after starts."),
    ("organizers", ["a b@c.d"], "organizers[0]: 'a b@c.d' does not fit. Write an e-mail address"),
    ("tracks", [], "tracks: is empty. Add one."),
    ("tracks.0.tasks", [], "tracks[0].tasks: is empty. Add one."),
    ("tracks.0.tasks.0", "nowhere.yaml", "tracks[0].tasks[0]: 'nowhere.yaml' does not exist."),
    ("tracks.0.tasks.0", "data", "tracks[0].tasks[0]: 'data' is a folder. Name its task.yaml."),
    ("tracks.0.tasks.0", 5, "tracks[0].tasks[0]: is neither"),
    ("price", "free", "price: is not a known key. Did you mean place?"),
]


@pytest.mark.parametrize(("path", "value", "told"), OF_COMPETITIONS)
def test_a_problem_of_a_competition_is_told(tmp_path: Path, path: str, value: Any, told: str) -> None:
    found = problems(tmp_path, changed(bundles.competition(), path, value))
    assert any(text.startswith(TOP + told) for text in found), found


def test_all_problems_are_told_at_once_with_the_file_of_each(tmp_path: Path) -> None:
    import yaml

    task = bundles.task(kind="images", limits={"wall": "5"}, data=[{"file": "x.csv"}])
    document = bundles.competition("load/task.yaml", leitai=2)
    found = problems(tmp_path, document, {"load/task.yaml": yaml.safe_dump(task)})
    assert [text.split(": ", 2)[:2] for text in found] == [
        ["competition.yaml", "leitai"],
        ["load/task.yaml", "data[0].description"],
        ["load/task.yaml", "data[0].file"],
        ["load/task.yaml", "kind"],
        ["load/task.yaml", "limits.wall"],
        ["load/task.yaml", "phases[0].reference"],
        ["load/task.yaml", "phases[1].reference"],
    ]


def test_two_tasks_or_tracks_of_one_slug_are_told(tmp_path: Path) -> None:
    document = bundles.competition(bundles.task(), bundles.task())
    document["tracks"].append(changed(document["tracks"][0], "tasks", [bundles.task("other")]))
    found = problems(tmp_path, document)
    assert f"{TOP}tracks[0].tasks[1].slug: 'load' is the slug of another task too. Choose another." in found
    assert f"{TOP}tracks[1].slug: 'energy' is the slug of another track too. Choose another." in found


CODE = bundles.task(
    kind="code",
    evaluation={**bundles.task()["evaluation"], "file": "predictions.csv"},
    phases=[{**FIRST, "input": "input"}],
)
OF_CODE: list[tuple[str, Any, str]] = [
    ("evaluation.file", REMOVED, "evaluation.file: is missing, and the task takes code. Name the file that"),
    ("evaluation.file", "a/b.csv", "evaluation.file: 'a/b.csv' is no plain file name."),
    ("evaluation.file", "predictions.txt", "evaluation.file: 'predictions.txt' is the name of no table."),
    ("phases.0.input", REMOVED, "phases[0].input: is missing, and the task takes code."),
    ("phases.0.input", "data/train.csv", "phases[0].input: 'data/train.csv' is not a folder."),
    ("phases.0.input", "hidden", "phases[0].reference: lies in a folder of hidden input. Move it out"),
    ("data.0.file", "input/a.csv", "data[0].file: is hidden data of a phase."),
    ("baselines", [{"name": "x", "file": "data"}], "baselines[0].file: has neither predict.py nor run. Name"),
    (
        "baselines",
        [{"name": "x", "file": "input/a.csv"}],
        "baselines[0].file: is neither a folder nor a zip.",
    ),
]


@pytest.mark.parametrize(("path", "value", "told"), OF_CODE)
def test_a_problem_of_a_code_task_is_told(tmp_path: Path, path: str, value: Any, told: str) -> None:
    found = problems(tmp_path, bundles.competition(changed(CODE, path, value)), {"input/a.csv": "id\na\n"})
    assert any(text.startswith(TASK + told) for text in found), found


def test_a_code_task_without_a_problem_loads(tmp_path: Path) -> None:
    files = {"input/a.csv": "id\na\n", "base/predict.py": "pass\n"}
    document = bundles.competition({**CODE, "baselines": [{"name": "x", "file": "base"}]})
    [task] = [each.spec for each in loaded(tmp_path, document, files).tasks]
    assert task.kind == "code"
    assert task.phases[0].input is not None


def test_a_bundle_without_a_problem_has_its_defaults(tmp_path: Path) -> None:
    bundle = loaded(tmp_path, bundles.competition())
    [task] = [each.spec for each in bundle.tasks]
    assert task.limits.cpu_s == task.limits.wall == 60
    assert task.phases[0].starts.at == datetime(2026, 4, 30, 12, tzinfo=UTC)
    assert task.phases[0].reveals == task.phases[0].ends
    assert (task.phases[0].daily_limit, task.phases[0].total_limit) == (5, 100)


def test_the_yaml_file_itself_names_a_bundle(tmp_path: Path) -> None:
    folder = bundles.write(tmp_path, bundles.competition())
    assert load_bundle(folder / "competition.yaml", NOW).root == folder.resolve()


def test_a_folder_without_a_competition_is_told(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"has no competition.yaml. Name the folder of a bundle."):
        load_bundle(tmp_path, NOW)


@pytest.mark.parametrize("linked", ["data/train.csv", "hidden"])
def test_a_link_out_of_the_bundle_is_not_followed(tmp_path: Path, linked: str) -> None:
    folder = bundles.write(tmp_path / "bundle", bundles.competition())
    place = folder / linked
    place.rename(tmp_path / "elsewhere")
    place.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BundleError, match="goes through a link"):
        load_bundle(folder, NOW)


def test_a_link_among_the_hidden_input_is_not_followed(tmp_path: Path) -> None:
    folder = bundles.write(tmp_path, bundles.competition(CODE), {"input/a.csv": "id\na\n"})
    (folder / "input" / "b").symlink_to("/etc/passwd")
    with pytest.raises(BundleError, match="'b' is a link or a special file"):
        load_bundle(folder, NOW)


def test_open_data_with_the_bytes_of_a_reference_is_told(tmp_path: Path) -> None:
    found = problems(tmp_path, bundles.competition(), {"data/train.csv": bundles.REFERENCE})
    assert found == [
        f"{TASK}data[0].file: holds the same bytes as a reference. Remove it, or name the right file."
    ]
