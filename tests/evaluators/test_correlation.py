"""Correlations of large and small numbers."""

import numpy as np
import pytest
from hypothesis import assume, given

from evaluators.formulas import correlation as ours
from tests.evaluators.arrays import Pair, columns, score


@pytest.mark.parametrize("size", [1e-320, 1e-200, 1.0, 1e150, 1e308])
def test_pearson_does_not_depend_on_the_size_of_numbers(size: float) -> None:
    target = np.array([1.0, 2.0, 4.0])
    assert ours.pearson(target, np.array([0.25, 0.5, 1.0]) * size) == pytest.approx(1.0, rel=1e-3)


@given(columns(score, score, least=2))
def test_correlation_stays_within_its_range(pair: Pair) -> None:
    assume(all(side.min() < side.max() for side in pair))
    assert -1 <= ours.pearson(*pair) <= 1
    assert -1 <= ours.spearman(*pair) <= 1
