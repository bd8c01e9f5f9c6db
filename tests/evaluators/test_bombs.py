"""Small files that would become large: the team's rejection, before memory or time is spent."""

import random
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from evaluators.errors import Rejected
from evaluators.tables import thrift
from evaluators.tables.files import read
from tests.evaluators.handed_in import ANSWERS, RIGHT, SCORES
from tests.evaluators.handed_in import read as handed_in
from tests.evaluators.trial import evaluated, rejected

MOST = 2 * len(ANSWERS) + 1000
LONG = "0" * 1_000_000


def parquet(folder: Path, frame: pl.DataFrame, **options: Any) -> Path:
    path = folder / "p.parquet"
    frame.write_parquet(path, **options)
    return path


def rows(count: int, value: str = "1") -> pl.DataFrame:
    return pl.DataFrame({"id": [str(number) for number in range(count)], "y": [value] * count})


def many(folder: Path) -> Path:
    return parquet(folder, rows(1_000_000))


def shared(folder: Path) -> Path:
    """A hundred rows that all name one long text of the dictionary."""
    return parquet(folder, rows(100, LONG))


def categories(folder: Path) -> Path:
    return parquet(folder, rows(100, LONG).with_columns(pl.col("y").cast(pl.Categorical)))


def deflated(folder: Path) -> Path:
    """Texts that differ, so that each is written, and are nothing once compressed."""
    frame = pl.DataFrame({"id": list("1234"), "y": [f"{LONG}{LONG}"[n:] * 10 for n in range(4)]})
    return parquet(folder, frame, compression="zstd", statistics=False)


@pytest.mark.parametrize(
    ("make", "code"),
    [(many, "too_many_rows"), (shared, "too_large"), (categories, "too_large"), (deflated, "too_large")],
    ids=["rows", "dictionary", "categories", "compressed"],
)
def test_a_bomb_in_parquet_is_the_teams_to_mend(
    tmp_path: Path, make: Callable[[Path], Path], code: str
) -> None:
    path = make(tmp_path)
    assert path.stat().st_size < 12_000_000
    began = time.monotonic()
    assert rejected(evaluated(tmp_path, ANSWERS, path))[0] == code
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("p.csv", RIGHT + b"\n" * 20_000_000),
        ("p.csv", RIGHT + b",\n" * 10_000_000),
        ("p.csv", RIGHT + b"9,9\n" * 5_000_000),
        ("p.jsonl", b'{"id": 1, "y": 1}\n' + b"{}\n" * 7_000_000),
        ("p.jsonl", b'{"id": 1, "y": 1}\n' + b"\n" * 20_000_000),
    ],
    ids=["blank lines", "empty values", "rows", "empty objects", "blank lines of json"],
)
def test_lines_without_end_are_not_read_to_their_end(tmp_path: Path, name: str, content: bytes) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.monotonic()
    assert rejected(handed_in(tmp_path, content, name)) == ("too_many_rows", {"most": MOST})
    assert time.monotonic() - began < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # kilobytes


def test_as_many_lines_as_are_allowed_are_read(tmp_path: Path) -> None:
    assert handed_in(tmp_path, RIGHT + b"\n" * (MOST - 4))["scores"] == SCORES
    assert rejected(handed_in(tmp_path, RIGHT + b"\n" * (MOST - 3)))[0] == "too_many_rows"


@pytest.mark.parametrize("compression", ["uncompressed", "snappy", "zstd", "gzip", "lz4"])
def test_what_libraries_write_by_default_is_taken(tmp_path: Path, compression: str) -> None:
    chance = random.Random(0)
    count = 3000
    frame = pl.DataFrame(
        {
            "id": [chance.randrange(10**12) for _ in range(count)],
            "text": [str(chance.random()) for _ in range(count)],
            "few": [f"class {n % 7}" for n in range(count)],
            "y": [chance.random() for _ in range(count)],
            "n": range(count),
            "nothing": [None] * count,
        }
    )
    path = parquet(tmp_path, frame, compression=compression, row_group_size=700, data_page_size=4000)
    found = read(path, frame.columns, most_rows=count)
    assert found["text"].equals(frame["text"])
    assert found["id"].equals(frame["id"])


HUGE = bytes([0xFE, 0xFF, 0xFF, 0xFF, 0x0F])


@pytest.mark.parametrize(("field", "code"), [(b"\x15", "too_large"), (b"\x4c\x15", "too_many_rows")])
def test_a_page_that_claims_to_be_huge_is_refused(tmp_path: Path, field: bytes, code: str) -> None:
    """The size to unpack to, or the number of values, of a dictionary: the library would allocate it."""
    path = parquet(tmp_path, pl.DataFrame({"id": ["a", "b"] * 50, "y": ["1", "2"] * 50}))
    whole = path.read_bytes()
    page, end = thrift.struct(whole, 4)
    assert page[7] == {1: 2, 2: 0}
    place = whole.index(field, 6, end) + len(field)
    path.write_bytes(whole[:place] + HUGE + whole[place + 1 :])
    with pytest.raises(Rejected) as refused:
        read(path, ["id", "y"], most_rows=100)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "content", [b"", b"\x15", b"\x1c" * 40, b"\x19\xfc" + b"\xff" * 12, b"\x18\xff\x7f", b"\x1d"]
)
def test_what_is_no_struct_of_thrift_is_told_apart(content: bytes) -> None:
    with pytest.raises((thrift.Malformed, IndexError)):
        thrift.struct(content, 0)
