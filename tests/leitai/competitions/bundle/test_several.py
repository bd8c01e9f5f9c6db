"""References of tasks whose submissions hold several tables."""

from pathlib import Path
from typing import Any

from leitai.competitions.bundle.several import faults

EVALUATION: dict[str, Any] = {
    "files": {
        "boxes.csv": {
            "id": "id",
            "split": "split",
            "metrics": [
                {"combine": "sum", "name": "T", "of": ["Acc", "MAE"]},
                {"metric": "mae", "name": "MAE", "target": "y"},
            ],
        },
        "labels.csv": {
            "id": "id",
            "split": "split",
            "metrics": [{"metric": "mae", "name": "Acc", "target": "c"}],
        },
    }
}


def told(folder: Path) -> list[str]:
    return [fault.problem for fault in faults(folder, EVALUATION)]


def test_a_folder_with_a_table_for_each_file_is_a_reference(tmp_path: Path) -> None:
    (tmp_path / "boxes.csv").write_text("id,split,y\na,public,1\nb,private,2\n")
    (tmp_path / "labels.jsonl").write_text(
        '{"id": "a", "split": "public", "c": 1}\n{"id": "b", "split": "private", "c": 1}\n'
    )
    assert told(tmp_path) == []


def test_each_fault_names_its_table(tmp_path: Path) -> None:
    (tmp_path / "boxes.csv").write_text("id,split,y\na,public,1\na,public,2\n")
    assert told(tmp_path) == [
        "with its table boxes.csv has the id 'a' twice.",
        "with its table boxes.csv has no row whose split is private.",
        "has no table for labels.csv.",
    ]


def test_a_file_is_no_reference_of_several_tables(tmp_path: Path) -> None:
    (tmp_path / "boxes.csv").write_text("id\n")
    assert told(tmp_path / "boxes.csv") == ["is no folder."]
