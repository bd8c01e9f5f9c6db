"""Intervals hold the skill of simulated teams nine times in ten, and are the same wherever they are made."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import evaluators
from evaluators import SpecError
from evaluators.formulas import probabilities, regression
from evaluators.uncertainty import draws as drawing
from evaluators.uncertainty.draws import Dice, Draws, draw, of_groups, of_rows
from evaluators.uncertainty.packing import pack, unpack
from evaluators.uncertainty.resampling import deviations, interval, is_resampled
from evaluators.uncertainty.sums import sums
from tests.evaluators.simulated import GROUPS, MEAN_OF_NORMAL, SKILLS, many_series
from tests.evaluators.trial import Row, answers, evaluated, spec

LEVEL, RESAMPLES, TRIALS = 0.9, 199, 1500


def drawn(rows: int, *seed: object, groups: NDArray[Any] | None = None) -> Draws:
    dice = Dice("task", *seed)
    found = draw(dice, RESAMPLES, of_rows(dice, rows) if groups is None else of_groups(dice, groups))
    assert found is not None
    return found


def held(name: str) -> float:
    """How often the interval holds the skill."""
    metric, team, rows, skill = SKILLS[name]
    rng, hits = np.random.default_rng(20260101), 0
    known = drawn(rows, name, groups=GROUPS if team is many_series else None)
    for _ in range(TRIALS):
        compared = team(rng, rows)
        found = deviations(metric, known, compared, LEVEL)
        assert found is not None
        ends = interval(metric(*compared[:2], **compared[2]) + found.values, LEVEL)
        assert ends is not None
        hits += ends[0] <= skill <= ends[1]
    return hits / TRIALS


@pytest.mark.parametrize("name", SKILLS)
def test_nine_intervals_in_ten_hold_the_skill_of_a_simulated_team(name: str) -> None:
    assert held(name) == pytest.approx(LEVEL, abs=0.02)


def test_looking_at_some_of_many_rows_holds_the_skill_as_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "MOST_UNITS", 1000)
    assert drawn(4000).units < 1000
    assert held("rmse of blocks") == pytest.approx(LEVEL, abs=0.02)


def test_the_difference_of_two_teams_is_held_as_often_and_is_known_better_in_pairs() -> None:
    rng, known, hits, widths = np.random.default_rng(7), drawn(500), 0, []
    for _ in range(TRIALS):
        truth, noise = np.zeros(500), rng.standard_normal(500)
        first, second = noise, noise + 0.2 * rng.standard_normal(500)
        pair = [deviations(regression.mae, known, (truth, team, {}), LEVEL) for team in (first, second)]
        spread = pair[1].values - pair[0].values  # type: ignore[union-attr]  # there are enough rows
        ends = interval(regression.mae(truth, second) - regression.mae(truth, first) + spread, LEVEL)
        assert ends is not None
        hits += ends[0] <= MEAN_OF_NORMAL * (math.sqrt(1.04) - 1) <= ends[1]
        widths.append(np.std(spread) / np.std(pair[0].values))  # type: ignore[union-attr]  # as above
    assert hits / TRIALS == pytest.approx(LEVEL, abs=0.02)
    assert np.mean(widths) < 0.35  # of two teams that are not paired it is 1.4


@pytest.mark.parametrize("name", SKILLS)
def test_rows_drawn_once_each_have_the_score_itself(name: str) -> None:
    metric, team, rows, _ = SKILLS[name]
    target, prediction, named = team(np.random.default_rng(1), rows)
    found = sums(metric, target, prediction, named)
    if found is not None:
        whole = found.score(found.columns.mean(axis=0))
        assert float(whole) == pytest.approx(metric(target, prediction, **named), abs=1e-9)


def test_means_of_a_resample_are_those_of_its_rows() -> None:
    known, column = drawn(50), np.random.default_rng(2).standard_normal(50)
    for weights, mean in zip(known.weights, known.means(column[:, None])[:, 0], strict=True):
        assert weights.sum() == 50
        assert mean == pytest.approx(np.repeat(column, weights.astype(int)).mean())


def test_draws_belong_to_the_seed_and_are_pinned() -> None:
    assert drawn(30, "a").weights.tolist() == drawn(30, "a").weights.tolist()
    assert drawn(30, "a").weights.tolist() != drawn(30, "b").weights.tolist()
    assert Dice("task").below(1000, 5).tolist() == [208, 942, 170, 640, 933]


def test_few_rows_and_metrics_of_the_largest_row_have_no_interval() -> None:
    dice = Dice("task")
    assert draw(dice, RESAMPLES, of_rows(dice, 19)) is None
    assert draw(dice, RESAMPLES, of_rows(dice, 20)) is not None
    assert not is_resampled(regression.max_error)
    assert not is_resampled(probabilities.expected_calibration_error)
    assert interval(np.ones(199), LEVEL) is None


def test_intervals_are_told_with_three_digits_of_their_width() -> None:
    assert interval(np.linspace(0.123456789, 0.223456789, 199), 0.9) == (0.128, 0.2189)


def test_packed_replicates_come_back_within_a_step() -> None:
    values = np.random.default_rng(1).standard_normal(199)
    found = unpack(pack(b"12345678", values))
    assert found.tag == b"12345678"
    assert found.deviations == pytest.approx(values, abs=np.abs(values).max() / 32767)
    assert not unpack(pack(b"12345678", np.zeros(199))).deviations.any()


def rows(prefix: str = "r") -> tuple[list[Row], list[Row]]:
    reference = answers([number % 7 for number in range(80)], ids=[f"{prefix}{n}" for n in range(80)])
    said = [{"id": row["id"], "y": row["y"] + (n * 5 % 11 - 5) / 7} for n, row in enumerate(reference)]
    return reference, said


def test_the_order_of_a_submission_changes_nothing_and_its_scores_lie_inside(tmp_path: Path) -> None:
    reference, said = rows()
    found = evaluated(tmp_path, reference, said)
    assert evaluated(tmp_path, reference, said[::-1]) == found
    for split in ("public", "private"):
        ends = found["intervals"][split]["mae"]
        assert ends["low"] < found["scores"][split]["mae"] < ends["high"]
    assert set(found["replicates"]) == {"public", "private"}


def test_another_reference_has_other_draws_unless_the_task_names_the_seed(tmp_path: Path) -> None:
    alone, seeded = spec(), spec(uncertainty={"seed": 7})
    first, second = (
        [evaluated(tmp_path, *rows(prefix), task)["intervals"] for prefix in "rs"] for task in (alone, seeded)
    )
    assert first[0] != first[1]
    assert second[0] == second[1]


def test_uncertainty_that_is_off_or_of_few_rows_leaves_the_result_as_it_was(tmp_path: Path) -> None:
    reference, said = rows()
    for task in (spec(uncertainty=False), spec(uncertainty="off")):
        assert set(evaluated(tmp_path, reference, said, task)) == {"scores", "rows", "versions"}
    assert set(evaluated(tmp_path, reference[:20], said[:20])) == {"scores", "rows", "versions"}


def test_a_combination_has_an_interval_where_its_parts_have(tmp_path: Path) -> None:
    metrics = [
        {"metric": "mae", "target": "y"},
        {"metric": "rmse", "target": "y"},
        {"metric": "max_error", "target": "y"},
        {"combine": "mean", "name": "both", "of": ["mae", "rmse"]},
        {"combine": "mean", "name": "most", "of": ["mae", "max_error"]},
    ]
    found = evaluated(tmp_path, *rows(), spec(*metrics))
    assert set(found["intervals"]["public"]) == {"mae", "rmse", "both"}


def test_groups_of_rows_have_intervals_of_their_own(tmp_path: Path) -> None:
    reference, said = rows()
    for number, row in enumerate(reference):
        row["g"] = "ab"[number // 2 % 2]
    metric = {"metric": "mae", "target": "y", "by": "g", "over": "mean", "show_groups": ["a", "b"]}
    found = evaluated(tmp_path, reference, said, spec(metric))["intervals"]["public"]
    assert set(found) == {"mae", "mae · a", "mae · b"}
    assert found["mae"]["high"] - found["mae"]["low"] < found["mae · a"]["high"] - found["mae · a"]["low"]


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ("on", "uncertainty"),
        (True, "uncertainty"),
        ({"levels": 0.9}, "uncertainty.levels"),
        ({"level": 1}, "uncertainty.level"),
        ({"level": "high"}, "uncertainty.level"),
        ({"resamples": 98}, "uncertainty.resamples"),
        ({"resamples": 2000}, "uncertainty.resamples"),
        ({"resamples": 199.0}, "uncertainty.resamples"),
        ({"seed": -1}, "uncertainty.seed"),
        ({"seed": True}, "uncertainty.seed"),
    ],
    ids=str,
)
def test_what_uncertainty_cannot_be_is_told_with_its_key(given: Any, key: str) -> None:
    with pytest.raises(SpecError) as refused:
        evaluators.validate(spec(uncertainty=given))
    assert refused.value.key == key


def test_of_many_units_about_so_many_different_ones_are_looked_at_in_order() -> None:
    some, drawn = Dice("seed").some(5000, 1000), Dice("seed").below(5000, 1000)
    assert some is not None
    assert some.tolist() == sorted(set(drawn.tolist()))
    assert Dice("seed").some(1000, 1000) is None
