"""Tasks of tracks, from cells to a score; what are no tracks, and too many, is told by id."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import evaluators
from evaluators.contents import tracks
from evaluators.contents.boxes import MOST_BOXES
from evaluators.errors import ReferenceTrouble, SpecError
from tests.evaluators.trial import Row, answers, evaluated, rejected, spec, write_json

PLAIN = {"target": "y", "group": "video"}
METRICS = [
    {"metric": "mota", "frame": "frame", **PLAIN},
    {"metric": "motp", "frame": "frame", **PLAIN},
    *({"metric": name, **PLAIN} for name in ("idf1", "hota", "det_a", "ass_a")),
]
TASK = spec(*METRICS)
A, B, FAR = "0 0 10 10", "20 0 30 10", "90 0 99 9"
# Of two videos, in each split one: the frames of the first come last to first.
KNOWN = [f"p {A}", f"p {A} q {B}", f"p {A}", f"p {A}", f"p {A} q {B}", ""]
BESIDE = {"video": ["one", "two"] * 3, "frame": [3, 1, 2, 2, 1, 3]}


def said(*cells: Any) -> list[Row]:
    return [{"id": f"r{number}", "y": cell} for number, cell in enumerate(cells)]


def known(*cells: str, **beside: Any) -> list[Row]:
    return answers(cells, **(BESIDE | beside))


def test_tracks_are_scored_from_cells_in_the_order_of_their_frames(tmp_path: Path) -> None:
    rows = said(f"1 {A}", f"1 {A} 2 {B}", f" 1 {A} ", f"1 {A}", f"x 0 0 1e1 10.0  2 {B}", "")
    scores = evaluated(tmp_path, known(*KNOWN), reversed(rows), TASK)["scores"]
    assert scores["private"] == dict.fromkeys(scores["private"], 1)
    # The first frame has the track x in place of 1: one switch of four boxes.
    assert scores["public"]["mota"] == 1 - 1 / 4
    assert scores["public"]["idf1"] == 2 * 3 / 8
    # Of 1 and p two boxes of three, of x and p one, of 2 and q theirs.
    assert scores["public"]["ass_a"] == pytest.approx((2 * 2 / 3 + 1 / 3 + 1) / 4)


def test_frames_in_another_order_have_other_switches(tmp_path: Path) -> None:
    cells = [f"1 {A}", "", f"2 {A}", "", f"1 {A}", f"1 {A}"]
    reference = [f"p {A}"] * 6
    orders = {"mixed": BESIDE["frame"], "sorted": [3, 1, 1, 2, 2, 3]}
    found = {
        name: evaluated(tmp_path, known(*reference, frame=order), said(*cells), TASK)["scores"]["public"]
        for name, order in orders.items()
    }
    assert found["mixed"]["mota"] == pytest.approx(1 - 2 / 3)
    assert found["sorted"]["mota"] == pytest.approx(1 - 1 / 3)
    assert found["mixed"]["hota"] == found["sorted"]["hota"]


def test_nothing_predicted_is_zero(tmp_path: Path) -> None:
    submission = write_json(tmp_path / "p.jsonl", said("", None, "", "", "", ""))
    scores = evaluated(tmp_path, known(*KNOWN), submission, TASK)["scores"]
    assert scores == {split: dict.fromkeys(scores[split], 0) for split in ("public", "private")}


def test_classes_are_columns_of_their_own_and_count_alike(tmp_path: Path) -> None:
    task = spec({"metric": "hota", "group": "video", "target": ["y", "bikes"], "prediction": ["y", "bikes"]})
    rows = [row | {"bikes": f"1 {A}"} for row in said(*[f"1 {A}"] * 6)]
    scores = evaluated(tmp_path, known(*[f"p {A}"] * 6, bikes=[f"p {B} q {A}"] * 6), rows, task)["scores"]
    assert scores["public"]["hota"] == pytest.approx((1 + 0.5**0.5) / 2)


@pytest.mark.parametrize(
    "cell",
    [
        "1 0.9 0 0 10 10",
        "1 0 0 10",
        f"1 {A} 2",
        f"1 {A} 1 {B}",
        "1 10 0 0 10",
        "1 0 10 10 0",
        "1 nan 0 0 10",
        "1 0 0 inf 10",
        "1 0 0 1_0 10",
        f"p\x1f1 {A}",
        f"1,{A}",
        " ".join(f"{number} {A}" for number in range(MOST_BOXES + 1)),
    ],
)
def test_what_are_no_tracks_is_told_by_id(tmp_path: Path, cell: str) -> None:
    result = evaluated(tmp_path, known(*KNOWN), reversed(said("", cell, "", f"1 {A}", "", "")), TASK)
    assert rejected(result) == ("bad_tracks", {"column": "y", "count": 1, "examples": ["r1"]})
    assert "20 0 30" not in json.dumps(result)


@pytest.mark.parametrize("cell", ["1 0 0 0 10", "1 0 0 10", "1 5 5 5 5", "x", f"p {A} p {B}"])
def test_a_reference_without_tracks_is_the_organizers_to_mend(tmp_path: Path, cell: str) -> None:
    with pytest.raises(ReferenceTrouble, match="the column y holds in 1 rows what are no tracks"):
        evaluated(tmp_path, known(*KNOWN[:5], cell), said(*[""] * 6), TASK)


@pytest.mark.parametrize(
    ("frame", "trouble"),
    [([1, 1, 1, 2, 3, 3], "has a frame of a sequence twice"), (["a"] * 6, "no number of a frame")],
)
def test_each_frame_of_a_sequence_has_a_number(tmp_path: Path, frame: list[Any], trouble: str) -> None:
    with pytest.raises(ReferenceTrouble, match=trouble):
        evaluated(tmp_path, known(*KNOWN, frame=frame), said(*[""] * 6), TASK)


def test_a_split_without_any_box_has_no_score(tmp_path: Path) -> None:
    with pytest.raises(ReferenceTrouble, match="no answer has a box"):
        evaluated(tmp_path, known("", KNOWN[0], "", "", "", ""), said(*[""] * 6), TASK)


@pytest.mark.parametrize(
    ("changes", "key"),
    [({"iou": 0}, "iou"), ({"iou": 1.5}, "iou"), ({"frame": None}, "frame"), ({"group": None}, "group")],
)
def test_the_keys_of_mota_are_checked(changes: dict[str, Any], key: str) -> None:
    with pytest.raises(SpecError) as caught:
        evaluators.validate(spec(METRICS[0] | changes))
    assert caught.value.key == f"metrics[0].{key}"


def test_too_many_tracks_or_boxes_are_refused_before_they_are_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = said(f"1 {A}", f"1 {A}", f"2 {A}", f"1 {A}", f"3 {A} 4 {A}", "")
    monkeypatch.setattr(tracks.in_crowds, "__defaults__", (3,))
    result = evaluated(tmp_path, known(*KNOWN), rows, TASK)
    assert rejected(result) == (
        "too_many_tracks",
        {"column": "y", "count": 3, "examples": ["r0", "r2", "r4"]},
    )
    monkeypatch.setattr(tracks, "MOST_IN_ALL", 6)
    with pytest.raises(ReferenceTrouble, match="more than 6 boxes"):
        evaluated(tmp_path, known(*KNOWN[:5], f"p {A} q {B}"), rows, TASK)
    result = evaluated(
        tmp_path, known(f"p {A}", f"p {A}", *[""] * 4), said(f"1 {A} 2 {A}", *[f"1 {A}"] * 5), TASK
    )
    assert rejected(result) == ("too_many_boxes", {"column": "y", "most": 6})
    monkeypatch.setattr(tracks, "MOST_KNOWN", 1)
    with pytest.raises(ReferenceTrouble, match="more than 1 tracks"):
        evaluated(tmp_path, known(*[f"p {A}"] * 5, f"q {A}"), rows, TASK)


def text(boxes: Any) -> str:
    return " ".join(f"{n} {x:.1f} {y:.1f} {x + 20:.1f} {y + 40:.1f}" for n, (x, y) in enumerate(boxes))


@pytest.mark.parametrize(("frames", "objects", "more"), [(500, 10, 0), (20, 10, 990)])
def test_noise_is_told_from_a_crowd(tmp_path: Path, frames: int, objects: int, more: int) -> None:
    chance = np.random.default_rng(1)
    places = chance.uniform(0, 400, (objects, 2)) + chance.normal(0, 2, (frames, objects, 2)).cumsum(axis=0)
    guesses = places + chance.normal(0, 2, places.shape)
    crowd = chance.uniform(0, 60, (frames, more, 2)) + places[:, :1]
    rows = said(*(text(np.concatenate(each)) for each in zip(guesses, crowd, strict=True)))
    reference = known(*map(text, places), video=["one"] * frames, frame=range(frames))
    submission = write_json(tmp_path / "p.jsonl", rows)
    scores = evaluated(tmp_path, reference, submission, TASK)["scores"]["public"]
    assert scores["mota"] == pytest.approx(1 - more / objects, abs=0.05)
    assert scores["ass_a"] == pytest.approx(0.775, abs=0.02)
