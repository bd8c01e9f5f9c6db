"""The example on the page of the bundle format is a bundle, and its tables name every key."""

import csv
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import BaseModel

from leitai.competitions.bundle import schema
from leitai.competitions.bundle.loading import load_bundle
from leitai.settings import HOME

PAGE = (HOME / "docs" / "organizers" / "bundle.md").read_text("utf-8")
FILE = re.compile(r"^`([\w./-]+)`:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NOW = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture
def example(tmp_path: Path) -> Path:
    for name, content in FILE.findall(PAGE):
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(content, "utf-8")
    return tmp_path


def test_the_example_loads(example: Path) -> None:
    bundle = load_bundle(example, NOW)
    assert [(loaded.track, loaded.spec.slug) for loaded in bundle.tasks] == [
        ("energy", "grid-load"),
        ("energy", "meter-digits"),
    ]


def test_the_example_needs_every_file_that_the_page_shows(example: Path) -> None:
    names = {name for name, _ in FILE.findall(PAGE)}
    assert {str(path.relative_to(example)) for path in example.rglob("*") if path.is_file()} == names
    assert len(names) == 13


def test_the_program_of_the_example_has_the_score_that_the_page_says(example: Path) -> None:
    task = example / "meter-digits"
    command = [sys.executable, "baselines/ones/predict.py", "hidden/input", "."]
    subprocess.run(command, cwd=task, check=True)
    with (task / "predictions.csv").open() as found, (task / "hidden/reference.csv").open() as wanted:
        given = {row["id"]: row["digit"] for row in csv.DictReader(found)}
        public = [row for row in csv.DictReader(wanted) if row["split"] == "public"]
    assert sum(given[row["id"]] == row["digit"] for row in public) / len(public) == 0.5


@pytest.mark.parametrize(
    ("title", "model"),
    [
        ("## competition.yaml", schema.CompetitionSpec),
        ("## task.yaml", schema.TaskSpec),
        ("### limits", schema.LimitsSpec),
        ("### phases", schema.PhaseSpec),
        ("### baselines", schema.Baseline),
    ],
)
def test_the_tables_name_every_key_and_no_other(title: str, model: type[BaseModel]) -> None:
    section = PAGE.split(f"\n{title}\n")[1].split("\n#")[0]
    rows = re.findall(r"^\| (`[^|]+`) \|", section, re.MULTILINE)
    assert sorted(re.findall(r"`(\w+)`", " ".join(rows))) == sorted(model.model_fields)
