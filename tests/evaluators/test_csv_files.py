"""CSV is read as it is, and each defect is told apart."""

import gzip
from pathlib import Path

import pytest

from tests.evaluators.handed_in import RIGHT, SCORES, problem, read
from tests.evaluators.trial import Row, rejected


@pytest.mark.parametrize(
    "content",
    [
        RIGHT,
        RIGHT.replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + RIGHT,
        RIGHT.removesuffix(b"\n"),
        RIGHT + b"\n\n",
        RIGHT.replace(b"3,3\n", b"\n3,3\n"),
        b'"id","y"\n"1","1"\n"2","2"\n"3","3"\n"4","5"\n',
        b'note,y,id\n"a, ""b""\nc",1,1\n,2,2\n,3,3\n,5,4\n',
        "id,备注,y\n1,好,1\n2,,2\n3,,3\n4,,5\n".encode(),
        b"id,y\n4,5.0\n3,3e0\n2,+2\n1,.1e1\n",
    ],
    ids=[
        "plain",
        "crlf",
        "bom",
        "open end",
        "blank end",
        "blank line",
        "quoted",
        "extra",
        "chinese",
        "numbers",
    ],
)
def test_csv_is_read_in_every_usual_form(tmp_path: Path, content: bytes) -> None:
    assert read(tmp_path, content)["scores"] == SCORES


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (RIGHT.decode().encode("utf-16"), "UTF-16"),
        (RIGHT.decode().encode("utf-16-be"), "UTF-16"),
        (RIGHT.decode().encode("utf-16-le"), "UTF-16"),
        (RIGHT.decode().encode("utf-32"), "UTF-16"),
        (gzip.compress(RIGHT), "compressed"),
        (RIGHT.replace(b"\n", b"\r"), "carriage returns"),
        (RIGHT.replace(b"2,2", b"2,2,2"), "more values"),
        (RIGHT.replace(b"3,3", b'"3,3'), "quotes"),
        (RIGHT.replace(b"3,3", b'3,"3"x'), "quotes"),
        (b"id,y,y\n1,1,1\n", "y stands twice"),
        (b"\n" + RIGHT, "first line is empty"),
        (b"\n\n", "first line is empty"),
        (RIGHT + b"5," + b"0" * 1_000_001, "line 6 is longer than 1,000,000 bytes"),
    ],
    ids=[
        "utf16",
        "utf16be",
        "utf16le",
        "utf32",
        "gzip",
        "cr",
        "ragged",
        "open quote",
        "quote",
        "twice",
        "open",
        "blank",
        "long",
    ],
)
def test_a_csv_that_cannot_be_read_says_why(tmp_path: Path, content: bytes, words: str) -> None:
    assert words in problem(read(tmp_path, content))


@pytest.mark.parametrize(
    ("content", "code", "params"),
    [
        (b"", "no_rows", {}),
        (b"id,y", "no_rows", {}),
        (b"id,y\n\n", "no_rows", {}),
        ("id,y\n1,好\n".encode("gbk"), "not_utf8", {}),
        (b"id,y,caf\xe9\n1,1,1\n", "not_utf8", {}),
        (b"id;y\n1;1\n", "missing_columns", {"columns": ["id", "y"], "found": ["id;y"]}),
        (b"id,Y\n1,1\n", "missing_columns", {"columns": ["y"], "found": ["id", "Y"]}),
        (b"id, y\n1,1\n", "missing_columns", {"columns": ["y"], "found": ["id", " y"]}),
        (b"," * 6000 + b"\n", "too_wide", {"columns": 6001}),
        (b"id,y\n,1\n2,2\n", "empty_ids", {"count": 1, "examples": ["#1"]}),
    ],
)
def test_a_defect_of_a_csv_has_its_own_code(tmp_path: Path, content: bytes, code: str, params: Row) -> None:
    assert rejected(read(tmp_path, content)) == (code, params)


@pytest.mark.parametrize(
    "value", [" ", "NA", "1,5", "1 ", "0x10", "1_000", "True", "1+2j", "１", "1e", "[1]", "=1+1"]
)
def test_what_is_no_number_is_named(tmp_path: Path, value: str) -> None:
    content = RIGHT.replace(b"3,3", f'3,"{value}"'.encode())
    assert rejected(read(tmp_path, content)) == (
        "not_numeric",
        {"column": "y", "count": 1, "examples": ["3"]},
    )


@pytest.mark.parametrize("value", ["", "nan", "NaN", "inf", "-Infinity", "1e309"])
def test_what_is_not_finite_is_named(tmp_path: Path, value: str) -> None:
    content = RIGHT.replace(b"3,3", f"3,{value}".encode())
    assert rejected(read(tmp_path, content)) == (
        "non_finite",
        {"column": "y", "count": 1, "examples": ["3"]},
    )


def test_a_row_without_its_last_value_is_named(tmp_path: Path) -> None:
    code, params = rejected(read(tmp_path, RIGHT.replace(b"2,2", b"2")))
    assert (code, params["examples"]) == ("non_finite", ["2"])


def test_examples_follow_the_submission_and_not_the_reference(tmp_path: Path) -> None:
    params = rejected(read(tmp_path, b"id,y\n4,x\n2,x\n3,x\n1,x\n"))[1]
    assert params == {"column": "y", "count": 4, "examples": ["4", "2", "3", "1"]}
