"""Parquet is read as it is, and each defect is told apart."""

import datetime
import decimal
import random
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.evaluators.handed_in import ANSWERS, RIGHT, SCORES, problem, read
from tests.evaluators.trial import evaluated, rejected


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
        (pl.Series([decimal.Decimal("1.0")] * 4), "decimals"),
        (pl.Series([datetime.date(2026, 1, 1)] * 4), "dates"),
        (pl.Series([datetime.datetime(2026, 1, 1)] * 4), "times"),  # noqa: DTZ001 a column without a zone
        (pl.Series([datetime.time(1)] * 4), "times"),
        (pl.Series([datetime.timedelta(1)] * 4), "durations"),
        (pl.Series([[1], [2], [3], [4]]), "nested values"),
        (pl.Series([{"a": 1}] * 4), "nested values"),
        (pl.Series([b"1"] * 4), "bytes"),
    ],
    ids=["decimal", "date", "datetime", "time", "duration", "list", "struct", "binary"],
)
def test_a_surprising_type_in_parquet_is_named(tmp_path: Path, values: pl.Series, words: str) -> None:
    for columns in ({"id": [1, 2, 3, 4], "y": values}, {"id": values, "y": [1, 2, 3, 5]}):
        assert words in problem(parquet(tmp_path, **columns))


def test_floating_point_ids_are_refused(tmp_path: Path) -> None:
    assert "floating-point" in problem(parquet(tmp_path, id=[1.0, 2.0, 3.0, 4.0], y=[1, 2, 3, 5]))


def test_a_defect_of_parquet_has_its_own_code(tmp_path: Path) -> None:
    assert rejected(parquet(tmp_path, id=[1, 2, 3, 4], y=[1, None, 3, 5]))[0] == "no_values"
    assert rejected(parquet(tmp_path, id=[1, 2, 3, 4], y=["1", "two", "3", "5"]))[0] == "not_numeric"
    assert rejected(parquet(tmp_path, id=[1, 2, 3, 4], y=[None] * 4))[1]["count"] == 4
    assert rejected(parquet(tmp_path, id=[1, 2, 3, 4], y=[True, False, True, False]))[0] == "truth_values"
    assert rejected(parquet(tmp_path, id=[1, 2, 3, 4], y=[1.0, float("nan"), 3, 5]))[0] == "no_values"
    assert rejected(parquet(tmp_path, id=[1, 2, 3, None], y=[1, 2, 3, 5]))[0] == "empty_ids"
    assert rejected(parquet(tmp_path, id=[1, 2], z=[1, 2]))[1] == {"columns": ["y"], "found": ["id", "z"]}
    assert rejected(parquet(tmp_path, id=[], y=[]))[0] == "no_rows"


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
