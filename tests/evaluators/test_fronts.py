"""Fronts as files have them, and how long a large one takes."""

import math
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evaluators.errors import SpecError
from evaluators.formulas.fronts import hypervolume
from evaluators.spec.task import parse
from tests.evaluators.trial import Row, evaluated, rejected, spec

HV = {"metric": "hypervolume", "prediction": ["cost", "gain"], "reference_point": [4, 0]} | {
    "directions": ["min", "max"]
}
SLOTS = [
    {"id": f"p{n}", "split": split, "problem": n % 4 // 2}
    for n, split in enumerate(["public", "private"] * 4)
]


def submission(*points: tuple[float, float]) -> list[Row]:
    """Two points in each split for each of two problems."""
    return [
        {"id": row["id"], "cost": cost, "gain": gain} for row, (cost, gain) in zip(SLOTS, points, strict=True)
    ]


def test_the_points_of_a_split_are_a_front_and_need_no_answers(tmp_path: Path) -> None:
    points = submission((1, 1), (4, 9), (2, 2), (4, 9), (3, 3), (4, 9), (3, 3), (2, 5))
    result = evaluated(tmp_path, SLOTS, points, spec(HV))
    assert result["scores"] == {"public": {"hypervolume": 6.0}, "private": {"hypervolume": 10.0}}


def test_with_groups_each_problem_has_a_front(tmp_path: Path) -> None:
    points = submission((1, 1), (3, 9), (2, 2), (4, 9), (3, 3), (3, 1), (3, 3), (2, 5))
    result = evaluated(tmp_path, SLOTS, points, spec(HV | {"by": "problem", "over": "mean"}))
    assert result["scores"]["public"] == {"hypervolume": ((3 + 2) + (4 + 1)) / 2}
    assert result["scores"]["private"] == {"hypervolume": (9 + 10) / 2}


def test_a_point_without_a_value_is_named(tmp_path: Path) -> None:
    points = submission(*[(1, 1)] * 7, (1, math.nan))
    code, params = rejected(evaluated(tmp_path, SLOTS, points, spec(HV)))
    assert (code, params) == ("no_values", {"column": "gain", "count": 1, "examples": ["p7"]})


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"target": "y"}, "target"),
        ({"prediction": "cost"}, "prediction"),
        ({"prediction": None}, "prediction"),
        ({"reference_point": [4]}, "reference_point"),
        ({"reference_point": ["4", "0"]}, "reference_point"),
        ({"directions": ["min"]}, "directions"),
        ({"directions": ["low", "high"]}, "directions"),
    ],
)
def test_the_reference_point_has_a_value_for_each_objective(changes: dict[str, Any], key: str) -> None:
    with pytest.raises(SpecError) as caught:
        parse(spec(HV | changes))
    assert caught.value.key == f"metrics[0].{key}"


def test_a_large_front_of_three_objectives_takes_a_moment() -> None:
    began = time.process_time()
    angles = np.random.default_rng(1).uniform(0, np.pi / 2, (2, 20_000))
    sphere = np.column_stack(
        [np.cos(angles[0]) * np.cos(angles[1]), np.sin(angles[0]) * np.cos(angles[1]), np.sin(angles[1])]
    )
    found = hypervolume(np.zeros(20_000), -sphere, reference_point=[0, 0, 0])
    assert found == pytest.approx(math.pi / 6, rel=0.02)
    assert time.process_time() - began < 5
