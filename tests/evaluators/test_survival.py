"""What metrics of survival say beyond their oracles, and their columns as files have them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from evaluators.errors import ReferenceTrouble, SpecError
from evaluators.formulas import survival as ours
from evaluators.spec.task import parse
from tests.evaluators.arrays import CLOSE, columns
from tests.evaluators.oracles.survival import brier, chance, event, outcomes, time
from tests.evaluators.trial import Row, answers, evaluated, rejected, spec


@given(columns(time, event, chance), time)
def test_with_one_time_it_is_the_score_of_that_moment(found: tuple[Any, ...], moment: float) -> None:
    target, curve = outcomes(found)
    if moment < target[:, 0].max():
        score = ours.integrated_brier(target, curve, times=[moment])
        assert score == pytest.approx(brier(target, curve, moment), **CLOSE)


def test_many_rows_are_compared_in_a_moment() -> None:
    random = np.random.default_rng(3)
    times, events = random.integers(0, 5000, 200_000), random.integers(0, 2, 200_000)
    target = np.column_stack([times, events]).astype(float)
    assert ours.concordance_index(target, -target[:, 0]) > 0.999
    assert ours.concordance_index(target, random.normal(size=200_000)) == pytest.approx(0.5, abs=0.01)


RANKED = {"metric": "concordance_index", "target": ["y", "died"], "prediction": "risk"}
CURVES = {"metric": "integrated_brier", "target": ["y", "died"], "prediction": ["s1", "s2"], "times": [1, 2]}
REFERENCE = answers([1, 1, 2, 2, 3, 3], died=[1, 1, 0, 0, 1, 1])
SUBMISSION = [
    {"id": row["id"], "risk": -row["y"], "s1": float(row["y"] > 1), "s2": float(row["y"] > 1)}
    for row in REFERENCE
]


def test_survival_is_read_from_two_columns_and_scored_in_both_splits(tmp_path: Path) -> None:
    result = evaluated(tmp_path, REFERENCE, SUBMISSION, spec(RANKED, CURVES))
    expected = {"concordance_index": 1.0, "integrated_brier": 0.0}
    assert result["scores"] == {"public": expected, "private": expected}


@pytest.mark.parametrize(
    ("value", "code"), [(1.5, "not_probability"), ("", "no_values"), ("x", "not_numeric")]
)
def test_chances_need_not_sum_to_one_but_must_be_chances(tmp_path: Path, value: Any, code: str) -> None:
    submission = [dict(row) for row in SUBMISSION]
    submission[3]["s2"] = value
    result = evaluated(tmp_path, REFERENCE, submission, spec(CURVES))
    assert rejected(result) == (code, {"column": "s2", "count": 1, "examples": ["r3"]})


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [("died", 2, "neither 0 nor 1"), ("died", 0.5, "neither 0 nor 1"), ("y", "long", "no number")],
)
def test_what_is_no_outcome_is_trouble_of_ours(tmp_path: Path, column: str, value: Any, words: str) -> None:
    with pytest.raises(ReferenceTrouble, match=words):
        evaluated(tmp_path, [REFERENCE[0] | {column: value}, *REFERENCE[1:]], SUBMISSION, spec(RANKED))


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"times": [2, 1]}, "times"),
        ({"times": [-1, 1]}, "times"),
        ({"times": [1, 2, 3]}, "times"),
        ({"times": []}, "times"),
        ({"times": None}, "times"),
        ({"target": "y"}, "target"),
        ({"target": ["y", "y"]}, "target"),
        ({"prediction": "s1"}, "times"),
    ],
)
def test_times_belong_to_columns(changes: Row, key: str) -> None:
    with pytest.raises(SpecError) as caught:
        parse(spec(CURVES | changes))
    assert caught.value.key == f"metrics[0].{key}"
