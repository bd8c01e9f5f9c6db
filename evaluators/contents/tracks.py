"""Columns of tracks as their metrics take them: for each row an array with the boxes of its frame."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from evaluators.contents import boxes
from evaluators.errors import ReferenceTrouble
from evaluators.formulas.guard import Array, Bools
from evaluators.spec.measures import Measure
from evaluators.tables import values

MOST_IN_ALL = 2_000_000
MOST_KNOWN = 2_000
MOST_SAID = 10_000
"""Tracks of a sequence. Some hundred MB of pairs of them, and some seconds to tell which belong together."""

_WORDS = 5


def too_many_boxes(column: pl.Series) -> bool:
    """Whether there are more boxes in all frames than are taken apart."""
    words = values.texts(column).str.count_matches(r"\S+").sum()
    return words > _WORDS * MOST_IN_ALL


def read(column: pl.Series) -> tuple[Array, Bools]:
    """Of each row its boxes: the number of the track, left, top, right and bottom; and which rows hold
    something else, or a track twice."""
    numbers: dict[str, int] = {}
    found = [None if words is None else _boxes(words, numbers) for words in boxes.parted(column, _WORDS)]
    wrong = np.array([each is None for each in found], dtype=np.bool_)
    return np.fromiter(found, dtype=object, count=len(found)), wrong


def answers(measure: Measure, column: pl.Series, groups: Array) -> Array:
    """The same of the reference, where each box has an area, and no sequence too many tracks.

    Raises:
        ReferenceTrouble: a row holds something else, or there is too much.
    """
    if too_many_boxes(column):
        raise ReferenceTrouble(f"the column {column.name} holds more than {MOST_IN_ALL:,} boxes")
    found, wrong = read(column)
    wrong[~wrong] = [(each[:, 1:3] == each[:, 3:]).any() for each in found[~wrong]]
    if wrong.any():
        raise ReferenceTrouble(
            f"the column {column.name} holds in {wrong.sum()} rows what are no tracks for {measure.name}; "
            "write track, left, top, right and bottom of each box, with spaces between them, no track twice, "
            f"at most {boxes.MOST_BOXES:,}"
        )
    if in_crowds(found, groups, MOST_KNOWN).any():
        raise ReferenceTrouble(f"a sequence of the column {column.name} has more than {MOST_KNOWN:,} tracks")
    return found


def frames(measure: Measure, rows: Mapping[str, pl.Series], groups: Array) -> dict[str, Array]:
    """The numbers of the frames, where the metric looks at their order.

    Raises:
        ReferenceTrouble: they are no numbers, or one stands twice in a sequence.
    """
    found = {key: values.array(values.numbers(rows[name])) for key, name in measure.beside.items()}
    for key, numbers in found.items():
        name = measure.beside[key]
        if not np.isfinite(numbers).all():
            raise ReferenceTrouble(f"the column {name} holds what is no number of a frame")
        if len(np.unique(np.column_stack([groups, numbers]), axis=0)) < len(groups):
            raise ReferenceTrouble(f"the column {name} has a frame of a sequence twice")
    return found


def in_crowds(found: Array, groups: Array, most: int = MOST_SAID) -> Bools:
    """Which rows are of a sequence with more tracks than that."""
    tracks = [each[:, 0].astype(np.int64) for each in found]
    known = np.column_stack([np.repeat(groups, list(map(len, tracks))), np.concatenate(tracks)])
    counts = np.bincount(np.unique(known, axis=0)[:, 0], minlength=int(groups.max()) + 1)
    return np.asarray(counts[groups] > most)


def _boxes(words: list[str], numbers: dict[str, int]) -> Array | None:
    """None where a track stands twice, or a box ends before it begins."""
    columns = [words[start::_WORDS] for start in range(_WORDS)]
    tracks = [numbers.setdefault(name, len(numbers)) for name in columns[0]]
    found = np.column_stack([tracks, *(np.array(column, dtype=np.float64) for column in columns[1:])])
    twice = len(set(tracks)) < len(tracks)
    return None if twice or (found[:, 1:3] > found[:, 3:]).any() else found
