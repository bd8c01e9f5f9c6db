"""Columns of labels in a tree, as their metric takes them: for each row the way from the top."""

import numpy as np
import polars as pl

from evaluators.errors import ReferenceTrouble
from evaluators.formulas.guard import Array, Bools
from evaluators.spec.measures import Measure
from evaluators.tables import values
from evaluators.trees import ways


def read(measure: Measure, column: pl.Series) -> tuple[Array, Bools]:
    """The way of each row, and which rows hold no label of the tree."""
    way = ways(measure.parameters.get("parents"))
    texts = values.texts(column).fill_null("").to_list()
    known = {label: way(label) for label in set(texts)}
    found = np.empty(len(texts), dtype=object)
    found[:] = [known[label] for label in texts]
    return found, np.array([known[label] is None for label in texts], dtype=np.bool_)


def answers(measure: Measure, column: pl.Series) -> Array:
    """The same of the reference.

    Raises:
        ReferenceTrouble: a row holds no label of the tree.
    """
    found, wrong = read(measure, column)
    if wrong.any():
        raise ReferenceTrouble(
            f"the column {column.name} holds in {wrong.sum()} rows what is no label of the tree; write paths "
            "like animal/cat, or give every label its place in `parents`"
        )
    return found
