"""`leitai apply` from a terminal: words, JSON and exit codes."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from leitai.cli import leitai
from tests.leitai.competitions import bundles


def apply(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(leitai, ["apply", str(folder), *options])


def test_it_says_what_changed_and_then_that_nothing_did(database: object, tmp_path: Path) -> None:
    folder = bundles.write(tmp_path / "bundle", bundles.competition())
    first, second = apply(folder), apply(folder)
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "created competition cup\n" in first.stdout
    assert second.stdout == "Nothing changed.\n"


def test_changes_come_as_json(database: object, tmp_path: Path) -> None:
    folder = bundles.write(tmp_path / "bundle", bundles.competition())
    [first, *_] = json.loads(apply(folder, "--json").stdout)["changes"]
    assert first == {
        "action": "created",
        "what": "competition",
        "name": "cup",
        "details": [],
        "rescore": False,
    }
    assert json.loads(apply(folder, "--json").stdout) == {"changes": []}


def test_all_problems_are_printed_and_the_exit_code_tells(database: object, tmp_path: Path) -> None:
    task = bundles.task(kind="images", team_size_max=0)
    result = apply(bundles.write(tmp_path / "bundle", bundles.competition(task)))
    assert result.exit_code == 1
    assert "2 problems: nothing was changed." in result.stderr
    assert "tracks[0].tasks[0].kind: " in result.stderr
    assert "tracks[0].tasks[0].team_size_max: " in result.stderr
    assert "Traceback" not in result.output


def test_problems_come_as_json(database: object, tmp_path: Path) -> None:
    result = apply(bundles.write(tmp_path / "bundle", bundles.competition(leitai=2)), "--json")
    [problem] = json.loads(result.stdout)["problems"]
    assert result.exit_code == 1
    assert problem == {
        "file": "competition.yaml",
        "key": "leitai",
        "problem": "2 is a format that is not known here.",
        "remedy": "Write 1.",
    }


@pytest.mark.parametrize("name", ["nowhere", "."])
def test_a_folder_that_is_no_bundle_is_refused(database: object, tmp_path: Path, name: str) -> None:
    (tmp_path / "x.txt").write_text("")
    result = apply(tmp_path / name)
    assert result.exit_code in {1, 2}
    assert "Traceback" not in result.output


def test_a_database_that_is_not_ready_is_told(settings_of_test: object, tmp_path: Path) -> None:
    result = apply(bundles.write(tmp_path / "bundle", bundles.competition()))
    assert result.exit_code == 1
    assert "leitai migrate" in result.stderr
