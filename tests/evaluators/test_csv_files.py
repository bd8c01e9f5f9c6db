"""CSV is read as it is, and each defect is told apart."""

import codecs
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
        b"id,y\n4, 5\n3,3 \n2,2\t\n1, 1 \n",
        RIGHT.replace(b",", b";"),
        RIGHT.replace(b",", b"\t"),
        b'"a,b";id;y\n;1;1\n;2;2\n;3;3\n;4;5\n',
        RIGHT.decode().encode("utf-16"),
        RIGHT.decode().encode("utf-16-be"),
        RIGHT.decode().encode("utf-16-le"),
        codecs.BOM_UTF16_BE + RIGHT.decode().encode("utf-16-be"),
        "id,备注,y\r\n1,好,1\r\n2,😀,2\r\n3,,3\r\n4,,5\r\n".encode("utf-16"),
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
        "spaces",
        "semicolons",
        "tabs",
        "commas within",
        "utf16",
        "utf16be",
        "utf16le",
        "utf16be marked",
        "utf16 chinese",
    ],
)
def test_csv_is_read_in_every_usual_form(tmp_path: Path, content: bytes) -> None:
    assert read(tmp_path, content)["scores"] == SCORES


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (RIGHT.decode().encode("utf-32"), "neither UTF-8 nor UTF-16"),
        (RIGHT.decode().encode("utf-32-le"), "neither UTF-8 nor UTF-16"),
        (RIGHT.decode().encode("utf-32-be"), "neither UTF-8 nor UTF-16"),
        (b"\0" + RIGHT, "neither UTF-8 nor UTF-16"),
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
        "utf32",
        "utf32le",
        "utf32be",
        "zero",
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
        (b"id;z\n1;1\n", "missing_columns", {"columns": ["id", "y"], "found": ["id;z"]}),
        (codecs.BOM_UTF16_LE + b"i\0d", "not_utf8", {}),
        (codecs.BOM_UTF16_LE + b"i\0d\0\0\xd8,\0", "not_utf8", {}),
        (b"id,Y\n1,1\n", "missing_columns", {"columns": ["y"], "found": ["id", "Y"]}),
        (b"id, y\n1,1\n", "missing_columns", {"columns": ["y"], "found": ["id", " y"]}),
        (b"," * 6000 + b"\n", "too_wide", {"columns": 6001}),
        (b"id,y\n,1\n2,2\n", "empty_ids", {"count": 1, "examples": ["#1"]}),
    ],
)
def test_a_defect_of_a_csv_has_its_own_code(tmp_path: Path, content: bytes, code: str, params: Row) -> None:
    assert rejected(read(tmp_path, content)) == (code, params)


def test_examples_follow_the_submission_and_not_the_reference(tmp_path: Path) -> None:
    params = rejected(read(tmp_path, b"id,y\n4,x\n2,x\n3,x\n1,x\n"))[1]
    assert params == {"column": "y", "count": 4, "examples": ["4", "2", "3", "1"]}
