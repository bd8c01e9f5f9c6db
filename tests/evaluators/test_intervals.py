"""Every metric has intervals or a reason for none; what a resample scores is what its rows would score."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from random import Random

import numpy as np
import pytest

import evaluators
from evaluators.catalogue import MetricInfo
from evaluators.formulas import tagging
from evaluators.formulas.clustering import TABLES
from evaluators.formulas.tallies import TALLIES, WEIGHED
from evaluators.measuring import formula
from evaluators.reference import Reference, read_reference
from evaluators.scoring import score
from evaluators.spec.task import Spec, parse
from evaluators.uncertainty.draws import Dice, draw, of_groups, of_rows
from evaluators.uncertainty.replicates import Resampled
from evaluators.uncertainty.resampling import BY_PARTS, deviations, is_resampled, widening
from evaluators.uncertainty.settings import Uncertainty
from tests.evaluators.examples import ABOVE_ZERO, entry, with_texts
from tests.evaluators.trial import Row, answers, spec, write_csv
from tests.evaluators.writing import cells

PAGE = Path(__file__).parents[2] / "docs/organizers/uncertainty.md"
METRICS = evaluators.metrics()
ROWS, OF_GROUP, SPLIT, LEVEL = 480, 16, "public", 0.9
OTHER_COLUMNS: dict[str, Row] = {
    "median_absolute_error": {"target": "far", "prediction": "far"},
    "lrap": {"target": ["y", "far"], "prediction": ["p", "far"]},
}
"""Where answers and guesses of zero and one, or two columns alike, have the same score in all resamples."""
EXACT = [
    pytest.param(info, id=name)
    for name, info in METRICS.items()
    if not info.measured and any(formula(info) in known for known in (TALLIES, WEIGHED, TABLES))
]


@cache
def rows() -> tuple[list[Row], list[Row]]:
    """A reference with 30 queries and what a team says, right of four rows in five."""
    chance = Random(20260101)
    values = [chance.randrange(2) for _ in range(ROWS)]
    guesses = [value if chance.random() < 0.8 else 1 - value for value in values]
    reference = answers(
        values,
        z=[value + 1 for value in values],
        o=values,
        q=[number // OF_GROUP + 1 for number in range(ROWS)],
        e=[1] * ROWS,
        n=[1 - value for value in values],
        far=[number // 2 % 2 for number in range(ROWS)],
    )
    said = [
        {"id": row["id"], "p": guess, "n": 1 - guess, "o": guess, "z": guess + 1, "far": chance.random()}
        for row, guess in zip(reference, guesses, strict=True)
    ]
    boxes = [{"b": f"v{guess} {guess} 0 {guess + 1} {1 - 0.4 * chance.random()}"} for guess in guesses]
    written = with_texts(said, guesses)
    return with_texts(reference, values), [row | box for row, box in zip(written, boxes, strict=True)]


def task(info: MetricInfo) -> Spec:
    metric = entry(info, *(("z", "z") if info.name in ABOVE_ZERO else ()))
    return parse(spec(metric | OTHER_COLUMNS.get(info.name, {}) | {"name": "score"}))


def scored(
    folder: Path, parsed: Spec, reference: Iterable[Row], said: Iterable[Row]
) -> tuple[float, Reference, Resampled]:
    """The score of the public rows, and those of its resamples."""
    (folder / "hidden").mkdir(exist_ok=True)
    write_csv(folder / "hidden/answers.csv", reference)
    known = read_reference(parsed, folder / "hidden")
    assert parsed.uncertainty is not None
    resampled = Resampled(parsed.uncertainty, known.draws[SPLIT])
    found = score(parsed, known, write_csv(folder / "said.csv", said), {SPLIT: resampled})
    return found[SPLIT]["score"], known, resampled


def without_interval() -> set[str]:
    """The metrics that the page names in its table of those without any."""
    part = PAGE.read_text(encoding="utf-8").split("## What has no interval")[1].split("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("| `")]
    assert all(len(line.split("|")[2]) > 20 for line in lines), "each says why"
    return {name for line in lines for name in re.findall(r"`(\w+)`", line.split("|")[1])}


@pytest.mark.parametrize("info", [pytest.param(info, id=name) for name, info in METRICS.items()])
def test_a_metric_has_an_interval_or_the_page_says_why_not(info: MetricInfo, tmp_path: Path) -> None:
    if info.measured:
        assert info.name in without_interval()
        return
    found, _, resampled = scored(tmp_path, task(info), *rows())
    ends = resampled.intervals().get("score")
    assert (ends is None) == (info.name in without_interval())
    if ends is not None:
        assert ends["low"] < ends["high"]
        assert ends["low"] <= found <= ends["high"]


@pytest.mark.parametrize("info", EXACT)
def test_a_resample_scores_what_its_rows_would_score(info: MetricInfo, tmp_path: Path) -> None:
    parsed = task(info)
    reference, said = rows()
    _, known, resampled = scored(tmp_path, parsed, reference, said)
    measure = parsed.measures[0]
    weights = known.draws[SPLIT][measure.group or ""].weights
    codes = known.answers["score"].groups
    part = known.parts[SPLIT]
    units = np.arange(part.stop - part.start)
    if codes is not None:
        units = np.unique(codes[part], return_inverse=True)[1]
    again = []
    for number in range(2):
        counts = iter(weights[number][units].astype(int).tolist())
        drawn = [next(counts) if row["split"] == SPLIT else 1 for row in reference]
        again.append(
            scored(tmp_path, parsed, *(repeated(side, drawn, measure.group) for side in (reference, said)))[0]
        )
    first, second = resampled.found["score"].scores[:2] / widening(LEVEL, weights.shape[1])
    assert first - second == pytest.approx(again[0] - again[1], abs=1e-9)


def repeated(table: Sequence[Row], counts: Sequence[int], group: str | None) -> list[Row]:
    """Each row so often, with an identifier and a group of its own."""
    return [
        row | {"id": f"{row['id']} {time}"} | ({group: 1000 * time + row[group]} if group in row else {})
        for row, count in zip(table, counts, strict=True)
        for time in range(count)
    ]


def test_fewer_units_are_a_part_by_chance_of_the_same_resamples() -> None:
    dice = Dice("task")
    known = draw(dice, 199, of_rows(dice, 10_000))
    assert known is not None
    some = known.fewer(2000)
    assert some.units == 2000
    assert some.shrink == pytest.approx(np.sqrt(1 / 5))
    assert some.rows is not None
    assert some.blocks is not None
    assert known.blocks is not None
    assert (known.blocks[some.rows] == some.blocks).all()
    assert known.fewer(10_000) is known
    ones = np.ones((2000, 1))
    assert some.means(ones) == pytest.approx(1)
    assert some.of_rows(slice(0, 3)).shape == (3, 2000)


def test_fewer_groups_are_taken_whole() -> None:
    dice, groups = Dice("task"), np.repeat(np.arange(3000), 2)
    known = draw(dice, 199, of_groups(dice, groups))
    assert known is not None
    some = known.fewer(1000)
    assert some.rows is not None
    assert some.groups is not None
    assert np.bincount(some.groups).tolist() == [2] * some.units
    first, second = groups[some.rows].reshape(-1, 2).T
    assert (first == second).all()
    assert len(some.of_rows(slice(0, 1))[0]) == 2 * some.units


def test_as_many_types_as_a_team_may_think_of_take_no_room() -> None:
    dice = Dice("task")
    known = draw(dice, 199, of_rows(dice, 40))
    assert known is not None
    truth = cells((f"B-{number % 2}",) for number in range(40))
    for types, given in ((40, True), (400, False)):
        said = cells(tuple(f"B-{(10 * row + place) % types}" for place in range(10)) for row in range(40))
        named = {"average": "macro"}
        assert (deviations(tagging.entity_f1, known, (truth, said, named), 0.9) is not None) == given
        assert deviations(tagging.entity_f1, known, (truth, said, {}), 0.9) is not None


def test_every_metric_that_claims_parts_has_a_formula_of_that_name() -> None:
    assert set(METRICS) >= BY_PARTS
    assert all(is_resampled(formula(METRICS[name])) for name in BY_PARTS)


def test_without_a_word_of_it_uncertainty_has_these_settings() -> None:
    assert Uncertainty() == Uncertainty(0.9, 199, None)
