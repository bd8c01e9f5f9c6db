"""Columns of masks of instances as their metric takes them: for each row what is seen in its image."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from evaluators.contents import masks
from evaluators.contents.boxes import NUMBER
from evaluators.errors import ReferenceTrouble
from evaluators.formulas.detections import Shape
from evaluators.formulas.guard import Array, Bools
from evaluators.spec.measures import Measure
from evaluators.tables import values

MOST_INSTANCES = 1_000
MOST_IN_ALL = 1_000_000
MOST_KNOWN_RUNS = 10_000_000
"""Of a reference. Some 100 s for masks that lie across all of them, a hundred to an image."""

_INSTANCE = r"[^\s;][^;]*"
# What str.split takes for a space beside those of regular expressions is no part of a class.
_CLASS = r"[^\s;\x1c-\x1f]+"
_SCORE = rf"\s+{NUMBER}"
_RUNS = rf"([ \t]+{masks.NUMBER}[ \t]+{masks.NUMBER})*"


def too_many(column: pl.Series) -> bool:
    """Whether there are more instances in all images than are taken apart."""
    return bool(_texts(column).str.count_matches(_INSTANCE).sum() > MOST_IN_ALL)


def read(column: pl.Series, *, scored: bool) -> tuple[Array, Bools]:
    """Of each row its instances: class, score where they are ``scored``, and runs as masks have them; and
    which rows hold something else.

    How much there is, is looked at before a text is taken apart.
    """
    texts = _texts(column)
    one = rf"\s*({_CLASS}{_SCORE if scored else ''}{_RUNS}\s*)?"
    few = texts.str.count_matches(_INSTANCE) <= MOST_INSTANCES
    short = texts.str.count_matches(r"\S+") <= 2 * masks.MOST_RUNS + 3 * MOST_INSTANCES
    fitting = few & short & texts.str.contains(rf"^{one}(;{one})*$")
    pairs = zip(texts.to_list(), fitting.to_list(), strict=True)
    found = [_instances(text, 1 + scored) if fits else None for text, fits in pairs]
    wrong = np.array([each is None for each in found], dtype=np.bool_)
    return np.fromiter(found, dtype=object, count=len(found)), wrong


def answers(measure: Measure, rows: Mapping[str, pl.Series]) -> tuple[Array, Array]:
    """The same of the reference, where each mask has a pixel, and the pixels of the image of each row.

    Raises:
        ReferenceTrouble: an image has no size, a row holds something else, or there is too much.
    """
    pixels = masks.pixels_of(masks.sizes_of(measure, rows))
    column = rows[measure.target]
    if too_many(column):
        raise ReferenceTrouble(f"the column {column.name} holds more than {MOST_IN_ALL:,} instances")
    found, wrong = read(column, scored=False)
    wrong[~wrong] = beyond(found[~wrong], pixels[~wrong]) | _without_pixels(found[~wrong])
    if wrong.any():
        raise ReferenceTrouble(
            f"the column {column.name} holds in {wrong.sum()} rows what are no masks of instances; write "
            "class, and start and length of each run, with spaces between them, and a semicolon between "
            f"instances, at most {MOST_INSTANCES:,}; runs are counted from 1, without overlap, within "
            "height · width"
        )
    if sum(len(runs) for each in found for _, runs in each) > MOST_KNOWN_RUNS:
        raise ReferenceTrouble(f"the column {column.name} holds more than {MOST_KNOWN_RUNS:,} runs")
    return found, pixels


def beyond(found: Array, pixels: Array) -> Bools:
    """Where a mask goes on after the last pixel of its image."""
    ends = [max((runs[-1, 1] for *_, runs in each if len(runs)), default=0) for each in found]
    return np.array(ends, dtype=np.float64) > pixels


def _without_pixels(found: Array) -> Bools:
    return np.array([not all(len(runs) for _, runs in each) for each in found], dtype=np.bool_)


def _texts(column: pl.Series) -> pl.Series:
    return values.texts(column).fill_null("")


def _instances(text: str, before: int) -> tuple[Shape, ...] | None:
    """What so many words before its runs tell of each instance; None where runs are none, or too many."""
    parts = [words for part in text.split(";") if (words := part.split(maxsplit=before))]
    runs, wrong = masks.read_runs([words[before] if len(words) > before else "" for words in parts])
    if wrong.any() or sum(map(len, runs)) > masks.MOST_RUNS:
        return None
    told = zip(parts, runs, strict=True)
    return tuple((words[0], *map(float, words[1:before]), own) for words, own in told)
