"""Tasks of masks, from runs in cells to a score; what is no mask of its image is told by id."""

import json
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import evaluators
from evaluators.contents import masks
from evaluators.contents.masks import MOST_RUNS
from evaluators.errors import ReferenceTrouble, SpecError
from tests.evaluators.trial import Row, answers, evaluated, rejected, spec, write_csv, write_json

Writer = Callable[[Path, Iterable[Row]], Path]
SIZE = {"height": "h", "width": "w"}
TASK = spec(
    {"metric": "mask_iou", "name": "IoU", "target": "y", **SIZE},
    {"metric": "dice", "name": "Dice", "target": "y", **SIZE},
)
KNOWN = ["1 3 10 2", "", "4 4", "1 1"]


def reference(*masks: str, height: Any = 3, width: Any = 4) -> list[Row]:
    return answers(masks, h=[height] * len(masks), w=[width] * len(masks))


def said(*masks: Any) -> list[Row]:
    return [{"id": f"r{number}", "y": mask} for number, mask in enumerate(masks)]


@pytest.mark.parametrize(("name", "write"), [("p.csv", write_csv), ("p.jsonl", write_json)])
def test_masks_are_scored_from_cells(tmp_path: Path, name: str, write: Writer) -> None:
    """In any order of rows and of runs, and cut into as many."""
    rows = reversed(said("11 2 2 1 3 1", None, " 4 2  6 2 ", "2 1"))
    result = evaluated(tmp_path, reference(*KNOWN), write(tmp_path / name, rows), TASK)
    assert result["scores"]["public"] == pytest.approx({"IoU": (3 / 6 + 1) / 2, "Dice": (6 / 9 + 1) / 2})
    assert result["scores"]["private"] == {"IoU": 0.5, "Dice": 0.5}


def test_a_reference_of_empty_masks_is_one(tmp_path: Path) -> None:
    result = evaluated(tmp_path, reference("", "", "", ""), said("", "1 1", "", ""), TASK)
    assert result["scores"] == {"public": {"IoU": 1, "Dice": 1}, "private": {"IoU": 0.5, "Dice": 0.5}}


@pytest.mark.parametrize(
    "mask",
    [
        "12 2",
        "13 1",
        "0 1",
        "1 0",
        "1",
        "1 2 3",
        "1 2 2 1",
        "5 1 5 1",
        "-1 2",
        "1.0 2",
        "1_0 1",
        "١ ٢",
        "1,2",
        "[1, 2]",
        "9" * 13 + " 1",
        "1 " + "9" * 14,
        "1 " + "9" * 4000,
        "nothing",
    ],
)
def test_what_is_no_mask_of_its_image_is_told_by_id(tmp_path: Path, mask: str) -> None:
    result = evaluated(tmp_path, reference(*KNOWN), reversed(said("1 3 10 2", mask, "", "1 12")), TASK)
    assert rejected(result) == ("bad_masks", {"column": "y", "count": 1, "examples": ["r1"]})
    assert "10 2" not in json.dumps(result)


def test_images_of_a_task_may_have_sizes_of_their_own(tmp_path: Path) -> None:
    known = answers(["2 1", "2 1", "4 1", "4 1"], h=[1, 1, 2, 2], w=[2, 2, 2, 2])
    assert "scores" in evaluated(tmp_path, known, said("1 2", "1 2", "1 4", "1 4"), TASK)
    found = rejected(evaluated(tmp_path, known, said("1 3", "1 2", "1 4", "4 2"), TASK))
    assert found == ("bad_masks", {"column": "y", "count": 2, "examples": ["r0", "r3"]})


def test_classes_may_have_masks_of_their_own(tmp_path: Path) -> None:
    known = [row | {"z": "5 2"} for row in reference(*KNOWN)]
    task = spec({"metric": "dice", "target": ["y", "z"], **SIZE})
    rows = [row | {"z": mask} for row, mask in zip(said(*KNOWN), ["5 2", "5 1", "5 2", "1 1"], strict=True)]
    result = evaluated(tmp_path, known, rows, task)
    assert result["scores"] == {
        "public": {"dice": 1},
        "private": {"dice": pytest.approx((1 + (2 / 3 + 0) / 2) / 2)},
    }
    rows[2]["z"] = "12 2"
    found = rejected(evaluated(tmp_path, known, rows, task))
    assert found == ("bad_masks", {"column": "z", "count": 1, "examples": ["r2"]})


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        (reference("1 3", "", "4 4", "12 2"), "the column y holds in 1 rows what is no mask"),
        (reference("1 3", "", "x", "1 1 1 1"), "the column y holds in 2 rows what is no mask"),
        (reference(*KNOWN, height=0), "the column h holds sizes"),
        (reference(*KNOWN, width=2.5), "the column w holds sizes"),
        (reference(*KNOWN, width="wide"), "the column w holds sizes"),
        (reference(*KNOWN, width=""), "the column w is empty"),
        (reference(*KNOWN, height=10**7, width=10**7), "more than 1,000,000,000,000 pixels"),
    ],
)
def test_a_reference_without_masks_or_sizes_is_the_organizers_to_mend(
    tmp_path: Path, rows: list[Row], problem: str
) -> None:
    with pytest.raises(ReferenceTrouble, match=problem):
        evaluated(tmp_path, rows, said(*KNOWN), TASK)


@pytest.mark.parametrize("key", ["height", "width"])
def test_a_task_names_the_size_of_images(key: str) -> None:
    metric = {"metric": "dice", "target": "y", **SIZE}
    del metric[key]
    with pytest.raises(SpecError, match=f"{key}: is missing. Name the column"):
        evaluators.validate(spec(metric))


def test_work_goes_with_the_runs_and_not_with_the_pixels(tmp_path: Path) -> None:
    known = reference(*["1 1000000000"] * 4, height=10**5, width=10**4)
    most = " ".join(f"{2 * number + 1} 1" for number in range(MOST_RUNS))
    began = time.process_time()
    result = evaluated(tmp_path, known, write_json(tmp_path / "p.jsonl", said(*[most] * 4)), TASK)
    assert result["scores"]["public"]["IoU"] == pytest.approx(MOST_RUNS / 10**9)
    assert time.process_time() - began < 5
    most += " 999999999 1"
    result = evaluated(tmp_path, known, write_json(tmp_path / "p.jsonl", said(most, *KNOWN[1:])), TASK)
    assert rejected(result) == ("bad_masks", {"column": "y", "count": 1, "examples": ["r0"]})


def test_scores_of_masks_have_intervals(tmp_path: Path) -> None:
    known = reference(*["1 10"] * 60)
    rows = said(*(f"1 {1 + number % 10}" for number in range(60)))
    result = evaluated(tmp_path, known, rows, TASK | {"uncertainty": {"resamples": 200}})
    for split in ("public", "private"):
        interval, score = result["intervals"][split]["IoU"], result["scores"][split]["IoU"]
        assert interval["low"] < score < interval["high"] < score + 0.2


@pytest.mark.parametrize(("order", "apart"), [({}, 1), ({"order": "columns"}, 1), ({"order": "rows"}, 3)])
def test_where_edges_count_the_order_of_pixels_does_too(tmp_path: Path, order: Row, apart: float) -> None:
    """The first and the fourth pixel of three rows and four columns."""
    task = spec({"metric": "hausdorff", "target": "y", **SIZE, **order})
    result = evaluated(tmp_path, reference(*["1 1"] * 4), said("4 1", "1 1", "4 1", ""), task)
    assert result["scores"] == {"public": {"hausdorff": apart}, "private": {"hausdorff": 5 / 2}}


def test_images_whose_edges_count_are_no_larger_than_can_be_painted(tmp_path: Path) -> None:
    known = reference(*["1 1"] * 4, height=10**4, width=10**3 + 1)
    assert "scores" in evaluated(tmp_path, known, said(*["1 1"] * 4), TASK)
    task = spec({"metric": "boundary_f", "target": "y", **SIZE})
    with pytest.raises(ReferenceTrouble, match="more than 10,000,000 pixels"):
        evaluated(tmp_path, known, said(*["1 1"] * 4), task)


def test_the_largest_image_is_compared_soon(tmp_path: Path) -> None:
    known = reference(*["1 5000000"] * 4, height=10**4, width=10**3)
    scattered = " ".join(f"{1 + 100 * number} 1" for number in range(MOST_RUNS))
    task = spec(
        {"metric": "hausdorff", "target": "y", **SIZE}, {"metric": "boundary_iou", "target": "y", **SIZE}
    )
    began = time.process_time()
    found = evaluated(tmp_path, known, said(scattered, "1 1", "1 1", "1 1"), task)["scores"]["public"]
    assert found["hausdorff"] > 500
    assert 0 < found["boundary_iou"] < 0.1
    assert time.process_time() - began < 60


def test_pixels_of_classes_are_summed_over_images(tmp_path: Path) -> None:
    """And not averaged over them: in public rows 4 of 7 of one class, and 1 of 3 of the other."""
    known = reference("1 5", "", "2 1", "1 1")
    known = [row | {"z": mask} for row, mask in zip(known, ["1 1", "1 1", "1 1", ""], strict=True)]
    rows = said("1 3", "", "2 2", "1 1")
    rows = [row | {"z": mask} for row, mask in zip(rows, ["1 1", "1 1", "3 1", ""], strict=True)]
    task = spec({"metric": "mean_iou", "target": ["y", "z"], **SIZE})
    result = evaluated(tmp_path, known, rows, task)
    assert result["scores"]["public"]["mean_iou"] == pytest.approx((4 / 7 + 1 / 3) / 2)
    rows[2]["z"] = "12 2"
    assert rejected(evaluated(tmp_path, known, rows, task))[0] == "bad_masks"


def test_the_mean_iou_of_classes_has_an_interval(tmp_path: Path) -> None:
    known = reference(*["1 10"] * 60)
    rows = said(*(f"1 {1 + number % 10}" for number in range(60)))
    task = spec({"metric": "mean_iou", "target": "y", **SIZE}, uncertainty={"resamples": 200})
    result = evaluated(tmp_path, known, rows, task)
    for split in ("public", "private"):
        interval, score = result["intervals"][split]["mean_iou"], result["scores"][split]["mean_iou"]
        assert interval["low"] < score < interval["high"] < score + 0.2


@given(
    texts=st.lists(
        st.sampled_from(["", "1 3 10 2", "10 2 1 3", "1 3 3 1", "1 3 4 1", "2 0", "x", " 7 1 "]), max_size=300
    )
)
def test_masks_are_told_one_from_another(texts: list[str]) -> None:
    runs = {"": [], "1 3 10 2": [[0, 3], [9, 11]], "1 3 4 1": [[0, 3], [3, 4]], " 7 1 ": [[6, 7]]}
    runs["10 2 1 3"] = runs["1 3 10 2"]
    found, wrong = masks.read(pl.Series("y", texts, dtype=pl.String))
    assert wrong.tolist() == [text not in runs for text in texts]
    assert [mask.tolist() for mask in found[~wrong]] == [runs[text] for text in texts if text in runs]
