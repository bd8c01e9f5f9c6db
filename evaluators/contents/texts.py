"""Columns of texts, of tags and of outcomes, as their metrics take them; what is too long is told before."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from evaluators.errors import ReferenceTrouble
from evaluators.formulas.guard import Array, Bools
from evaluators.spec.measures import Measure
from evaluators.tables import values

NEEDS = ("texts", "free_texts", "sequences", "outcomes")
_MARKS = {"lenient": "BIES", "BIO": "BI", "BIOES": "BIES"}


def references(measure: Measure, columns: Sequence[pl.Series], height: int) -> Array:
    """For each of so many rows the texts of its references, an empty cell being none.

    Raises:
        ReferenceTrouble: a row has none, or one is longer than the task allows.
    """
    if not columns:
        return _cells([()] * height)
    texts = [_texts(column) for column in columns]
    for column in texts:
        if too_long(measure, column).any():
            raise ReferenceTrouble(
                f"the column {column.name} holds texts of more than {measure.longest:,} characters; "
                f"raise `longest` of {measure.name}"
            )
    rows = [tuple(filter(None, row)) for row in zip(*(column.to_list() for column in texts), strict=True)]
    if without := rows.count(()):
        names = ", ".join(column.name for column in columns)
        raise ReferenceTrouble(f"{without} rows have no reference in the columns {names}")
    return _cells(rows)


def tags(measure: Measure, column: pl.Series) -> Array:
    """For each row the tags of its tokens.

    Raises:
        ReferenceTrouble: one is no tag.
    """
    if malformed(measure, column).any():
        marks = ", ".join(f"{mark}-type" for mark in _marks(measure))
        raise ReferenceTrouble(f"the column {column.name} holds what is no tag; write O, {marks}")
    return parted(column)


def parted(column: pl.Series) -> Array:
    """The words of each row."""
    return _cells([tuple(text.split()) for text in _texts(column).to_list()])


def plain(column: pl.Series) -> Array:
    """Each text, the empty one where there is nothing."""
    return _cells(_texts(column).to_list())


def too_long(measure: Measure, column: pl.Series) -> Bools:
    """Where a text has more characters than the task allows."""
    return (_texts(column).str.len_chars() > measure.longest).to_numpy()


def malformed(measure: Measure, column: pl.Series) -> Bools:
    """Where something is no tag of the scheme."""
    tag = rf"(O|[{_marks(measure)}](-\S+)?)"
    return (~_texts(column).str.contains(rf"^\s*({tag}(\s+{tag})*\s*)?$")).to_numpy()


def uneven(answers: Array, predicted: Array) -> Bools:
    """Where there are not as many tags as in the reference."""
    pairs = zip(answers, predicted, strict=True)
    return np.array([len(known) != len(said) for known, said in pairs], dtype=np.bool_)


def _marks(measure: Measure) -> str:
    return _MARKS[str(measure.parameters.get("scheme", "lenient"))]


def _texts(column: pl.Series) -> pl.Series:
    return values.texts(column).fill_null("")


def _cells(listed: Sequence[object]) -> Array:
    return np.fromiter(listed, dtype=object, count=len(listed))
