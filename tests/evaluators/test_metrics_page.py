"""The pages for organizers say what the code does."""

import re
from pathlib import Path

import yaml

import evaluators

PAGES = Path(__file__).parents[2] / "docs" / "organizers"


def rows(page: str, title: str) -> dict[str, list[str]]:
    """The table of a page that begins with this head, by the name in its first cell."""
    lines = (PAGES / page).read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| {title} |"))
    cells = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        cells.append([cell.strip() for cell in line.strip("|").split("|")])
    return {first.strip("`"): rest for first, *rest in cells}


def test_every_rejection_is_explained() -> None:
    assert set(rows("tables.md", "code")) == set(evaluators.REJECTIONS)


def test_the_example_of_the_page_is_a_specification() -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", (PAGES / "metrics.md").read_text(encoding="utf-8"), re.DOTALL)
    names = [column.name for column in evaluators.columns(yaml.safe_load(block)["evaluation"])]
    assert names == ["RMSE", "log_loss", "NDCG@10"]
