"""The page on figures says what is so: its task, its list, its numbers."""

import json
import re
from pathlib import Path

import yaml

from evaluators.figures import kinds, rows
from evaluators.figures.comparing import FEWER_POINTS
from evaluators.spec.task import parse

PAGE = (Path(__file__).parents[3] / "docs/organizers/figures.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)[0]


def test_the_task_shows_what_it_lists() -> None:
    found = parse(yaml.safe_load(block("yaml"))["evaluation"]).figures
    assert found == {"F1": ("confusion", "per_class"), "Log-loss": ("roc", "pr", "calibration")}


def test_every_figure_is_in_the_table() -> None:
    assert re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE) == list(kinds.BUILT_IN)


def test_the_list_of_a_program_is_accepted_and_has_every_kind() -> None:
    found = kinds.checked(json.loads(block("json")))
    assert [figure["kind"] for figure in found] == ["matrix", "curve", "histogram", "table", "examples"]


def test_the_numbers_are_those_of_the_code() -> None:
    for words in (
        f"the {rows.WORST} predictions",
        f"more than {kinds.MOST_FIGURES}.",
        f"the {kinds.MOST_LINES} with most rows",
        f"names {kinds.MOST_CLASSES} classes",
        f"A table has {kinds.MOST_ROWS}.",
        f"up to {kinds.MOST_POINTS} of their points ({FEWER_POINTS} of several lines)",
        f"up to {kinds.MOST_FIGURES} figures, {kinds.MOST_BYTES // 1000} kB in all",
    ):
        assert words in PAGE, words
