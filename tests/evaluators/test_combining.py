"""Scores made of other scores: values by hand and by plain Python, and what is refused."""

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import evaluators
from evaluators.spec.combining import KINDS, Combination, combine
from evaluators.spec.scales import Range, Scale
from evaluators.spec.task import parse
from tests.evaluators.trial import Row, answers, evaluated, spec

RMSE = {"metric": "rmse", "name": "RMSE", "target": "y"}
MAE = {"metric": "mae", "name": "MAE", "target": "y"}
R2 = {"metric": "r2", "name": "R2", "target": "y"}
ACC = {"metric": "accuracy", "name": "Acc", "target": "c"}
F1 = {"metric": "f1_macro", "name": "F1", "target": "c"}
POINTS = {"low": 4, "high": 0}
SIX = answers([0, 0, 0, 0, 10, 0], c=[0, 1, 1, 0, 1, 0])
# Errors are 3, 1, 4, 1, 5, 1 and the classes of rows 0 and 1 are wrong: public rows are 0, 2 and 4.
GUESS = [
    {"id": f"r{row}", "y": y, "c": c}
    for row, (y, c) in enumerate([(3, 1), (1, 0), (4, 1), (1, 0), (15, 1), (1, 0)])
]
VALUES = st.floats(0.001, 1000)


def scores(tmp_path: Path, *metrics: Row) -> dict[str, float]:
    """The public ones."""
    found: dict[str, float] = evaluated(tmp_path, SIX, GUESS, spec(*metrics))["scores"]["public"]
    return found


def complaint(*metrics: Any) -> evaluators.SpecError:
    with pytest.raises(evaluators.SpecError) as refused:
        evaluators.validate(spec(*metrics))
    return refused.value


def made(tmp_path: Path, entry: Row, *metrics: Row) -> float:
    return scores(tmp_path, {"name": "Total", **entry}, *metrics)["Total"]


def test_a_mean_is_weighted_and_its_parts_are_shown(tmp_path: Path) -> None:
    total = {"combine": "mean", "name": "Total", "of": {"MAE": 1, "RMSE": 3}}
    found = scores(tmp_path, total, MAE, RMSE)
    rmse = math.sqrt((9 + 16 + 25) / 3)
    assert found == pytest.approx({"Total": (4 + 3 * rmse) / 4, "MAE": 4, "RMSE": rmse}, abs=1e-12)
    assert [column.name for column in evaluators.columns(spec(total, MAE, RMSE))] == ["Total", "MAE", "RMSE"]


def test_both_splits_are_combined(tmp_path: Path) -> None:
    task = spec({"combine": "sum", "name": "Total", "of": {"MAE": 2}}, MAE)
    found = evaluated(tmp_path, SIX, GUESS, task)["scores"]
    assert (found["public"]["Total"], found["private"]["Total"]) == (8.0, 2.0)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"combine": "mean", "of": ["Acc", "F1"]}, (2 / 3 + 0.4) / 2),
        ({"combine": "sum", "of": ["Acc", "F1"]}, 2 / 3 + 0.4),
        ({"combine": "sum", "of": {"Acc": 0.5, "F1": 2}}, 1 / 3 + 0.8),
        ({"combine": "geometric_mean", "of": ["Acc", "F1"]}, math.sqrt(2 / 3 * 0.4)),
        ({"combine": "geometric_mean", "of": {"Acc": 3, "F1": 1}}, ((2 / 3) ** 3 * 0.4) ** 0.25),
        ({"combine": "worst", "of": ["Acc", "F1"]}, 0.4),
        ({"combine": "mean", "of": ["Acc"], "scale": {"low": 0, "high": 2}}, 100 / 3),
    ],
)
def test_every_way_of_combining(tmp_path: Path, entry: Row, expected: float) -> None:
    assert made(tmp_path, entry, ACC, F1) == pytest.approx(expected, abs=1e-12)


def test_the_worst_of_errors_is_the_largest(tmp_path: Path) -> None:
    assert made(tmp_path, {"combine": "worst", "of": ["MAE", "RMSE"]}, MAE, RMSE) == pytest.approx(
        50**0.5 / 3**0.5
    )


def test_points_bring_errors_and_hits_together(tmp_path: Path) -> None:
    parts = {"MAE": {"scale": {"low": 8, "high": 0}}, "Acc": {"weight": 3, "scale": {"low": 0, "high": 1}}}
    task = {"combine": "mean", "of": parts}
    assert made(tmp_path, task, MAE, ACC) == pytest.approx((50 + 3 * 200 / 3) / 4, abs=1e-12)
    (column, *_) = evaluators.columns(spec({**task, "name": "Total"}, MAE, ACC))
    assert (column.metric, column.direction, column.low, column.high) == ("mean", "higher", 0, 100)


@pytest.mark.parametrize(
    ("scale", "points"),
    [
        ({"low": 5, "high": 3}, 50),
        ({"low": 3, "high": 2}, 0),
        ({"low": 3, "high": 2, "clip": False}, -100),
        ({"low": 9, "high": 4.5}, 100),
        ({"low": 9, "high": 4.5, "clip": False}, 500 / 4.5),
    ],
)
def test_a_metric_can_be_shown_in_points(tmp_path: Path, scale: Row, points: float) -> None:
    assert scores(tmp_path, MAE | {"scale": scale})["MAE"] == pytest.approx(points, abs=1e-9)


def test_points_have_the_bounds_of_their_score() -> None:
    (clipped,) = evaluators.columns(spec(RMSE | {"scale": POINTS}))
    (open_,) = evaluators.columns(spec(RMSE | {"scale": POINTS | {"clip": False}}))
    assert (clipped.direction, clipped.low, clipped.high) == ("higher", 0, 100)
    assert (open_.direction, open_.low, open_.high) == ("higher", None, 100)


def test_combinations_may_stand_before_what_they_are_made_of(tmp_path: Path) -> None:
    total = {"combine": "sum", "name": "Total", "of": ["Half", "MAE"]}
    half = {"combine": "sum", "name": "Half", "of": {"MAE": 0.5}}
    assert scores(tmp_path, total, half, MAE) == {"Total": 6.0, "Half": 2.0, "MAE": 4.0}


def test_a_geometric_mean_with_a_zero_is_zero() -> None:
    assert combine("geometric_mean", [0.0, 5.0], [1, 1], "higher") == 0.0


@given(st.lists(st.tuples(VALUES, st.floats(0.001, 100)), min_size=1, max_size=8))
def test_means_equal_plain_loops(pairs: list[tuple[float, float]]) -> None:
    values, weights = [value for value, _ in pairs], [weight for _, weight in pairs]
    total = product = 0.0
    for value, weight in pairs:
        total += value * weight
        product += math.log(value) * weight
    whole = sum(weights)
    for kind, expected in [
        ("sum", total),
        ("mean", total / whole),
        ("geometric_mean", math.exp(product / whole)),
    ]:
        assert combine(kind, values, weights, "higher") == pytest.approx(expected, rel=1e-9)


@given(st.permutations([0.1, 0.2, 0.3, 0.7, 1e9]), st.sampled_from(["mean", "sum", "worst"]))
def test_the_order_of_the_parts_makes_no_difference(values: list[float], kind: str) -> None:
    assert combine(kind, values, [1.0] * 5, "lower") == combine(kind, sorted(values), [1.0] * 5, "lower")


@given(VALUES, VALUES, VALUES, st.booleans())
def test_points_rise_as_the_score_gets_better(low: float, one: float, another: float, rising: bool) -> None:
    scale = Scale(low, low + (1 if rising else -1), clip=False)
    better = max(one, another) if rising else min(one, another)
    assert scale.of(better) == max(scale.of(one), scale.of(another))
    assert (scale.of(scale.low), scale.of(scale.high)) == (0, 100)


@given(st.data(), st.sampled_from([kind for kind in KINDS if kind != "mean_rank"]))
def test_what_comes_out_lies_within_the_bounds_that_are_told(data: st.DataObject, kind: str) -> None:
    entry = {"combine": kind, "name": "Total", "of": ["Acc", "F1"]}
    (total, *_) = parse(spec(entry, ACC, F1)).scores
    assert isinstance(total, Combination)
    part = st.floats(0, 1)
    value = total.value({"Acc": data.draw(part), "F1": data.draw(part)})
    assert total.range.low <= value <= total.range.high
    assert total.range == Range("higher", 0, 2 if kind == "sum" else 1)


@pytest.mark.parametrize(
    ("entry", "key", "problem", "remedy"),
    [
        (
            {"combine": "average", "of": ["MAE"]},
            "combine",
            "'average' is no way to combine",
            "Choose one of mean,",
        ),
        ({"combine": ["mean"], "of": ["MAE"]}, "combine", "['mean'] is no way to combine", "geometric_mean"),
        ({"combine": "mean"}, "of", "is missing.", "of: [RMSE, AUC]"),
        ({"combine": "mean", "of": "MAE"}, "of", "'MAE' is no list of names", "of: {RMSE: 2, AUC: 1}"),
        ({"combine": "mean", "of": []}, "of", "[] is no list of names", "List names"),
        ({"combine": "mean", "of": ["MAE", "MAE"]}, "of", "names a score twice.", "weight"),
        (
            {"combine": "mean", "of": ["MEA"]},
            "of",
            "'MEA' is no score of this task.",
            "The scores are T, MAE,",
        ),
        ({"combine": "mean", "of": {"MAE": 0}}, "of.MAE", "0 is no weight.", "above 0"),
        ({"combine": "mean", "of": {"MAE": -1}}, "of.MAE", "-1 is no weight.", "leave the score out"),
        ({"combine": "mean", "of": {"MAE": True}}, "of.MAE", "True is no weight.", "above 0"),
        (
            {"combine": "mean", "of": {"MAE": {"weigth": 1}}},
            "of.MAE.weigth",
            "is not a known key.",
            "weight?",
        ),
        (
            {"combine": "worst", "of": {"MAE": 2}},
            "of.MAE.weight",
            "is not a known key.",
            "The keys are scale",
        ),
        ({"combine": "mean", "of": ["MAE"], "weights": [1]}, "weights", "is not a known key.", "of"),
        (
            {"combine": "mean", "of": ["MAE", "Acc"]},
            "of",
            "MAE is better lower, and Acc is better higher.",
            "scale",
        ),
        ({"combine": "worst", "of": ["Acc", "MAE"]}, "of", "Acc is better higher, and MAE", "points"),
        ({"combine": "geometric_mean", "of": ["Acc", "R2"]}, "of", "R2 can be below zero", "scale"),
        ({"combine": "mean", "of": ["T"]}, "of", "goes in a circle: T needs T.", "do not need it"),
        (
            {"combine": "mean", "of": ["MAE"], "scale": 5},
            "scale",
            "5 is not a mapping.",
            "{low: 0.52, high: 0.97}",
        ),
        ({"combine": "mean", "of": ["MAE"], "scale": {"low": 1}}, "scale.high", "is missing.", "gets 100"),
        (
            {"combine": "mean", "of": ["MAE"], "scale": {"low": "1", "high": 0}},
            "scale.low",
            "'1' is not a",
            "0",
        ),
        (
            {"combine": "mean", "of": ["MAE"], "scale": {"low": 1, "high": 2}},
            "scale.high",
            "2 is no better",
            "low",
        ),
        (
            {"combine": "mean", "of": ["Acc"], "scale": {"low": 1, "high": 1}},
            "scale.high",
            "1 is no better",
            "low",
        ),
        (
            {"combine": "mean", "of": ["Acc"], "scale": {"low": 0, "high": 1e-10}},
            "scale.high",
            "too close",
            "low",
        ),
        (
            {"combine": "mean", "of": ["Acc"], "scale": POINTS | {"clip": 1}},
            "scale.clip",
            "1 is neither",
            "true",
        ),
        (
            {"combine": "mean", "of": {"Acc": {"scale": POINTS}}},
            "of.Acc.scale.high",
            "0 is no better than",
            "low",
        ),
    ],
)
def test_a_wrong_combination_is_told_with_its_remedy(entry: Row, key: str, problem: str, remedy: str) -> None:
    error = complaint({"name": "T", **entry}, MAE, ACC, R2)
    assert error.key == f"metrics[0].{key}"
    assert problem in error.problem
    assert remedy in error.remedy


def test_a_circle_of_several_is_shown() -> None:
    one = {"combine": "mean", "name": "A", "of": ["B", "MAE"]}
    two = {"combine": "mean", "name": "B", "of": ["C"]}
    three = {"combine": "mean", "name": "C", "of": ["A"]}
    assert complaint(one, two, three, MAE).problem == "goes in a circle: A needs B needs C needs A."


def test_names_are_unique_among_metrics_and_combinations() -> None:
    error = complaint(MAE, {"combine": "mean", "name": "MAE", "of": ["MAE"]})
    assert (error.key, error.problem) == ("metrics[1].name", "'MAE' is the name of another metric too.")


def test_the_scale_of_a_series_stays_a_column() -> None:
    mase = {"metric": "mase", "target": "y", "group": "s", "scale": {"low": 1, "high": 0}}
    assert "is no name of a column" in complaint(mase).problem
    points = {"combine": "mean", "of": {"mase": {"scale": {"low": 1, "high": 0}}}}
    evaluators.validate(spec(points, mase | {"scale": "s"}))
