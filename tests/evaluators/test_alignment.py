"""Rows find their answers by id, whatever their order, and every misfit is found and named."""

from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluators.errors import Rejected, shown
from evaluators.tables import alignment
from evaluators.tables.alignment import KnownIds, align
from tests.evaluators.trial import answers, evaluated, rejected

written = st.one_of(
    st.integers(0, 60).map(str),
    st.integers().map(str),
    st.sampled_from(["1", "01", "1.0", " 1", "1 ", "+1", "-0", "0", "١", "é", "e\u0301", "null", "NaN"]),
    st.text(min_size=1, max_size=4),
)
id_lists = st.one_of(
    st.lists(written, min_size=1, max_size=40, unique=True),
    st.integers(1, 50).map(lambda count: [str(number) for number in range(count)]),
)


def aligned(expected: list[str], found: list[str | None]) -> list[str | None]:
    """The found ids in the order of the expected ones."""
    return [found[row] for row in rows_of(KnownIds(pl.Series(expected, dtype=pl.String)), found)]


def rows_of(known: KnownIds, found: Sequence[str | int | None]) -> list[int]:
    """The rows, which are the same whether ids count as few or as many."""
    kind = pl.Int64 if all(isinstance(one, int) for one in found) else pl.String
    ids, ways = pl.Series(found, dtype=kind), list[list[int]]()
    for many in (0, len(found) + 1):
        with patch.object(alignment, "_MANY", many):
            ways.append(align(known, ids).tolist())
    assert ways[0] == ways[1]
    return ways[0]


def refusal(expected: list[str], found: list[str | None]) -> tuple[str, dict[str, Any]]:
    with pytest.raises(Rejected) as refused:
        aligned(expected, found)
    return refused.value.code, refused.value.params


@given(id_lists, st.randoms(use_true_random=False))
def test_any_order_is_put_right(expected: list[str], random: Random) -> None:
    found: list[str | None] = list(expected)
    random.shuffle(found)
    assert aligned(expected, found) == expected


@given(id_lists, st.randoms(use_true_random=False))
def test_rows_come_in_the_order_that_is_wanted(expected: list[str], random: Random) -> None:
    shuffled = random.sample(expected, len(expected))
    order = random.sample(range(len(expected)), len(expected))
    known = KnownIds(pl.Series(expected, dtype=pl.String), np.array(order))
    for found in (expected, shuffled):
        assert [found[row] for row in rows_of(known, found)] == [expected[place] for place in order]


@given(
    st.lists(st.integers(-5, 200), min_size=1, max_size=40, unique=True), st.randoms(use_true_random=False)
)
def test_integers_are_the_texts_of_their_digits(numbers: list[int], random: Random) -> None:
    known = KnownIds(pl.Series([str(number) for number in numbers]))
    found = random.sample(numbers, len(numbers))
    assert [found[row] for row in rows_of(known, found)] == numbers
    twice = [*found, found[-1]]
    with pytest.raises(Rejected) as refused:
        rows_of(known, twice)
    assert refused.value.params == {"count": 1, "examples": [str(found[-1])]}
    zeros = KnownIds(pl.Series([f"0{number}" for number in numbers]))
    with pytest.raises(Rejected) as refused:
        rows_of(zeros, found)
    assert refused.value.code == ("rewritten_ids" if max(numbers) >= 0 else "missing_ids")


@given(id_lists, st.data())
def test_a_missing_id_is_found_and_named(expected: list[str], data: st.DataObject) -> None:
    expected = [*expected, "one more"]
    lost = data.draw(st.integers(0, len(expected) - 1))
    code, params = refusal(expected, [key for number, key in enumerate(expected) if number != lost])
    assert (code, params["count"]) == ("missing_ids", 1)
    if expected[lost].isprintable():
        assert params["examples"] == [expected[lost]]


@given(id_lists, st.data())
def test_an_extra_id_is_found_and_named(expected: list[str], data: st.DataObject) -> None:
    found: list[str | None] = list(expected)
    found.insert(data.draw(st.integers(0, len(found))), "one more")
    assert refusal(expected, found) == ("extra_ids", {"count": 1, "examples": ["one more"]})


@given(id_lists, st.data())
def test_an_id_that_stands_twice_is_found_and_named(expected: list[str], data: st.DataObject) -> None:
    expected = ["another", *expected]
    twice = data.draw(st.sampled_from(expected))
    found: list[str | None] = list(expected)
    if data.draw(st.booleans()):  # in the place of another, so that the number of rows is right
        found[data.draw(st.integers(0, len(found) - 1))] = twice
    found.append(twice)
    code, params = refusal(expected, found)
    assert (code, params["count"]) == ("duplicate_ids", 1)
    if twice.isprintable():
        assert params["examples"] == [twice]


@given(id_lists, st.data(), st.sampled_from(["", None]))
def test_an_empty_id_is_found_by_its_row(expected: list[str], data: st.DataObject, empty: str | None) -> None:
    row = data.draw(st.integers(0, len(expected) - 1))
    found: list[str | None] = list(expected)
    found[row] = empty
    assert refusal(expected, found) == ("empty_ids", {"count": 1, "examples": [f"#{row + 1}"]})


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ("01", "rewritten_ids"),
        ("1.0", "rewritten_ids"),
        ("+1", "rewritten_ids"),
        ("1e0", "rewritten_ids"),
        (" 1", "spaced_ids"),
        ("1 ", "spaced_ids"),
        ("1\t", "spaced_ids"),
        (" 01", "rewritten_ids"),
    ],
)
def test_ids_are_compared_as_they_are_written(other: str, code: str) -> None:
    assert refusal(["0", "1"], ["0", other]) == (code, {"count": 1, "examples": [shown([other])[0]]})
    assert refusal([other, "0"], ["0", "1"])[0] == code


def test_an_id_that_looks_alike_is_another_one() -> None:
    assert refusal(["0", "1"], ["0", "１"]) == ("missing_ids", {"count": 1, "examples": ["1"]})
    assert refusal(["0", "1.5"], ["0", "1.50"]) == ("missing_ids", {"count": 1, "examples": ["1.5"]})
    assert refusal(["9007199254740993"], ["9007199254740993.0"])[0] == "missing_ids"


@pytest.mark.parametrize("ids", [["-1", "0", "1"], ["9" * 30, "1"], ["5", "900000000000", "7"], ["1", "01"]])
def test_numbers_that_are_negative_large_or_padded_align_too(ids: list[str]) -> None:
    assert aligned(ids, list(reversed(ids))) == ids


def test_at_most_five_ids_are_named_in_an_order_of_their_own() -> None:
    code, params = refusal([str(number) for number in (30, 7, 100, 2, 9, 8, 41)], ["x"])
    assert (code, params["count"]) == ("missing_ids", 7)
    assert params["examples"] == ["2", "7", "8", "9", "30"]


def test_a_long_or_unprintable_id_is_shown_short_and_plain() -> None:
    params = refusal(["a"], ["a", "x" * 1000, "b\n\x1b[31m"])[1]
    assert params["examples"] == ["x" * 59 + "…", "b\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}[31m"]


def test_a_million_shuffled_ids_align(tmp_path: Path) -> None:
    order = np.random.default_rng(0).permutation(1_000_000)
    expected = pl.Series(np.arange(1_000_000)).cast(pl.String)
    for prefix in ("", "r"):
        rows = align(KnownIds(prefix + expected), prefix + expected.gather(order))
        assert (order[rows] == np.arange(1_000_000)).all()


@given(st.permutations(range(8)))
def test_the_order_of_rows_never_changes_a_score(order: list[int]) -> None:
    values = [3.0, 1.5, -2.0, 8.0, 0.25, 4.0, 9.0, 1e3]
    expected = pl.Series([f"r{number}" for number in range(8)])
    rows = align(KnownIds(expected), expected.gather(order))
    assert np.array(values)[order][rows].tolist() == values


def test_both_splits_are_scored_from_rows_in_any_order(tmp_path: Path) -> None:
    reference = answers([1, 2, 3, 4, 5])
    rows = [{"id": f"r{number}", "y": number + 1 + (10 if number % 2 else 1)} for number in (4, 1, 0, 3, 2)]
    result = evaluated(tmp_path, reference, rows)
    assert result["scores"] == {"public": {"mae": 1.0}, "private": {"mae": 10.0}}
    assert result["rows"] == {"public": 3, "private": 2}


def test_without_any_row_the_submission_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "predictions.csv"
    path.write_text("id,y\n")
    assert rejected(evaluated(tmp_path, answers([1, 2]), path)) == ("no_rows", {})
