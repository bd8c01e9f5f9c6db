"""JSON Lines are read as they are, and each defect is told apart."""

from pathlib import Path

import pytest

from tests.evaluators.handed_in import ANSWERS, SCORES, problem, read
from tests.evaluators.trial import Row, evaluated, rejected, write_json

ROWS = [{"id": key, "y": value} for key, value in (("1", 1), ("2", 2), ("3", 3), ("4", 5))]


@pytest.mark.parametrize(
    "rows",
    [
        ROWS,
        [row | {"id": int(row["id"])} for row in ROWS],
        [row | {"y": float(row["y"])} for row in ROWS],
        [row | {"y": str(row["y"])} for row in ROWS],
        [row | {"more": {"deep": [True]}} for row in ROWS],
    ],
    ids=["ints", "int ids", "floats", "texts", "extra"],
)
def test_json_lines_are_read_with_texts_or_numbers(tmp_path: Path, rows: list[Row]) -> None:
    path = write_json(tmp_path / "p.jsonl", rows)
    assert evaluated(tmp_path, ANSWERS, path)["scores"] == SCORES
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n\r\n"))
    assert evaluated(tmp_path, ANSWERS, path)["scores"] == SCORES
    path.write_bytes(path.read_text("utf-8-sig").encode("utf-16"))
    assert evaluated(tmp_path, ANSWERS, path)["scores"] == SCORES


@pytest.mark.parametrize(
    ("line", "code", "params"),
    [
        (b'{"id": "3"}', "no_values", {"column": "y", "count": 1, "examples": ["3"]}),
        (b'{"id": "3", "y": null}', "no_values", {"column": "y", "count": 1, "examples": ["3"]}),
        (b'{"id": "3", "y": NaN}', "no_values", {"column": "y", "count": 1, "examples": ["3"]}),
        (b'{"id": "3", "y": true}', "truth_values", {"column": "y", "count": 1, "examples": ["3"]}),
        (b'{"id": "3", "y": 1e999}', "non_finite", {"column": "y", "count": 1, "examples": ["3"]}),
        (b'{"id": null, "y": 3}', "empty_ids", {"count": 1, "examples": ["#3"]}),
        (b'{"id": 3.0, "y": 3}', "rewritten_ids", {"count": 1, "examples": ["3.0"]}),
        (b'{"id": "3", "y": "\xff"}', "not_utf8", {}),
    ],
)
def test_a_defect_of_json_lines_has_its_own_code(tmp_path: Path, line: bytes, code: str, params: Row) -> None:
    content = b'{"id": 1, "y": 1}\n{"id": 2, "y": 2}\n' + line + b'\n{"id": 4, "y": 5}\n'
    assert rejected(read(tmp_path, content, "p.jsonl")) == (code, params)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"id": [1], "y": 1}', "id holds nested values in line 1"),
        (b'{"id": 1, "y": {"a": 1}}', "y holds nested values"),
        (b'[{"id": 1, "y": 1}]', "line 1 is not a JSON object"),
        (b'{"id": 1, "y": 1', "line 1 is not JSON"),
        (b"[" * 100_000, "line 1 is not JSON"),
        (b'{"id": 1, "y": ' + b"9" * 5000 + b"}", "line 1 is not JSON"),
        (b'{"id": "\\ud800", "y": 1}', "surrogate"),
        (b'{"id": 1, "y": "' + b"0" * 1_000_001 + b'"}', "line 1 is longer"),
        (b'{"id": 1, "y": 1}'.decode().encode("utf-32"), "neither UTF-8 nor UTF-16"),
    ],
    ids=["list", "object", "array", "cut", "deep", "digits", "surrogate", "long", "utf32"],
)
def test_json_lines_that_cannot_be_read_say_why(tmp_path: Path, content: bytes, words: str) -> None:
    assert words in problem(read(tmp_path, content, "p.jsonl"))


def test_json_lines_without_a_line_or_a_column_say_so(tmp_path: Path) -> None:
    assert rejected(read(tmp_path, b"\n", "p.jsonl")) == ("no_rows", {})
    found = rejected(read(tmp_path, b'{"id": 1, "z": 1}', "p.jsonl"))
    assert found == ("missing_columns", {"columns": ["y"], "found": ["id", "z"]})
