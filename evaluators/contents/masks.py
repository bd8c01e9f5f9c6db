"""Columns of masks as their metrics take them: for each row its runs of pixels, never the pixels."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from evaluators.errors import ReferenceTrouble
from evaluators.formulas.guard import Array, Bools
from evaluators.spec.measures import Measure
from evaluators.tables import values

MOST_RUNS = 100_000
MOST_PIXELS = 10**12
MOST_PAINTED = 10**7
"""Of an image whose pixels are painted: where their order counts."""
_AT_ONCE = 100
NUMBER = r"[0-9]{1,13}"
_PAIRS = rf"^[ \t]*({NUMBER}[ \t]+{NUMBER}([ \t]+{NUMBER}[ \t]+{NUMBER})*)?[ \t]*$"


def read(column: pl.Series) -> tuple[Array, Bools]:
    """Of each row its runs from left to right, as pairs of the pixels before and up to its end; and which
    rows hold no mask.

    How long a text is, is looked at before it is taken apart.
    """
    texts = values.texts(column).fill_null("")
    fitting = (texts.str.count_matches("[0-9]+") <= 2 * MOST_RUNS) & texts.str.contains(_PAIRS)
    pairs = zip(texts.to_list(), fitting.to_list(), strict=True)
    safe = [text if fits else "" for text, fits in pairs]
    found: list[Array] = []
    wrong = ~fitting.to_numpy()
    for start in range(0, len(safe), _AT_ONCE):
        runs, bad = read_runs(safe[start : start + _AT_ONCE])
        found += runs
        wrong[start : start + _AT_ONCE] |= bad
    return np.fromiter(found, dtype=object, count=len(found)), wrong


def answers(measure: Measure, rows: Mapping[str, pl.Series]) -> tuple[Array, Mapping[str, Array]]:
    """The same of the reference, and the height and width of the image of each row.

    Raises:
        ReferenceTrouble: an image has no size, or a row holds no mask of its image.
    """
    sizes = sizes_of(measure, rows)
    found, wrong = read(rows[measure.target])
    wrong[~wrong] = beyond(found[~wrong], pixels_of(sizes)[~wrong])
    if wrong.any():
        raise ReferenceTrouble(
            f"the column {measure.target} holds in {wrong.sum()} rows what is no mask; write pairs of start "
            "and length within height · width, counted from 1, without overlap, or nothing"
        )
    return found, sizes


def sizes_of(measure: Measure, rows: Mapping[str, pl.Series]) -> Mapping[str, Array]:
    """Height and width of the image of each row.

    Raises:
        ReferenceTrouble: an image has no size, or more pixels than the metric can look at.
    """
    found = {key: _sides(rows[name]) for key, name in measure.beside.items()}
    most = MOST_PAINTED if "order" in measure.info.parameters else MOST_PIXELS
    if (pixels_of(found) > most).any():
        raise ReferenceTrouble(f"an image has more than {most:,} pixels")
    return found


def pixels_of(sizes: Mapping[str, Array]) -> Array:
    """How many each image has."""
    found: Array = sizes["height"] * sizes["width"]
    return found


def beyond(masks: Array, pixels: Array) -> Bools:
    """Where a mask goes on after the last pixel of its image."""
    pairs = zip(masks, pixels, strict=True)
    return np.array([len(runs) > 0 and runs[-1, 1] > most for runs, most in pairs], dtype=np.bool_)


def _sides(column: pl.Series) -> Array:
    sides = values.array(values.numbers(column))
    if not ((sides >= 1) & (sides <= MOST_PIXELS) & (sides == np.floor(sides))).all():  # NaN is not
        raise ReferenceTrouble(f"the column {column.name} holds sizes that are no whole numbers from 1")
    return sides


def read_runs(texts: Sequence[str]) -> tuple[Sequence[Array], Bools]:
    """Of each of some masks the runs that pairs of start and length tell, from left to right; and which of
    them are none, for runs overlap or have no pixel.

    To read each alone takes several times as long.
    """
    counts = np.array([len(text.split()) // 2 for text in texts], dtype=np.int64)
    owners = np.repeat(np.arange(len(texts)), counts)
    # Three times as fast as to part the text first; of spaces alone it would make a number.
    pairs = np.fromstring(" ".join(texts).strip(), dtype=np.int64, sep=" ").reshape(-1, 2)
    runs = pairs[np.lexsort((pairs[:, 0], owners))]
    bad = (runs[:, 0] < 1) | (runs[:, 1] < 1)
    runs[:, 0] -= 1
    runs[:, 1] += runs[:, 0]
    bad[1:] |= (runs[1:, 0] < runs[:-1, 1]) & (owners[1:] == owners[:-1])
    wrong = np.zeros(len(texts), dtype=np.bool_)
    wrong[owners[bad]] = True
    ends = np.cumsum(counts)
    return [runs[end - count : end] for end, count in zip(ends, counts, strict=True)], wrong
