"""The page on efficiency says what the code does."""

import re
from pathlib import Path

import pytest
import yaml

import evaluators
from evaluators.efficiency import OF_RUN
from evaluators.spec.task import parse

PAGE = (Path(__file__).parents[2] / "docs" / "organizers" / "efficiency.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
MEASURED = {name: info for name, info in evaluators.metrics().items() if info.measured}


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_a_specification(example: str) -> None:
    assert parse(yaml.safe_load(example)["evaluation"]).usages


def test_the_total_of_the_page_is_what_it_says() -> None:
    [total] = parse(yaml.safe_load(EXAMPLES[1])["evaluation"]).combinations
    assert total.value({"F1": 1, "Seconds": 60}) == 75
    assert total.value({"F1": 0.5, "Seconds": 0.4}) == 25


def test_the_table_lists_every_metric_with_its_budget() -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| .* \| (higher|lower) \| `(\w+)` \| (code|both) \|$", PAGE, re.MULTILINE
    )
    assert rows == [
        (name, info.direction, next(iter(info.parameters)), "code" if name in OF_RUN else "both")
        for name, info in MEASURED.items()
    ]


def test_the_page_explains_every_key() -> None:
    keys = {name for info in MEASURED.values() for name in info.parameters} | {"name", "scale"}
    assert keys <= set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE))
