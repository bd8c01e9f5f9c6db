"""A metric over groups of rows that a column of the reference names."""

import json
import math
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import evaluators
from evaluators.errors import ReferenceTrouble
from tests.evaluators.trial import Row, answers, evaluated, rejected, spec

REGIONS = ["n", "n", "s", "s", "n", "n", "s", "s"]
REFERENCE = answers([0] * 8, region=REGIONS)
# Public rows are 0, 2, 4, 6: north errs by 1 and 3, south by 10 and 0.
GUESS = [{"id": f"r{row}", "y": y} for row, y in enumerate([1, 0, 10, 2, 3, 0, 0, 0])]
WORST = {"metric": "mae", "name": "MAE", "target": "y", "by": "region", "over": "worst"}
MEAN = WORST | {"over": "mean"}
ROWS = st.lists(
    st.tuples(st.sampled_from("abc"), st.floats(-1e3, 1e3), st.floats(-1e3, 1e3)), min_size=4, max_size=20
)


def result(folder: Path, *metrics: Row) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = evaluated(folder, REFERENCE, GUESS, spec(*metrics))["scores"]
    return found


def test_the_worst_and_the_mean_of_the_groups(tmp_path: Path) -> None:
    found = result(tmp_path, WORST | {"metric": "rmse"}, MEAN | {"name": "mean"})
    assert found["public"] == pytest.approx({"MAE": math.sqrt(50), "mean": (2 + 5) / 2}, abs=1e-12)
    assert found["private"] == pytest.approx({"MAE": math.sqrt(2), "mean": 0.5}, abs=1e-12)


def test_the_worst_of_a_score_is_its_lowest_where_higher_is_better(tmp_path: Path) -> None:
    metric = {"metric": "accuracy", "target": "y", "by": "region", "over": "worst"}
    found = evaluated(
        tmp_path,
        answers([0, 0, 1, 1, 1, 1], region=["n", "n", "n", "n", "s", "s"]),
        [{"id": f"r{row}", "y": 0} for row in range(6)],
        spec(metric),
    )
    assert found["scores"]["public"] == {"accuracy": 0.0}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(rows=ROWS)
def test_groups_equal_plain_loops(tmp_path: Path, rows: list[tuple[str, float, float]]) -> None:
    names, target, guess = zip(*rows, strict=True)
    predictions = [{"id": f"r{row}", "y": value} for row, value in enumerate(guess)]
    task = spec(MEAN, WORST | {"name": "worst"})
    found = evaluated(tmp_path, answers(target, region=names), predictions, task)["scores"]
    for split, first in (("public", 0), ("private", 1)):
        errors: dict[str, list[float]] = {}
        for name, y, p in rows[first::2]:
            errors.setdefault(name, []).append(abs(y - p))
        means = [sum(each) / len(each) for each in errors.values()]
        expected = {"MAE": sum(means) / len(means), "worst": max(means)}
        assert found[split] == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_nothing_of_the_groups_is_told_by_default(tmp_path: Path) -> None:
    found = evaluated(tmp_path, REFERENCE, GUESS, spec(WORST))
    assert set(found["scores"]["public"]) == {"MAE"}
    assert "region" not in json.dumps(found)
    assert [column.name for column in evaluators.columns(spec(WORST))] == ["MAE"]


def test_groups_that_the_task_lists_are_shown_beside(tmp_path: Path) -> None:
    shown = WORST | {"show_groups": ["s"]}
    assert result(tmp_path, shown)["public"] == {"MAE": 5.0, "MAE · s": 5.0}
    assert [column.name for column in evaluators.columns(spec(shown))] == ["MAE", "MAE · s"]


def test_points_are_given_for_what_came_of_the_groups(tmp_path: Path) -> None:
    points = {"scale": {"low": 10, "high": 0}, "show_groups": ["n"]}
    assert result(tmp_path, MEAN | points)["public"] == pytest.approx({"MAE": 65, "MAE · n": 80})


def test_columns_are_averaged_within_each_group(tmp_path: Path) -> None:
    reference = answers([0] * 4, a=[0] * 4, b=[0] * 4, region=["n", "n", "s", "s"])
    guess = [{"id": f"r{row}", "a": a, "b": b} for row, (a, b) in enumerate([(1, 3), (0, 0), (9, 1), (0, 0)])]
    found = evaluated(tmp_path, reference, guess, spec(WORST | {"target": ["a", "b"]}))
    assert found["scores"]["public"] == {"MAE": 5.0}


def test_rankings_can_have_groups_of_queries(tmp_path: Path) -> None:
    reference = answers(
        [1, 1, 0, 0, 1, 1, 0, 0], query=[1, 1, 1, 1, 2, 2, 2, 2], region=["n"] * 4 + ["s"] * 4
    )
    guess = [{"id": f"r{row}", "y": y} for row, y in enumerate([9, 9, 1, 1, 1, 1, 9, 9])]
    metric = {"metric": "mrr", "target": "y", "group": "query", "by": "region", "over": "worst"}
    assert evaluated(tmp_path, reference, guess, spec(metric))["scores"]["public"] == {"mrr": 0.5}


def test_a_group_without_a_score_is_told_to_the_organizer_by_name(tmp_path: Path) -> None:
    auc = {"metric": "roc_auc", "target": "y", "by": "region", "over": "mean"}
    with pytest.raises(ReferenceTrouble, match="the group n of public rows"):
        evaluated(tmp_path, answers([0, 0, 1, 1] * 2, region=REGIONS), GUESS, spec(auc))


def test_a_shown_group_must_be_in_both_splits(tmp_path: Path) -> None:
    with pytest.raises(ReferenceTrouble, match="no public row has west in the column region"):
        evaluated(tmp_path, REFERENCE, GUESS, spec(WORST | {"show_groups": ["west"]}))


def test_a_team_is_not_told_which_group_its_predictions_have_no_score_in(tmp_path: Path) -> None:
    metric = {"metric": "poisson_deviance", "target": "y", "by": "region", "over": "worst"}
    found = evaluated(tmp_path, answers([1] * 8, region=REGIONS), GUESS, spec(metric))
    assert rejected(found) == ("undefined_score", {"metric": "poisson_deviance"})


def test_a_group_must_be_named_in_every_row(tmp_path: Path) -> None:
    with pytest.raises(ReferenceTrouble, match="the column region is empty in 1 rows"):
        evaluated(tmp_path, answers([0] * 8, region=[*REGIONS[:7], ""]), GUESS, spec(WORST))


@pytest.mark.parametrize(
    ("more", "key", "problem", "remedy"),
    [
        ({"over": None}, "over", "is missing.", "Choose mean or worst."),
        ({"over": "best"}, "over", "'best' is not known.", "Choose mean or worst."),
        ({"by": 7}, "by", "7 is no name of a column.", "names the groups"),
        ({"by": "split"}, "by", "'split' is the column of splits.", "another"),
        ({"show_groups": True}, "show_groups", "True is no list of groups.", "[north, south]"),
        ({"show_groups": ["a", "a"]}, "show_groups", "names a group twice.", "everybody may see"),
        ({"show_groups": ["a" * 60]}, "show_groups", "would head a column with", "60 characters"),
    ],
)
def test_wrong_groups_are_told(more: Row, key: str, problem: str, remedy: str) -> None:
    with pytest.raises(evaluators.SpecError) as refused:
        evaluators.validate(spec(WORST | more))
    assert refused.value.key == f"metrics[0].{key}"
    assert problem in refused.value.problem
    assert remedy in refused.value.remedy


@pytest.mark.parametrize("key", ["over", "show_groups"])
def test_groups_need_a_column(key: str) -> None:
    with pytest.raises(evaluators.SpecError, match="is given without by"):
        evaluators.validate(spec({"metric": "mae", "target": "y", key: "worst"}))


def test_shown_groups_count_among_the_columns() -> None:
    with pytest.raises(evaluators.SpecError, match="has 21 columns"):
        evaluators.validate(spec(WORST | {"show_groups": list(range(20))}))
    with pytest.raises(evaluators.SpecError, match="'MAE · n' is the name of another"):
        evaluators.validate(spec(WORST | {"show_groups": ["n"]}, MEAN | {"name": "MAE · n"}))
