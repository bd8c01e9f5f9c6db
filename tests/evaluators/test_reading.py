"""Each format is read as it is, and each defect is told apart."""

import datetime
import decimal
import gzip
import os
import random
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from evaluators import REJECTIONS
from tests.evaluators.trial import Row, answers, evaluated, rejected, spec, write_json

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


def test_the_suffix_may_be_in_capitals(tmp_path: Path) -> None:
    assert read(tmp_path, RIGHT, "P.CSV")["scores"] == SCORES


@pytest.mark.parametrize(
    ("name", "suffix"), [("p.txt", ".txt"), ("p.pkl", ".pkl"), ("p", ""), ("p.npy", ".npy")]
)
def test_another_format_is_refused_by_its_suffix(tmp_path: Path, name: str, suffix: str) -> None:
    assert rejected(read(tmp_path, RIGHT, name)) == ("wrong_format", {"suffix": suffix})


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
    "value", ["", " ", "NA", "1,5", "1 ", "0x10", "1_000", "True", "1+2j", "１", "1e", "[1]", "=1+1"]
)
def test_what_is_no_number_is_named(tmp_path: Path, value: str) -> None:
    content = RIGHT.replace(b"3,3", f'3,"{value}"'.encode())
    assert rejected(read(tmp_path, content)) == (
        "not_numeric",
        {"column": "y", "count": 1, "examples": ["3"]},
    )


@pytest.mark.parametrize("value", ["nan", "NaN", "inf", "-Infinity", "1e309"])
def test_what_is_not_finite_is_named(tmp_path: Path, value: str) -> None:
    content = RIGHT.replace(b"3,3", f"3,{value}".encode())
    assert rejected(read(tmp_path, content)) == (
        "non_finite",
        {"column": "y", "count": 1, "examples": ["3"]},
    )


def test_a_row_without_its_last_value_is_named(tmp_path: Path) -> None:
    assert rejected(read(tmp_path, RIGHT.replace(b"2,2", b"2")))[1]["examples"] == ["2"]


def test_examples_follow_the_submission_and_not_the_reference(tmp_path: Path) -> None:
    params = rejected(read(tmp_path, b"id,y\n4,x\n2,x\n3,x\n1,x\n"))[1]
    assert params == {"column": "y", "count": 4, "examples": ["4", "2", "3", "1"]}


def test_links_and_pipes_are_refused_unread(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.csv").write_bytes(RIGHT)
    (tmp_path / "link.csv").symlink_to(tmp_path / "elsewhere.csv")
    os.mkfifo(tmp_path / "pipe.csv")
    for name in ("link.csv", "pipe.csv"):
        assert "regular file" in problem(evaluated(tmp_path, ANSWERS, tmp_path / name))


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


@pytest.mark.parametrize(
    ("line", "code", "params"),
    [
        (b'{"id": "3"}', "not_numeric", {"column": "y", "count": 1, "examples": ["3"]}),
        (b'{"id": "3", "y": null}', "not_numeric", {"column": "y", "count": 1, "examples": ["3"]}),
        (b'{"id": "3", "y": NaN}', "non_finite", {"column": "y", "count": 1, "examples": ["3"]}),
        (b'{"id": "3", "y": 1e999}', "non_finite", {"column": "y", "count": 1, "examples": ["3"]}),
        (b'{"id": null, "y": 3}', "empty_ids", {"count": 1, "examples": ["#3"]}),
        (b'{"id": 3.0, "y": 3}', "missing_ids", {"count": 1, "examples": ["3"]}),
        (b'{"id": "3", "y": "\xff"}', "not_utf8", {}),
    ],
)
def test_a_defect_of_json_lines_has_its_own_code(tmp_path: Path, line: bytes, code: str, params: Row) -> None:
    content = b'{"id": 1, "y": 1}\n{"id": 2, "y": 2}\n' + line + b'\n{"id": 4, "y": 5}\n'
    assert rejected(read(tmp_path, content, "p.jsonl")) == (code, params)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"id": 1, "y": true}', "y holds true or false in line 1"),
        (b'{"id": [1], "y": 1}', "id holds nested values in line 1"),
        (b'{"id": 1, "y": {"a": 1}}', "y holds nested values"),
        (b'[{"id": 1, "y": 1}]', "line 1 is not a JSON object"),
        (b'{"id": 1, "y": 1', "line 1 is not JSON"),
        (b"[" * 100_000, "line 1 is not JSON"),
        (b'{"id": 1, "y": ' + b"9" * 5000 + b"}", "line 1 is not JSON"),
        (b'{"id": "\\ud800", "y": 1}', "surrogate"),
        (b'{"id": 1, "y": "' + b"0" * 1_000_001 + b'"}', "line 1 is longer"),
        (b'{"id": 1, "y": 1}'.decode().encode("utf-16"), "UTF-16"),
    ],
    ids=["bool", "list", "object", "array", "cut", "deep", "digits", "surrogate", "long", "utf16"],
)
def test_json_lines_that_cannot_be_read_say_why(tmp_path: Path, content: bytes, words: str) -> None:
    assert words in problem(read(tmp_path, content, "p.jsonl"))


def test_json_lines_without_a_line_or_a_column_say_so(tmp_path: Path) -> None:
    assert rejected(read(tmp_path, b"\n", "p.jsonl")) == ("no_rows", {})
    found = rejected(read(tmp_path, b'{"id": 1, "z": 1}', "p.jsonl"))
    assert found == ("missing_columns", {"columns": ["y"], "found": ["id", "z"]})


def parquet(folder: Path, **columns: Any) -> dict[str, Any]:
    path = folder / "p.parquet"
    pl.DataFrame(columns).write_parquet(path)
    return evaluated(folder, ANSWERS, path)


@pytest.mark.parametrize(
    "ids",
    [
        pl.Series(["1", "2", "3", "4"]),
        pl.Series([1, 2, 3, 4]),
        pl.Series([1, 2, 3, 4], dtype=pl.UInt8),
        pl.Series(["1", "2", "3", "4"], dtype=pl.Categorical),
        pl.Series(["1", "2", "3", "4"], dtype=pl.Enum(["4", "3", "2", "1"])),
    ],
    ids=lambda ids: str(ids.dtype)[:8],
)
@pytest.mark.parametrize("dtype", [pl.Int8, pl.Int64, pl.Float32, pl.Float64, pl.String], ids=str)
def test_parquet_is_read_with_texts_or_numbers(tmp_path: Path, ids: pl.Series, dtype: Any) -> None:
    predicted = pl.Series([1, 2, 3, 5]).cast(dtype)
    found = parquet(tmp_path, more=[[1], [2], [], None], id=ids, y=predicted)
    assert found["scores"] == SCORES


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (pl.Series([True, False, True, None]), "true or false"),
        (pl.Series([decimal.Decimal("1.0")] * 4), "decimals"),
        (pl.Series([datetime.date(2026, 1, 1)] * 4), "dates"),
        (pl.Series([datetime.datetime(2026, 1, 1)] * 4), "times"),  # noqa: DTZ001 a column without a zone
        (pl.Series([datetime.time(1)] * 4), "times"),
        (pl.Series([datetime.timedelta(1)] * 4), "durations"),
        (pl.Series([[1], [2], [3], [4]]), "nested values"),
        (pl.Series([{"a": 1}] * 4), "nested values"),
        (pl.Series([b"1"] * 4), "bytes"),
    ],
    ids=["bool", "decimal", "date", "datetime", "time", "duration", "list", "struct", "binary"],
)
def test_a_surprising_type_in_parquet_is_named(tmp_path: Path, values: pl.Series, words: str) -> None:
    for columns in ({"id": [1, 2, 3, 4], "y": values}, {"id": values, "y": [1, 2, 3, 5]}):
        assert words in problem(parquet(tmp_path, **columns))


def test_floating_point_ids_are_refused(tmp_path: Path) -> None:
    assert "floating-point" in problem(parquet(tmp_path, id=[1.0, 2.0, 3.0, 4.0], y=[1, 2, 3, 5]))


def test_a_defect_of_parquet_has_its_own_code(tmp_path: Path) -> None:
    assert rejected(parquet(tmp_path, id=[1, 2, 3, 4], y=[1, None, 3, 5]))[0] == "not_numeric"
    assert rejected(parquet(tmp_path, id=[1, 2, 3, 4], y=[None] * 4))[1]["count"] == 4
    assert rejected(parquet(tmp_path, id=[1, 2, 3, 4], y=[1.0, float("nan"), 3, 5]))[0] == "non_finite"
    assert rejected(parquet(tmp_path, id=[1, 2, 3, None], y=[1, 2, 3, 5]))[0] == "empty_ids"
    assert rejected(parquet(tmp_path, id=[1, 2], z=[1, 2]))[1] == {"columns": ["y"], "found": ["id", "z"]}
    assert rejected(parquet(tmp_path, id=[], y=[]))[0] == "no_rows"


def test_a_few_bytes_of_parquet_do_not_become_a_million_rows(tmp_path: Path) -> None:
    assert "1,000,000 rows" in problem(parquet(tmp_path, id=["1"] * 1_000_000, y=[1.0] * 1_000_000))


def test_a_damaged_parquet_file_is_the_teams_to_mend(tmp_path: Path) -> None:
    parquet(tmp_path, id=[1, 2, 3, 4], y=[1.0, 2.0, 3.0, 5.0])
    path = tmp_path / "p.parquet"
    whole, chance = path.read_bytes(), random.Random(0)
    assert "Parquet" in problem(read(tmp_path, RIGHT, "p.parquet"))
    assert "Parquet" in problem(read(tmp_path, b"", "p.parquet"))
    for _ in range(60):
        broken = bytearray(whole)
        broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
        path.write_bytes(broken[: chance.randrange(4, len(broken) + 1)])
        result = evaluated(tmp_path, ANSWERS, path)
        assert set(result) in ({"rejection"}, {"scores", "rows", "versions"})


pieces = st.one_of(
    st.sampled_from(
        [b"id", b"y", b",", b"\n", b"\r\n", b'"', b"1", b"2", b"3", b"4", b" ", b"\0", b"\xff", b"{", b"}"]
    ),
    st.binary(max_size=3),
)


@given(st.lists(pieces, max_size=40).map(b"".join), st.sampled_from(["p.csv", "p.jsonl", "p.parquet"]))
@example(b'id,y\n"1\n', "p.csv")
@example(b"PAR1PAR1", "p.parquet")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
def test_whatever_is_handed_in_there_is_a_result(tmp_path: Path, content: bytes, name: str) -> None:
    for start in (b"", b"id,y\n1,1\n2,2\n", b'{"id": 1, "y": 1}\n'):
        code, params = rejected(read(tmp_path, start + content, name))
        assert set(params) == set(REJECTIONS[code])


def test_the_same_rows_score_the_same_in_every_format(tmp_path: Path) -> None:
    chance = random.Random(1)
    rows = [{"id": number, "p": chance.random()} for number in range(100)]
    reference = answers([chance.randrange(2) for _ in rows], ids=[row["id"] for row in rows])
    task = spec(
        *({"metric": name, "target": "y", "prediction": "p"} for name in ("roc_auc", "log_loss", "rmse"))
    )
    chance.shuffle(rows)
    pl.DataFrame(rows).write_parquet(tmp_path / "p.parquet")
    files = [write_json(tmp_path / "p.jsonl", rows), tmp_path / "p.parquet"]
    first = evaluated(tmp_path, reference, rows, task)["scores"]
    assert [evaluated(tmp_path, reference, path, task)["scores"] for path in files] == [first, first]
