"""What makes two ids the same: their text, or in tasks that say so their whole number."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

import evaluators
from tests.evaluators.handed_in import ANSWERS, SCORES
from tests.evaluators.trial import Row, answers, evaluated, rejected, spec, write_json

INTEGER = spec(ids="integer")


@pytest.mark.parametrize(
    "ids",
    [
        ["1", "2", "3", "4"],
        ["01", "002", "3", "4"],
        ["1.0", "2.0", "3.00", "4e0"],
        ["+1", " 2", "3 ", "\t4"],
    ],
    ids=["plain", "padded", "decimals", "signs and spaces"],
)
@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 1, 0, 2)])
def test_whole_numbers_are_the_same_however_they_are_written(
    tmp_path: Path, ids: list[str], order: tuple[int, ...]
) -> None:
    rows = [{"id": ids[place], "y": (1, 2, 3, 5)[place]} for place in order]
    assert evaluated(tmp_path, ANSWERS, rows, INTEGER)["scores"] == SCORES


def test_a_reference_with_padded_ids_is_read_as_whole_numbers_too(tmp_path: Path) -> None:
    reference = answers([1, 2, 3, 4], ids=["0001", "0002", "0003", "0004"])
    rows = [{"id": key, "y": key} for key in (1, 2, 3, 4)]
    assert evaluated(tmp_path, reference, rows, INTEGER)["scores"]["private"] == {"mae": 0.0}
    assert rejected(evaluated(tmp_path, reference, rows))[0] == "rewritten_ids"


@pytest.mark.parametrize("dtype", [pl.Int32, pl.UInt64, pl.Float64, pl.String])
def test_a_parquet_file_may_have_them_in_any_type(tmp_path: Path, dtype: Any) -> None:
    path = tmp_path / "p.parquet"
    pl.DataFrame({"id": pl.Series([4, 3, 2, 1]).cast(dtype), "y": [5, 3, 2, 1]}).write_parquet(path)
    assert evaluated(tmp_path, ANSWERS, path, INTEGER)["scores"] == SCORES


def test_json_numbers_are_whole_numbers(tmp_path: Path) -> None:
    rows = [{"id": key, "y": value} for key, value in ((1.0, 1), (2, 2), ("3", 3), ("04", 5))]
    assert evaluated(tmp_path, ANSWERS, write_json(tmp_path / "p.jsonl", rows), INTEGER)["scores"] == SCORES


@pytest.mark.parametrize(
    ("ids", "code", "examples"),
    [
        (["1", "2", "3", "four"], "not_integer_ids", ["four"]),
        (["1.5", "2", "3", "4"], "not_integer_ids", ["1.5"]),
        (["1", "2", "3", "nan"], "not_integer_ids", ["nan"]),
        (["1", "2", "3", "1e300"], "not_integer_ids", ["1e300"]),
        (["1", "01", "3", "4"], "duplicate_ids", ["1"]),
        (["1", "2", "3", "5"], "missing_ids", ["4"]),
        (["1", "2", "3", ""], "empty_ids", ["#4"]),
    ],
)
def test_what_is_no_whole_number_is_named(
    tmp_path: Path, ids: list[str], code: str, examples: list[str]
) -> None:
    rows = [{"id": key, "y": 1} for key in ids]
    found = rejected(evaluated(tmp_path, ANSWERS, rows, INTEGER))
    assert found == (code, {"count": 1, "examples": examples})


@pytest.mark.parametrize("value", ["number", "", None, ["text"], True, 1])
def test_another_word_for_ids_is_told_with_its_remedy(value: Any) -> None:
    task: Row = spec(ids=value)
    with pytest.raises(evaluators.SpecError, match="says nothing of ids") as told:
        evaluators.validate(task)
    assert (told.value.key, "row_order" in told.value.remedy) == ("ids", True)
