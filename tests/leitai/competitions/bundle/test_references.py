"""A reference that cannot be one is told before any submission meets it."""

import json
from pathlib import Path
from typing import Any

import pytest

from evaluators.splits import SPLITS
from leitai.competitions.bundle.reference import faults

SPEC = {"id": "id", "split": "split", "metrics": [{"metric": "rmse", "target": "value"}]}

CASES = [
    ("r.csv", "", "has no rows. Add the answers."),
    ("r.csv", "id,split,value\n", "has no rows."),
    ("r.csv", "id,split\na,public\n", "has no column value. Its columns are id, split"),
    ("r.csv", "id,split,value\na,public,1\na,private,2\n", "has the id 'a' twice."),
    ("r.csv", "id,split,value\na,public,\nb,private,2\n", "has an empty value: value of a."),
    ("r.csv", "id,split,value\na,public,1\nb,private\n", "has an empty value: value of b."),
    ("r.csv", "id,split,value\na,public,1\n", "has no row whose split is private."),
    ("r.csv", "id,split,value\na,public,1\nb,private,1\nc,test,1\n", "has a row whose split is 'test'."),
    ("r.csv", "id,split,value\na,public,1,9\n", "has more fields than the header"),
    ("r.csv", "id,split,value,value\na,public,1,9\n", "two columns have the same name"),
    ("r.csv", 'id,split,value\n"a,public,1\n', "cannot be read: "),
    ("r.csv", "id,split,value\n" + "a" * 1_000_001 + ",public,1\n", "cannot be read: "),
    ("r.csv", b"id,split,value\n\xff,public,1\n", "is not UTF-8."),
    ("r.parquet", "PAR1", "is neither .csv nor .jsonl."),
    ("r.jsonl", '{"id": 1, "split": "public", "value": 2}\nno\n', "cannot be read: "),
    ("r.jsonl", '{"id": 1, "split": "public", "value": 2}\n[1]\n', "line 2 is not an object"),
    ("r.jsonl", '{"id": 1, "split": "public", "value": 2}\n{"id": 2}\n', "has an empty value: split of 2."),
    ("r.jsonl", "[" * 100_000, "is nested too deeply."),
]


@pytest.mark.parametrize(("name", "content", "told"), CASES)
def test_a_fault_of_a_reference_is_told(tmp_path: Path, name: str, content: str | bytes, told: str) -> None:
    place = tmp_path / name
    place.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = [f"{fault.problem} {fault.remedy}" for fault in faults(place, SPEC)]
    assert any(told in text for text in found), found


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("r.csv", "\ufeffid,split,value\na,public,1\nb,private,2\n"),
        ("r.csv", f"id,split,value\na,public,{'1 ' * 400_000}\nb,private,2\n"),
        ("r.jsonl", '{"id": 1, "split": "public", "value": 0}\n{"id": 2, "split": "private", "value": 0}\n'),
    ],
)
def test_a_good_reference_has_no_fault(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    assert faults(tmp_path / name, SPEC) == []


@pytest.mark.parametrize(
    ("metric", "empty"),
    [
        ({"metric": "dice", "target": "value", "height": "h", "width": "w"}, "value"),
        ({"metric": "map_boxes", "target": "value"}, "value"),
        ({"metric": "map_masks", "target": "value", "height": "h", "width": "w"}, "value"),
        ({"metric": "hota", "target": "value", "group": "h"}, "value"),
        ({"metric": "bleu", "target": ["value", "w"], "prediction": "value"}, "w"),
    ],
)
def test_an_image_may_have_nothing_to_find_and_a_text_fewer_references(
    tmp_path: Path, metric: dict[str, Any], empty: str
) -> None:
    rows = [{"id": n, "split": split, "value": "x", "h": 1, "w": 1} for n, split in enumerate(SPLITS)]
    place = tmp_path / "r.jsonl"
    place.write_text("".join(json.dumps({**row, empty: ""}) + "\n" for row in rows))
    assert faults(place, SPEC | {"metrics": [metric]}) == []
    place.write_text("".join(json.dumps({**row, "split": ""}) + "\n" for row in rows))
    told = [fault.problem for fault in faults(place, SPEC | {"metrics": [metric]})]
    assert "has an empty value: split of 0." in told
