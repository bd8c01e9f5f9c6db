"""Columns of boxes as their metric takes them: for each row the boxes of its image."""

from collections.abc import Iterator

import numpy as np
import polars as pl

from evaluators.errors import ReferenceTrouble
from evaluators.formulas.boxes import Box
from evaluators.formulas.guard import Array, Bools
from evaluators.spec.measures import Measure
from evaluators.tables import values

MOST_BOXES = 1_000
# What str.split takes for a space beside those of regular expressions is no part of a word.
_WORD = r"[^\s\x1c-\x1f]+"
# So many digits and no more: no area leaves the range of a double.
NUMBER = r"[-+]?[0-9]{1,15}(\.[0-9]{0,20})?([eE][-+]?[0-9]{1,2})?"


def read(column: pl.Series, *, scored: bool) -> tuple[Array, Bools]:
    """Of each row its boxes: class, score where they are ``scored``, left, top, right and bottom; and which
    rows hold something else.

    How many there are is looked at before a text is taken apart.
    """
    words = 6 if scored else 5
    found = [None if own is None else tuple(_boxes(own, words)) for own in parted(column, words)]
    wrong = np.array([boxes is None or not all(map(_spans, boxes)) for boxes in found], dtype=np.bool_)
    return np.fromiter(found, dtype=object, count=len(found)), wrong


def answers(measure: Measure, column: pl.Series) -> Array:
    """The same of the reference, where each box has an area.

    Raises:
        ReferenceTrouble: a row holds something else.
    """
    found, wrong = read(column, scored=False)
    wrong[~wrong] = [not all(map(_has_area, boxes)) for boxes in found[~wrong]]
    if wrong.any():
        raise ReferenceTrouble(
            f"the column {column.name} holds in {wrong.sum()} rows what are no boxes for {measure.name}; "
            "write class, left, top, right and bottom of each, with spaces between them, at most "
            f"{MOST_BOXES:,}"
        )
    return found


def parted(column: pl.Series, words: int) -> Iterator[list[str] | None]:
    """The words of each row, where they are so many for each box, a name and else numbers; None elsewhere."""
    texts = values.texts(column).fill_null("")
    pattern = rf"^\s*({_WORD}(\s+{NUMBER}){{{words - 1}}}(\s+|$))*$"
    fitting = (texts.str.count_matches(r"\S+") <= words * MOST_BOXES) & texts.str.contains(pattern)
    for text, fits in zip(texts.to_list(), fitting.to_list(), strict=True):
        yield text.split() if fits else None


def _boxes(words: list[str], each: int) -> Iterator[Box]:
    for start in range(0, len(words), each):
        yield (words[start], *map(float, words[start + 1 : start + each]))


def _spans(box: Box) -> bool:
    left, top, right, bottom = box[-4:]
    return bool(left <= right and top <= bottom)


def _has_area(box: Box) -> bool:
    left, top, right, bottom = box[-4:]
    return bool(left < right and top < bottom)
