"""The page for organizers on combined scores: its examples can be used, its table names every way."""

import re
from pathlib import Path

import pytest
import yaml

import evaluators
from evaluators.spec.combining import KINDS

PAGE = (Path(__file__).parents[2] / "docs" / "organizers" / "combining.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize(
    ("example", "names"),
    list(
        zip(
            EXAMPLES,
            [
                ["Total", "F1", "Accuracy"],
                ["Total", "RMSE", "AUC"],
                ["MCRMSE"],
                ["Worst region", "Mean of regions", "Mean of regions · north", "Mean of regions · south"],
                ["Mean rank", "RMSE", "AUC"],
                ["Total", "Percent", "Places", "Kinds"],
            ],
            strict=True,
        )
    ),
)
def test_each_example_gives_the_columns_that_it_speaks_of(example: str, names: list[str]) -> None:
    columns = evaluators.columns(yaml.safe_load(example)["evaluation"])
    assert [column.name for column in columns] == names


def test_an_entry_in_the_text_can_be_used() -> None:
    (entry,) = re.findall(r"`(\{metric: .*?\}\})`", PAGE)
    evaluators.validate({"id": "id", "split": "split", "metrics": [yaml.safe_load(entry)]})


def test_every_way_of_combining_is_in_the_table() -> None:
    table = PAGE.partition("| `combine` |")[2].partition("| key |")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(KINDS)
