"""Four answers and what is handed in for them, as bytes in any format."""

from pathlib import Path
from typing import Any

from tests.evaluators.trial import answers, evaluated, rejected

ANSWERS = answers([1, 2, 3, 4], ids=["1", "2", "3", "4"])
RIGHT = b"id,y\n1,1\n2,2\n3,3\n4,5\n"
SCORES = {"public": {"mae": 0.0}, "private": {"mae": 0.5}}


def read(folder: Path, content: bytes, name: str = "predictions.csv") -> dict[str, Any]:
    path = folder / name
    path.write_bytes(content)
    return evaluated(folder, ANSWERS, path)


def problem(result: dict[str, Any]) -> str:
    code, params = rejected(result)
    assert code == "unreadable"
    return str(params["problem"])
