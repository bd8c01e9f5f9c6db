"""Rows that are looked at block by block give what all rows together give."""

from collections.abc import Iterator

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import evaluators
from evaluators.catalogue import MetricInfo
from evaluators.contents.classes import Classes
from evaluators.errors import UndefinedByReference
from evaluators.formulas import blocks
from evaluators.formulas.averages import ROWS
from evaluators.formulas.classification import cohen_kappa, quadratic_weighted_kappa
from evaluators.formulas.regression import rmsle
from evaluators.measuring import formula
from tests.evaluators.arrays import CLOSE
from tests.evaluators.oracle import Oracle, oracle_of

KAPPAS = (cohen_kappa, quadratic_weighted_kappa)


def _each() -> Iterator[object]:
    for name, info in evaluators.metrics().items():
        oracle = None if info.measured else oracle_of(info.theme, name)
        if oracle and ((found := formula(info)) in ROWS or found in KAPPAS):
            yield pytest.param(info, oracle, id=name)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "CELLS", 3)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(("info", "oracle"), list(_each()))
@given(data=st.data())
def test_a_metric_is_its_oracle_over_many_blocks(
    info: MetricInfo, oracle: Oracle, data: st.DataObject
) -> None:
    columns = data.draw(oracle.columns)
    named = {name: data.draw(values, label=name) for name, values in oracle.settings.items()}
    assert formula(info)(*columns, **named) == pytest.approx(oracle.score(*columns, **named), **oracle.close)


def test_blocks_cover_all_rows_once_and_hold_so_many_cells_at_most(small: None) -> None:
    for shape in ((0,), (1,), (7,), (7, 2), (4, 5)):
        rows = np.arange(np.prod(shape)).reshape(shape)
        parts = [rows[block] for block in blocks.blocks(rows)]
        assert np.array_equal(np.concatenate(parts), rows)
        assert all(part.size <= 3 or len(part) == 1 for part in parts)


@pytest.mark.usefixtures("small")
def test_trouble_of_the_reference_in_a_later_block_comes_before_that_of_predictions() -> None:
    with pytest.raises(UndefinedByReference, match="an answer is below zero"):
        rmsle(np.array([1.0, 1, 1, 1, -1]), np.array([-1.0, 1, 1, 1, 1]))


@pytest.mark.usefixtures("small")
def test_numbers_that_are_no_label_are_unknown_in_every_block() -> None:
    given_numbers = [1.0, 2, 3, 0, 4, 1.5, np.nan, np.inf, -np.inf, 1e300, 2]
    codes = Classes(("1", "2", "3"), integers=True).codes(pl.Series(given_numbers))
    assert codes.tolist() == [0, 1, 2, *[-1] * 7, 1]


@pytest.mark.usefixtures("small")
def test_kappa_of_large_ratings_keeps_its_digits() -> None:
    target, prediction = np.array([1.0, 2, 3, 4, 5, 5]), np.array([1.0, 2, 3, 4, 5, 4])
    far = 1e9
    assert quadratic_weighted_kappa(target + far, prediction + far) == pytest.approx(
        quadratic_weighted_kappa(target, prediction), **CLOSE
    )
