"""Rows with several labels by scikit-learn."""

from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from sklearn import metrics as oracle

from evaluators.errors import UndefinedByReference
from tests.evaluators.arrays import Pair, few, share
from tests.evaluators.oracle import Oracle, edge

shapes = array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=8)
NONE, EVEN = np.zeros((2, 3), dtype=bool), np.zeros((2, 3))


def tables(elements: st.SearchStrategy[Any], dtype: Any = np.float64) -> st.SearchStrategy[Pair]:
    """Labels of rows, and as many values."""
    return shapes.flatmap(
        lambda shape: st.tuples(arrays(np.bool_, shape), arrays(dtype, shape, elements=elements))
    )


scored = st.one_of(tables(few), tables(st.floats(-1e6, 1e6)))


def with_both(pair: Pair) -> Pair:
    """Both classes in each column."""
    pair[0][0], pair[0][1] = True, False
    return pair


def with_a_label(pair: Pair) -> Pair:
    pair[0][0, 0] = True
    return pair


def mean_log_loss(target: Any, chances: Any) -> Any:
    columns = zip(target.T, chances.T, strict=True)
    return np.mean([oracle.log_loss(*column, labels=[False, True]) for column in columns])


def f1_samples(*pair: Any) -> Any:
    return oracle.f1_score(*pair, average="samples", zero_division=1)


ORACLES = {
    "f1_samples": Oracle(
        f1_samples,
        tables(st.booleans(), np.bool_),
        edges=[
            edge(NONE, NONE, gives=1),
            edge(NONE, [[True, False, False], [False, False, False]], gives=0.5),
        ],
    ),
    "mean_roc_auc": Oracle(
        oracle.roc_auc_score,
        scored.map(with_both),
        edges=[
            edge(NONE, EVEN, gives=UndefinedByReference),
            edge(NONE, EVEN, gives=UndefinedByReference, one_class="skip"),
            edge([[True, True], [False, True]], np.zeros((2, 2)), gives=UndefinedByReference),
            edge([[True, True], [False, True]], np.zeros((2, 2)), gives=0.5, one_class="skip"),
        ],
    ),
    "mean_log_loss": Oracle(
        mean_log_loss,
        tables(share),
        edges=[edge(NONE, EVEN, gives=0), edge(NONE, EVEN + 1, gives=-np.log(2**-52))],
    ),
    "lrap": Oracle(
        oracle.label_ranking_average_precision_score,
        scored.map(with_a_label),
        edges=[
            edge(NONE, EVEN, gives=UndefinedByReference),
            edge([[True, False, False]], EVEN[:1], gives=1 / 3),
            edge([[True, False, False], [False, False, False]], EVEN, gives=2 / 3),
        ],
    ),
}
