"""Edges of masks in plain loops over their pixels, each a pair of row and column."""

import math
import statistics
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
from hypothesis import strategies as st

from evaluators.errors import UndefinedByReference
from tests.evaluators.oracle import Edge, Oracle, Trouble
from tests.evaluators.oracles.masks import of_pixels, painted
from tests.evaluators.writing import cells

Pixels = set[tuple[int, int]]


def pixels(runs: Any, height: int, width: int, order: str) -> Pixels:
    if order == "columns":
        return {(place % height, place // height) for place in painted(runs)}
    return {(place // width, place % width) for place in painted(runs)}


def edge(mask: Pixels) -> Pixels:
    beside = ((0, 1), (1, 0), (0, -1), (-1, 0))
    return {(y, x) for y, x in mask if not all((y + up, x + left) in mask for up, left in beside)}


def distances(one: Pixels, other: Pixels) -> list[float]:
    return [min(math.dist(pixel, far) for far in edge(other)) for pixel in edge(one)]


def percentile(values: list[float], wanted: float) -> float:
    ordered = sorted(values)
    place = (len(ordered) - 1) * wanted / 100
    below, above = ordered[math.floor(place)], ordered[math.ceil(place)]
    return below + (above - below) * (place - math.floor(place))


def inner(mask: Pixels, reach: int) -> Pixels:
    for _ in range(reach):
        mask = {
            (y, x)
            for y, x in mask
            if all((y + up, x + left) in mask for up, left in product((-1, 0, 1), repeat=2))
        }
    return mask


def each(compare: Callable[..., float], same: float, alone: float) -> Callable[..., float]:
    def score(
        target: Any, prediction: Any, height: Any, width: Any, order: str = "columns", **named: Any
    ) -> float:
        found = []
        for known, said, high, wide in zip(target, prediction, height, width, strict=True):
            sides = [pixels(runs, int(high), int(wide), order) for runs in (known, said)]
            diagonal = math.sqrt(high * high + wide * wide)
            if all(sides):
                found.append(compare(*sides, diagonal, **named))
            else:
                found.append(alone * diagonal if any(sides) else same)
        return statistics.fmean(found)

    return score


def hausdorff(known: Pixels, said: Pixels, _: float, percentile_: float = 100) -> float:
    return max(percentile(distances(*sides), percentile_) for sides in ((known, said), (said, known)))


def surface_distance(known: Pixels, said: Pixels, _: float) -> float:
    return statistics.fmean(distances(known, said) + distances(said, known))


def boundary_iou(known: Pixels, said: Pixels, diagonal: float, dilation_ratio: float = 0.02) -> float:
    reach = max(1, round(dilation_ratio * diagonal))
    first, second = (mask - inner(mask, reach) for mask in (known, said))
    return len(first & second) / len(first | second)


def boundary_f(known: Pixels, said: Pixels, diagonal: float, tolerance: float = 0.0075) -> float:
    recall, precision = (
        statistics.fmean(far <= tolerance * diagonal for far in distances(*sides))
        for sides in ((known, said), (said, known))
    )
    return 2 * precision * recall / (precision + recall) if precision + recall else 0


def of_percentile(*sides: Any, percentile: float = 100, **named: Any) -> float:
    return each(hausdorff, 0, 1)(*sides, percentile_=percentile, **named)


@st.composite
def shape(draw: st.DrawFn, height: int, width: int) -> Any:
    """A rectangle with a few pixels changed, or nothing but these."""
    grid = np.zeros((height, width), dtype=np.bool_)
    top, left = draw(st.integers(0, height - 1)), draw(st.integers(0, width - 1))
    grid[top : top + draw(st.integers(0, height)), left : left + draw(st.integers(0, width))] = True
    for y, x in draw(st.lists(st.tuples(st.integers(0, height - 1), st.integers(0, width - 1)), max_size=4)):
        grid[y, x] ^= True
    return of_pixels(grid.ravel())


@st.composite
def images(draw: st.DrawFn) -> Any:
    known, said, heights, widths = [], [], [], []
    for _ in range(draw(st.integers(1, 3))):
        height, width = draw(st.integers(1, 9)), draw(st.integers(1, 9))
        known.append(draw(shape(height, width)))
        said.append(draw(shape(height, width)))
        heights.append(float(height))
        widths.append(float(width))
    return cells(known), cells(said), np.array(heights), np.array(widths)


def one(known: Any, said: Any, gives: float | Trouble, **settings: Any) -> Edge:
    """An image of three rows and four columns."""
    sides = (cells([np.array(runs, dtype=np.int64).reshape(-1, 2)]) for runs in (known, said))
    return Edge((*sides, np.array([3.0]), np.array([4.0])), gives, settings)


NO_ROWS = Edge((cells([]), cells([]), np.array([]), np.array([])), UndefinedByReference, {})
FIRST, LAST, WHOLE, UPPER = [(0, 1)], [(11, 12)], [(0, 12)], [(0, 8)]
ORDER = st.sampled_from(["columns", "rows"])
APART = [
    NO_ROWS,
    one([], [], gives=0),
    one(FIRST, [], gives=5),
    one([], WHOLE, gives=5),
    one(WHOLE, [(0, 6), (6, 12)], gives=0),
    one(FIRST, LAST, gives=math.sqrt(4 + 9)),
    # The fourth pixel is the second of the first column but one, or the last of the first row.
    one(FIRST, [(3, 4)], gives=1),
    one(FIRST, [(3, 4)], gives=3, order="rows"),
]
ALIKE = [
    NO_ROWS,
    one([], [], gives=1),
    one(FIRST, [], gives=0),
    one([], WHOLE, gives=0),
    one(WHOLE, [(0, 6), (6, 12)], gives=1),
    one(FIRST, LAST, gives=0),
]

ORACLES = {
    "hausdorff": Oracle(
        of_percentile,
        images(),
        settings={"order": ORDER, "percentile": st.sampled_from([100, 95, 50, 12.5])},
        edges=[*APART, one([(0, 1), (11, 12)], FIRST, gives=math.sqrt(13) / 2, percentile=50)],
    ),
    "surface_distance": Oracle(
        each(surface_distance, 0, 1),
        images(),
        settings={"order": ORDER},
        edges=[*APART, one([(0, 1), (11, 12)], FIRST, gives=math.sqrt(13) / 3)],
    ),
    "boundary_iou": Oracle(
        each(boundary_iou, 1, 0),
        images(),
        settings={"order": ORDER, "dilation_ratio": st.sampled_from([0.02, 0.15, 0.3, 1])},
        # Of the whole image the two pixels of the middle are not near the boundary, of two rows all are.
        edges=[*ALIKE, one(WHOLE, UPPER, gives=6 / 12, order="rows")],
    ),
    "boundary_f": Oracle(
        each(boundary_f, 1, 0),
        images(),
        settings={"order": ORDER, "tolerance": st.sampled_from([0.0075, 0.1, 0.3])},
        edges=[
            *ALIKE,
            one(FIRST, [(3, 4)], gives=0),
            one(FIRST, [(3, 4)], gives=1, tolerance=0.2),
            one([(0, 1), (11, 12)], FIRST, gives=2 / 3),
        ],
    ),
}
