"""The page for organizers says of each metric what the code does."""

import re
from pathlib import Path

import pytest
import yaml

import evaluators

PAGE = Path(__file__).parents[2] / "docs" / "organizers" / "metrics.md"


def rows(title: str) -> dict[str, list[str]]:
    """The table that begins with this head, by the name in its first cell."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| {title} |"))
    cells = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        cells.append([cell.strip() for cell in line.strip("|").split("|")])
    return {first.strip("`"): rest for first, *rest in cells}


def bound(value: float | None, infinite: str) -> str:
    return infinite if value is None else str(value)


def test_the_page_lists_every_metric_in_order() -> None:
    assert list(rows("metric")) == list(evaluators.metrics())


@pytest.mark.parametrize("name", evaluators.metrics())
def test_the_page_agrees_with_the_code(name: str) -> None:
    info = evaluators.metrics()[name]
    what, better, span, needs, parameters, degenerate = rows("metric")[name]
    assert what
    assert better == info.direction
    assert span == f"{bound(info.low, '-∞')} to {bound(info.high, '∞')}"
    assert needs == info.needs
    assert re.findall(r"`(\w+)`", parameters) == list(info.parameters)
    assert degenerate


def test_the_page_explains_every_parameter_and_every_rejection() -> None:
    named = {name for info in evaluators.metrics().values() for name in info.parameters}
    assert set(rows("parameter")) == named
    assert set(rows("code")) == set(evaluators.REJECTIONS)


def test_each_example_of_a_metric_can_be_used() -> None:
    found = re.findall(r"^- `(\{metric: .*\})`$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert found
    for example in found:
        evaluators.validate({"id": "id", "split": "split", "metrics": [yaml.safe_load(example)]})


def test_the_example_of_the_page_is_a_specification() -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    names = [column.name for column in evaluators.columns(yaml.safe_load(block)["evaluation"])]
    assert names == ["RMSE", "log_loss", "NDCG@10"]
