"""Tasks of boxes, from cells to a score; what are no boxes is told by id."""

import json
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

import evaluators
from evaluators.contents.boxes import MOST_BOXES
from evaluators.errors import ReferenceTrouble, SpecError
from tests.evaluators.trial import Row, answers, evaluated, rejected, spec, write_csv, write_json

Writer = Callable[[Path, Iterable[Row]], Path]
METRIC = {"metric": "map_boxes", "target": "y"}
TASK = spec(METRIC | {"name": "mAP"}, METRIC | {"name": "mAP50", "iou": 0.5})
KNOWN = ["car 0 0 10 10 dog 20 0 30 10", "dog 0 0 10 10", "", "car 0 0 10 10 car 20 0 30 10"]


def said(*cells: Any) -> list[Row]:
    return [{"id": f"r{number}", "y": cell} for number, cell in enumerate(cells)]


@pytest.mark.parametrize(("name", "write"), [("p.csv", write_csv), ("p.jsonl", write_json)])
def test_boxes_are_scored_from_cells(tmp_path: Path, name: str, write: Writer) -> None:
    rows = said(
        " car 0.9 0 0 10.0 1e1  dog .5 20 0 30 10".replace(" .5", " 0.5"),
        "dog 1 0 0 10 8",
        "bird 0.1 0 0 1 1",
        "car 0.9 0 0 10 10 car 0.1 50 0 60 10",
    )
    result = evaluated(tmp_path, answers(KNOWN), write(tmp_path / name, reversed(rows)), TASK)
    assert result["scores"]["public"] == {"mAP": 1, "mAP50": 1}
    # Of the dog 0.8 overlap, enough for seven of ten; of two cars one is found: 51 of 101 recalls.
    half = pytest.approx((0.7 + 51 / 101) / 2), pytest.approx((1 + 51 / 101) / 2)
    assert result["scores"]["private"] == {"mAP": half[0], "mAP50": half[1]}


def test_nothing_predicted_is_zero(tmp_path: Path) -> None:
    submission = write_json(tmp_path / "p.jsonl", said("", None, "", ""))
    result = evaluated(tmp_path, answers(KNOWN), submission, TASK)
    assert result["scores"] == {key: {"mAP": 0, "mAP50": 0} for key in ("public", "private")}


@pytest.mark.parametrize(
    "cell",
    [
        "car 0 0 10 10",
        "car 0.9 0 0 10",
        "car 0.9 0 0 10 10 dog",
        "0.9 0 0 10 10 car",
        "car 0.9 10 0 0 10",
        "car 0.9 0 10 10 0",
        "car nan 0 0 10 10",
        "car 0.9 0 0 inf 10",
        "car 0.9 0 0 1e100 10",
        "car 0.9,0,0,10,10",
        "car 0.9 0 0 1_0 10",
        "car ٠ 0 0 10 10",
        "a\x1ccar 0.9 0 0 10 10",
        "car 0.9 0 0 10 10 " * (MOST_BOXES + 1),
    ],
)
def test_what_are_no_boxes_is_told_by_id(tmp_path: Path, cell: str) -> None:
    result = evaluated(tmp_path, answers(KNOWN), reversed(said("", cell, "", "car 1 0 0 1 1")), TASK)
    assert rejected(result) == ("bad_boxes", {"column": "y", "count": 1, "examples": ["r1"]})
    assert "20 0 30" not in json.dumps(result)


@pytest.mark.parametrize("cell", ["car 0.9 0 0 10 10", "car 0 0 0 10", "car 0 0 10", "car 5 5 5 5", "x"])
def test_a_reference_without_boxes_is_the_organizers_to_mend(tmp_path: Path, cell: str) -> None:
    with pytest.raises(ReferenceTrouble, match="the column y holds in 1 rows what are no boxes"):
        evaluated(tmp_path, answers([*KNOWN[:3], cell]), said("", "", "", ""), TASK)


def test_a_split_without_any_box_has_no_score(tmp_path: Path) -> None:
    with pytest.raises(ReferenceTrouble, match="no answer has an object"):
        evaluated(tmp_path, answers(["", KNOWN[0], "", ""]), said("", "", "", ""), TASK)


@pytest.mark.parametrize("value", [0, 1.5, "half", True])
def test_an_overlap_is_a_share(value: Any) -> None:
    with pytest.raises(SpecError, match=r"iou: .* is not a number above 0 and up to 1"):
        evaluators.validate(spec(METRIC | {"iou": value}))


def test_a_size_is_one_of_those_of_coco() -> None:
    with pytest.raises(SpecError, match=r"size: 'tiny' is not one of all, small, medium, large"):
        evaluators.validate(spec(METRIC | {"size": "tiny"}))


def test_the_most_boxes_are_compared_soon(tmp_path: Path) -> None:
    known = " ".join(f"car {number} 0 {number + 9} 9" for number in range(MOST_BOXES))
    guess = " ".join(f"car 0.{number:04} {number} 0 {number + 9.5} 9" for number in range(MOST_BOXES))
    submission = write_json(tmp_path / "p.jsonl", said(*[guess] * 20))
    began = time.process_time()
    result = evaluated(tmp_path, answers([known] * 20), submission, TASK)
    assert 0 < result["scores"]["public"]["mAP50"] < 0.2
    assert time.process_time() - began < 15
