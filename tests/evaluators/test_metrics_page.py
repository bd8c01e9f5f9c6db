"""The page for organizers says what the code does."""

import re
from pathlib import Path

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


def test_the_page_explains_every_rejection() -> None:
    assert set(rows("code")) == set(evaluators.REJECTIONS)


def test_the_example_of_the_page_is_a_specification() -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    names = [column.name for column in evaluators.columns(yaml.safe_load(block)["evaluation"])]
    assert names == ["RMSE", "log_loss", "NDCG@10"]
