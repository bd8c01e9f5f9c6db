"""Arrays for metrics, made by hypothesis: few distinct values as often as many, so that ties are common."""

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

CLOSE = {"rel": 1e-9, "abs": 1e-9}

Metric = Callable[..., float]
Pair = tuple[NDArray[Any], NDArray[Any]]

plain = st.floats(-1e6, 1e6, allow_nan=False, width=64)
few = st.sampled_from([-2.0, -1.0, -0.0, 0.0, 0.5, 1.0, 3.0])
positive = st.one_of(st.floats(0.001, 1e6), st.sampled_from([1.0, 2.0, 5.0]))
share = st.one_of(st.floats(0, 1), st.sampled_from([0.0, 0.25, 0.5, 1.0, 5e-324]))
score = st.one_of(few, plain, st.floats(allow_nan=False, allow_infinity=False))


@st.composite
def columns(
    draw: st.DrawFn, *elements: st.SearchStrategy[Any], least: int = 1, most: int = 60
) -> tuple[NDArray[Any], ...]:
    """Columns of one length, each from its own values."""
    length = draw(st.integers(least, most))
    return tuple(_column(draw, length, element) for element in elements)


def _column(draw: st.DrawFn, length: int, element: st.SearchStrategy[Any]) -> NDArray[Any]:
    return np.array(draw(st.lists(element, min_size=length, max_size=length)))


def numbers(*, least: int = 1) -> st.SearchStrategy[Pair]:
    """A target and a prediction."""
    return st.one_of(columns(plain, plain, least=least), columns(few, few, least=least))


def labels(classes: int = 5) -> st.SearchStrategy[Pair]:
    """Codes of classes on both sides; often one class alone."""
    return st.integers(1, classes).flatmap(
        lambda count: columns(st.integers(0, count - 1), st.integers(0, count - 1))
    )


def probabilities(rows: int, classes: int) -> st.SearchStrategy[NDArray[np.float64]]:
    """Rows that sum to one."""
    shares = arrays(np.float64, (rows, classes), elements=st.floats(0, 1))
    return shares.map(lambda matrix: (matrix + 1e-3) / (matrix + 1e-3).sum(axis=1, keepdims=True))
