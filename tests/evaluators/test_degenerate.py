"""What every metric says of empty, constant, non-finite and extreme input, and what no message ever holds."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import evaluators
from evaluators.catalogue import MetricInfo
from evaluators.errors import (
    ReferenceTrouble,
    UndefinedByReference,
    UndefinedBySubmission,
    shown,
)
from tests.evaluators.examples import best, best_score, called, entry, with_texts
from tests.evaluators.trial import Row, answers, evaluated, rejected, spec

EACH = [pytest.param(info, id=name) for name, info in evaluators.metrics().items() if not info.measured]
NUMBERS = {"numbers", "scores", "ratings", "ranking", "series", "survival", "curves"}
OF_NUMBERS = [each for each in EACH if each.values[0].needs in NUMBERS]


@pytest.mark.parametrize("info", EACH)
def test_without_rows_a_metric_is_undefined_by_the_reference(info: MetricInfo) -> None:
    with pytest.raises(UndefinedByReference, match="no rows"):
        called(info)([], [])


@pytest.mark.parametrize("info", EACH)
def test_perfect_predictions_reach_the_best_score(info: MetricInfo) -> None:
    values = best(info)
    assert called(info)(values, values) == pytest.approx(best_score(info))


@pytest.mark.parametrize("info", OF_NUMBERS)
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_blamed_on_its_side(info: MetricInfo, value: float) -> None:
    with pytest.raises(UndefinedBySubmission):
        called(info)([0.0, 1.0], [0.5, value])
    with pytest.raises(UndefinedByReference):
        called(info)([0.0, value], [0.5, value])


@pytest.mark.parametrize("info", EACH)
def test_columns_of_different_length_are_a_mistake_of_ours(info: MetricInfo) -> None:
    with pytest.raises(ValueError, match="2 targets for 1 predictions"):
        called(info)([0, 1], [0])


@pytest.mark.parametrize("info", OF_NUMBERS)
@given(
    st.lists(st.sampled_from([0.0, 1.0, 2.0]), min_size=2, max_size=8),
    st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=8, max_size=8),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_extreme_predictions_have_a_finite_score_in_its_range_or_none(
    info: MetricInfo, target: list[float], prediction: list[float]
) -> None:
    try:
        score = called(info)(
            np.array(target) > 0 if info.needs == "scores" else target, prediction[: len(target)]
        )
    except (UndefinedByReference, UndefinedBySubmission):
        return
    assert math.isfinite(score)
    assert score >= (-math.inf if info.low is None else info.low - 1e-12)
    assert score <= (math.inf if info.high is None else info.high + 1e-12)


@pytest.mark.parametrize("info", EACH)
def test_constant_answers_and_predictions_have_a_score_or_a_culprit(info: MetricInfo) -> None:
    for target, prediction in (([1, 1], [1, 1]), ([1, 2], [1, 1]), ([0, 0], [1, 1]), ([1, 1], [0, 1])):
        try:
            score = called(info)(target, prediction)
        except (UndefinedByReference, UndefinedBySubmission):
            continue
        assert math.isfinite(score)


@pytest.mark.parametrize("info", EACH)
def test_a_submission_is_scored_in_both_splits_by_every_metric(info: MetricInfo, tmp_path: Path) -> None:
    values = best(info, [1, 1, 0, 0, 1, 1])
    reference = answers(values, q=[1] * 6, e=[1] * 6, o=values, n=[1 - value for value in values])
    reference = with_texts(reference, values)
    submission = [row | {"p": row["y"]} for row in reversed(reference)]
    result = evaluated(tmp_path, reference, submission, spec(entry(info)))
    expected = pytest.approx(best_score(info), abs=1e-9)
    assert result["scores"] == {"public": {info.name: expected}, "private": {info.name: expected}}
    assert set(result["versions"]) == {"python", "numpy", "polars", *info.libraries}


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("pearson", [5, 5, 5, 5]),
        ("spearman", [5, 5, 5, 5]),
        ("rmsle", [1, 2, -3, 4]),
        ("poisson_deviance", [1, 0, 3, 4]),
        ("gamma_deviance", [1, 2, 3, -4]),
    ],
)
def test_predictions_without_a_score_are_rejected_by_the_name_of_the_metric(
    name: str, values: list[float], tmp_path: Path
) -> None:
    task = spec({"metric": name, "name": "The metric", "target": "y"})
    submission = [{"id": f"r{number}", "y": value} for number, value in enumerate(values)]
    result = evaluated(tmp_path, answers([1, 2, 3, 4]), submission, task)
    assert rejected(result) == ("undefined_score", {"metric": "The metric"})


def test_a_score_undefined_in_the_private_part_alone_is_no_score(tmp_path: Path) -> None:
    submission = [{"id": f"r{number}", "y": value} for number, value in enumerate([1, 5, 3, 5])]
    result = evaluated(
        tmp_path, answers([1, 2, 3, 4]), submission, spec({"metric": "pearson", "target": "y"})
    )
    assert rejected(result) == ("undefined_score", {"metric": "pearson"})


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("pearson", [1, 2, 3, 2]),
        ("r2", [1, 2, 3, 2]),
        ("mape", [1, 2, 0, 4]),
        ("rmspe", [1, 2, 0, 4]),
        ("wape", [1, 0, 3, 0]),
        ("rmsle", [1, 2, 3, -4]),
        ("poisson_deviance", [1, 2, 3, -4]),
        ("gamma_deviance", [1, 2, 3, 0]),
        ("mcc", [1, 0, 1, 1]),
        ("quadratic_weighted_kappa", [1, 2, 1, 3]),
        ("rmse", [1, 2, 3, 1e150]),
        ("rmse", [1, 2, 3, "nan"]),
        ("rmse", [1, 2, 3, "many"]),
        ("rmse", [1, 2, 3, ""]),
    ],
)
def test_answers_without_a_score_are_trouble_of_ours(name: str, target: list[Any], tmp_path: Path) -> None:
    submission = [{"id": f"r{number}", "y": 1} for number in range(4)]
    with pytest.raises(ReferenceTrouble):
        evaluated(tmp_path, answers(target), submission, spec({"metric": name, "target": "y"}))


SECRET = 731_946


@pytest.mark.parametrize(
    "spoil",
    [
        lambda rows: [row | {"y": "x"} for row in rows],
        lambda rows: [row | {"y": "inf"} for row in rows],
        lambda rows: [row | {"y": 0.5} for row in rows],
        lambda rows: rows[1:],
        lambda rows: [*rows, rows[0]],
        lambda rows: [*rows, {"id": "more", "y": 1}],
        lambda rows: [row | {"id": ""} for row in rows],
        lambda rows: [{"id": row["id"], "z": 1} for row in rows],
        lambda rows: [row | {"y": 3} for row in rows],
    ],
)
def test_no_message_holds_an_answer(spoil: Callable[[list[Row]], list[Row]], tmp_path: Path) -> None:
    reference = answers([SECRET + number for number in range(6)])
    rows = [{"id": row["id"], "y": 1} for row in reference]
    for task in (spec({"metric": "accuracy", "target": "y"}), spec({"metric": "pearson", "target": "y"})):
        result = evaluated(tmp_path, reference, spoil(rows), task)
        code, params = rejected(result)
        assert set(params) == set(evaluators.REJECTIONS[code])
        assert str(SECRET // 10) not in json.dumps(result)


def test_texts_are_shown_few_short_and_printable() -> None:
    assert shown(["a\tb", "c" * 61, *"defgh"]) == ["a\N{REPLACEMENT CHARACTER}b", "c" * 59 + "…", *"def"]
