"""Tasks of masks of instances, from cells to a score; what are no masks of an image is told by id."""

import json
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluators.contents import boxes, instances, masks, tracks
from evaluators.contents.instances import MOST_INSTANCES
from evaluators.errors import ReferenceTrouble
from tests.evaluators.trial import Row, answers, evaluated, rejected, spec, write_csv, write_json

Writer = Callable[[Path, Iterable[Row]], Path]
METRIC = {"metric": "map_masks", "target": "y", "height": "h", "width": "w"}
TASK = spec(METRIC | {"name": "mAP"}, METRIC | {"name": "mAP50", "iou": 0.5})
KNOWN = ["car 1 5 6 5; dog 21 10", "dog 1 10", "", "car 1 10;car 21 10"]


def reference(*cells: str, height: Any = 5, width: Any = 20) -> list[Row]:
    return answers(cells, h=[height] * len(cells), w=[width] * len(cells))


def said(*cells: Any) -> list[Row]:
    return [{"id": f"r{number}", "y": cell} for number, cell in enumerate(cells)]


@pytest.mark.parametrize(("name", "write"), [("p.csv", write_csv), ("p.jsonl", write_json)])
def test_masks_are_scored_from_cells(tmp_path: Path, name: str, write: Writer) -> None:
    rows = said(
        " car 0.9 6 5  1 5 ;dog 5e-1 21 10; ",
        "dog 1 3 8",
        "bird 0.1 1 1",
        "car 0.9 1 10; car 0.1 51 50; car 0.2",
    )
    result = evaluated(tmp_path, reference(*KNOWN), write(tmp_path / name, reversed(rows)), TASK)
    assert result["scores"]["public"] == {"mAP": 1, "mAP50": 1}
    # Of the dog 0.8 overlap, enough for seven of ten; of two cars one is found: 51 of 101 recalls.
    half = pytest.approx((0.7 + 51 / 101) / 2), pytest.approx((1 + 51 / 101) / 2)
    assert result["scores"]["private"] == {"mAP": half[0], "mAP50": half[1]}


def test_nothing_predicted_is_zero(tmp_path: Path) -> None:
    submission = write_json(tmp_path / "p.jsonl", said("", None, ";", " "))
    result = evaluated(tmp_path, reference(*KNOWN), submission, TASK)
    assert result["scores"] == {key: {"mAP": 0, "mAP50": 0} for key in ("public", "private")}


@pytest.mark.parametrize(
    "cell",
    [
        "car 1 10 21 10",
        "car 0.9 1",
        "car 0.9 1 10 21",
        "car 0.9 1 10 dog 0.9 21 10",
        "car 0.9 1 10 10 1",
        "dog 0.9 1 10; car 0.9 21 10 25 1 10 1",
        "car 0.9 0 1",
        "car 0.9 1 0",
        "car 0.9 -1 2",
        "car 0.9 1.0 2",
        "car 0.9 100 2",
        "car 0.9 101 1",
        "car nan 1 1",
        "car",
        "0.9 1 10; car",
        "car 0.9 1 1; ; dog x 1 1",
        "a\x1ccar 0.9 1 1",
        "car 0.9,1,10",
        "car 0.9 1 9999999999999999",
        "car 0.9 1 1;" * (MOST_INSTANCES + 1),
    ],
)
def test_what_are_no_masks_of_instances_is_told_by_id(tmp_path: Path, cell: str) -> None:
    result = evaluated(tmp_path, reference(*KNOWN), reversed(said("", cell, "", "car 1 1 1")), TASK)
    assert rejected(result) == ("bad_instances", {"column": "y", "count": 1, "examples": ["r1"]})
    assert "21 10" not in json.dumps(result)


@pytest.mark.parametrize("cell", ["car 0.9 1 10", "car", "car 1", "1 10", "car 100 2", "car 1 5 3 1"])
def test_a_reference_without_masks_is_the_organizers_to_mend(tmp_path: Path, cell: str) -> None:
    with pytest.raises(ReferenceTrouble, match="the column y holds in 1 rows what are no masks of instances"):
        evaluated(tmp_path, reference(*KNOWN[:3], cell), said("", "", "", ""), TASK)


def test_sizes_are_scored_apart(tmp_path: Path) -> None:
    task = spec(*(METRIC | {"name": size, "size": size} for size in ("all", "small", "medium")))
    masks = ["car 1 1024; car 2001 2000", "car 1 900; car 2001 1025"]
    rows = said("car 0.9 2001 2000; car 0.8 5001 10", "car 0.9 1 900; car 0.8 5001 10")
    scores = evaluated(tmp_path, reference(*masks, height=100, width=100), rows, task)["scores"]
    half = 51 / 101
    assert scores["public"] == pytest.approx({"all": half, "small": 0, "medium": half})
    assert scores["private"] == pytest.approx({"all": half, "small": 1, "medium": 0})


def test_a_split_without_an_instance_of_the_size_has_no_score(tmp_path: Path) -> None:
    with pytest.raises(ReferenceTrouble, match="no answer has an object that is large"):
        evaluated(tmp_path, reference(*KNOWN), said("", "", "", ""), spec(METRIC | {"size": "large"}))


@pytest.mark.parametrize(("height", "width"), [(0, 4), (2.5, 4), ("a", 4), (10**7, 10**6)])
def test_images_have_a_size(tmp_path: Path, height: Any, width: Any) -> None:
    with pytest.raises(ReferenceTrouble, match=r"sizes that are no whole numbers|more than 1,000,0"):
        evaluated(tmp_path, reference(*KNOWN, height=height, width=width), said("", "", "", ""), TASK)


def test_a_split_without_any_instance_has_no_score(tmp_path: Path) -> None:
    with pytest.raises(ReferenceTrouble, match="no answer has an object"):
        evaluated(tmp_path, reference("", KNOWN[0], "", ""), said("", "", "", ""), TASK)


def test_too_many_runs_or_instances_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(masks, "MOST_RUNS", 3)
    rows = said("car 0.9 1 1 3 1; dog 0.9 5 1 7 1", "car 0.9 1 1 3 1; dog 1 1 1", "", "")
    result = evaluated(tmp_path, reference(*KNOWN), rows, TASK)
    assert rejected(result) == ("bad_instances", {"column": "y", "count": 1, "examples": ["r0"]})
    monkeypatch.setattr(instances, "MOST_KNOWN_RUNS", 5)
    with pytest.raises(ReferenceTrouble, match="more than 5 runs"):
        evaluated(tmp_path, reference(*KNOWN), said("", "", "", ""), TASK)
    monkeypatch.setattr(instances, "MOST_KNOWN_RUNS", 6)
    monkeypatch.setattr(instances, "MOST_IN_ALL", 5)
    result = evaluated(tmp_path, reference(*KNOWN), said("a 1;" * 3, "b 1; b 1", ";", "c 1"), TASK)
    assert rejected(result) == ("too_many_instances", {"column": "y", "most": 5})
    monkeypatch.setattr(instances, "MOST_IN_ALL", 4)
    with pytest.raises(ReferenceTrouble, match="more than 4 instances"):
        evaluated(tmp_path, reference(*KNOWN), said("", "", "", ""), TASK)


def ellipse(chance: Random, wide: int, high: int) -> list[tuple[int, int]]:
    """Runs down the columns, counted from 1."""
    x, y, across, down = (
        chance.uniform(0, wide),
        chance.uniform(0, high),
        *(chance.uniform(2, 9) for _ in "ab"),
    )
    found = []
    for column in range(wide):
        half = down * max(0, 1 - ((column - x) / across) ** 2) ** 0.5
        first, last = max(0, round(y - half)), min(high, round(y + half))
        found += [(column * high + first + 1, last - first)] if first < last else []
    return found


def moved(chance: Random, runs: list[tuple[int, int]], pixels: int) -> list[tuple[int, int]]:
    steps = chance.choice([0, 1, 2, 25])
    return [(start + steps, length) for start, length in runs if start + steps + length <= pixels]


def made(chance: Random) -> tuple[list[str], list[str]]:
    known, said = [], []
    for _ in range(12):
        masks = [(chance.choice("abc"), ellipse(chance, 25, 20)) for _ in range(chance.randrange(1, 6))]
        masks = [(kind, runs) for kind, runs in masks if runs]
        guesses = [(kind, moved(chance, runs, 500)) for kind, runs in masks if chance.random() < 0.8]
        guesses += [(chance.choice("abcd"), ellipse(chance, 25, 20)) for _ in range(3)]
        known.append(";".join(f"{kind} {text(runs)}" for kind, runs in masks))
        said.append(";".join(f"{kind} {chance.random():.3f} {text(runs)}" for kind, runs in guesses))
    return known, said


def text(runs: list[tuple[int, int]]) -> str:
    return " ".join(f"{start} {length}" for start, length in runs)


def test_the_score_is_that_of_pycocotools(tmp_path: Path) -> None:
    """What its version 2.0.11 gives for these masks, over the overlaps and at 0.5."""
    known, guesses = made(Random(5))
    scores = evaluated(tmp_path, reference(*known, height=20, width=25), said(*guesses), TASK)["scores"]
    exact = {"rel": 1e-12, "abs": 0}
    assert scores["public"] == pytest.approx(
        {"mAP": 0.31468280161349466, "mAP50": 0.5417491749174916}, **exact
    )
    assert scores["private"] == pytest.approx(
        {"mAP": 0.24210356749960713, "mAP50": 0.462006914977212}, **exact
    )


WORDS = st.sampled_from(["cat", "1", "0.5", "10", "-2", "1e5", "9999999999999", "٠", "٣", "nan", "x;y", "²"])
SPACES = st.sampled_from([" ", " ", ";", "; ", "\t", "\n", "\x1c", "\x85", "\u3000", "\x00", ""])


@given(st.lists(st.tuples(WORDS, SPACES).map("".join), max_size=14).map("".join))
def test_no_text_breaks_a_reader(text: str) -> None:
    column = pl.Series("y", [text])
    readers = [
        masks.read,
        tracks.read,
        partial(boxes.read, scored=True),
        partial(instances.read, scored=True),
    ]
    for read in readers:
        found, wrong = read(column)
        assert wrong[0] or found[0] is not None
