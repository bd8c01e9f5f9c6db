"""Rows of shares as files have them."""

from pathlib import Path
from typing import Any

import pytest

from evaluators.errors import ReferenceTrouble, SpecError
from evaluators.spec.task import parse
from tests.evaluators.trial import Row, answers, evaluated, rejected, spec

ROWS = ("kl_divergence", "js_divergence", "earth_movers_distance")
PARTS = {"target": ["y", "b", "c"]}
EACH = [{"metric": name} | PARTS for name in ROWS]
REFERENCE = answers([0.2, 0.7, 1, 0.001], b=[0.3, 0.3, 0, 0.5], c=[0.5, 0, 0, 0.4995])


def test_each_row_is_a_distribution_over_columns(tmp_path: Path) -> None:
    result = evaluated(tmp_path, REFERENCE, REFERENCE, spec(*EACH))
    expected = {split: pytest.approx(dict.fromkeys(ROWS, 0.0), abs=1e-12) for split in result["scores"]}
    assert result["scores"] == expected
    moved = [row | {"y": row["c"], "c": row["y"]} for row in REFERENCE]
    task = spec({"metric": "earth_movers_distance", "positions": [0, 10, 20]} | PARTS)
    scores = evaluated(tmp_path, REFERENCE, moved, task)["scores"]
    assert scores["public"] == {"earth_movers_distance": pytest.approx((0.3 * 20 + 20) / 2)}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"y": 0.5}, "sum_not_one"),
        ({"y": -0.2, "c": 0.9}, "not_probability"),
        ({"y": "", "c": 0.7}, "no_values"),
    ],
)
def test_a_row_that_is_no_distribution_is_named(tmp_path: Path, changes: Row, code: str) -> None:
    submission = [REFERENCE[0] | changes, *REFERENCE[1:]]
    found, params = rejected(evaluated(tmp_path, REFERENCE, submission, spec(EACH[1])))
    assert (found, params["examples"]) == (code, ["r0"])


@pytest.mark.parametrize("changes", [{"y": 0.5}, {"y": -0.2, "c": 0.9}])
def test_answers_that_are_no_distribution_are_trouble_of_ours(tmp_path: Path, changes: Row) -> None:
    with pytest.raises(ReferenceTrouble, match="columns y, b, c hold rows that are no shares"):
        evaluated(tmp_path, [REFERENCE[0] | changes, *REFERENCE[1:]], REFERENCE, spec(EACH[0]))


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"positions": [0, 1]}, "positions"),
        ({"positions": [0, 1, 1]}, "positions"),
        ({"target": "y"}, "target"),
        ({"prediction": ["a", "b"]}, "prediction"),
    ],
)
def test_positions_belong_to_columns(changes: dict[str, Any], key: str) -> None:
    with pytest.raises(SpecError) as caught:
        parse(spec(EACH[2] | changes))
    assert caught.value.key == f"metrics[0].{key}"
