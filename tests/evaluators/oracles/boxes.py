"""Mean average precision in plain loops, from the definition of COCO's evaluation."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
from hypothesis import strategies as st

from evaluators.errors import UndefinedByReference
from tests.evaluators.oracle import Edge, Oracle, Trouble
from tests.evaluators.writing import cells

RECALLS = [float(value) for value in np.linspace(0, 1, 101)]
SIZES = {"all": (0, inf), "small": (0, 32**2), "medium": (32**2, 96**2), "large": (96**2, inf)}
OVERLAPS = [float(value) for value in np.linspace(0.5, 0.95, 10)]


def area(box: Any) -> float:
    left, top, right, bottom = box
    return float((right - left) * (bottom - top))


def overlap(one: Any, other: Any) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0
    return width * height / (area(one) + area(other) - width * height)


@dataclass(frozen=True)
class Comparing:
    """How shapes are compared, and which sizes count."""

    overlap: Callable[[Any, Any], float] = overlap
    area: Callable[[Any], float] = area
    size: str = "all"

    def counts(self, shape: Any) -> bool:
        low, high = SIZES[self.size]
        return low <= self.area(shape) <= high


def judged(free: list[Any], shape: Any, least: float, by: Comparing) -> bool | None:
    """Whether it is right, None where it does not count; what it takes is not free any more."""
    fitting = [known for known in free if by.overlap(shape, known) >= min(least, 1 - 1e-10)]
    wanted = [known for known in fitting if by.counts(known)] or fitting
    if not wanted:
        return False if by.counts(shape) else None
    best = max(by.overlap(shape, known) for known in wanted)
    of_size = by.counts(wanted[0])
    place = max(
        n for n, known in enumerate(free) if by.overlap(shape, known) == best and by.counts(known) == of_size
    )
    del free[place]
    return True if of_size else None


def average_precision(target: Any, prediction: Any, kind: str, least: float, by: Comparing) -> float:
    ranked = []
    for row, boxes in enumerate(prediction):
        own = sorted((box for box in boxes if box[0] == kind), key=lambda box: -box[1])[:100]
        free = [box[1:] for box in target[row] if box[0] == kind]
        ranked += [(score, judged(free, box, least, by)) for _, score, *box in own]
    ranked.sort(key=lambda pair: -pair[0])
    known = sum(box[0] == kind and by.counts(box[1:]) for boxes in target for box in boxes)
    hits = [hit for _, hit in ranked if hit is not None]
    curve = []
    for end in range(1, len(hits) + 1):
        right = sum(hits[:end])
        curve.append((right / known, right / end))
    return sum(max((p for r, p in curve if r >= recall), default=0) for recall in RECALLS) / 101


def mean_average_precision(target: Any, prediction: Any, iou: float | None, by: Comparing) -> float:
    kinds = sorted({box[0] for boxes in target for box in boxes if by.counts(box[1:])})
    overlaps = OVERLAPS if iou is None else [iou]
    found = [average_precision(target, prediction, kind, least, by) for kind in kinds for least in overlaps]
    return sum(found) / len(found)


def map_boxes(target: Any, prediction: Any, iou: float | None = None, size: str = "all") -> float:
    return mean_average_precision(target, prediction, iou, Comparing(size=size))


PLACES = st.integers(0, 6)
SIDES = st.integers(1, 5)
KINDS = st.sampled_from(["car", "dog"])


@st.composite
def box(draw: st.DrawFn, *before: st.SearchStrategy[Any]) -> Any:
    left, top = draw(PLACES), draw(PLACES)
    corners = (left, top, left + draw(SIDES), top + draw(SIDES))
    return (draw(KINDS), *map(draw, before), *map(float, corners))


@st.composite
def images(draw: st.DrawFn) -> Any:
    """Boxes on both sides, some of each size; about half of those said are near one that is known."""
    known, said = [], []
    large = draw(st.sampled_from([1, 20, 32]))
    for row in range(draw(st.integers(1, 4))):
        own = draw(st.lists(box(), min_size=not row, max_size=5))
        scores = st.sampled_from([0.1, 0.5, 0.9])
        copies = [
            (kind, draw(scores), left, top, right + draw(st.sampled_from([0, 0, 1])), bottom)
            for kind, left, top, right, bottom in own
            if draw(st.booleans())
        ]
        others = draw(st.lists(box(scores), max_size=5))
        sizes = [(draw(KINDS), 0.0, 0.0, side, side) for side in (9.0, 50.0, 99.0)] if row == 0 else []
        known.append((*(scaled(each, large) for each in own), *sizes))
        said.append(tuple(scaled(each, large) for each in draw(st.permutations(copies + others))))
    return cells(known), cells(said)


def scaled(box: Any, by: int) -> Any:
    return (*box[:-4], *(edge * by for edge in box[-4:]))


def boxes(known: Any, said: Any, gives: float | Trouble, **settings: Any) -> Edge:
    return Edge((cells(map(tuple, known)), cells(map(tuple, said))), gives, settings)


A, B = ("car", 0.0, 0.0, 10.0, 10.0), ("car", 20.0, 0.0, 30.0, 10.0)
ON_A, ON_B, OFF = ("car", 0.9, *A[1:]), ("car", 0.5, *B[1:]), ("car", 0.7, 50.0, 0.0, 60.0, 10.0)
HALF = ("car", 0.9, 0.0, 0.0, 10.0, 5.0)
POINT = ("car", 0.9, 5.0, 5.0, 5.0, 5.0)
WIDE, ON_WIDE = ("car", 0.0, 0.0, 300.0, 300.0), ("car", 0.8, 0.0, 0.0, 300.0, 300.0)
OFF_WIDE = ("car", 0.95, 900.0, 0.0, 1200.0, 300.0)
EDGE, ON_EDGE = ("car", 0.0, 0.0, 32.0, 32.0), ("car", 0.9, 0.0, 0.0, 32.0, 32.0)
LESS, ON_LESS = ("car", 0.0, 0.0, 32.0, 30.0), ("car", 0.9, 0.0, 0.0, 32.0, 30.0)

ORACLES = {
    "map_boxes": Oracle(
        map_boxes,
        images(),
        settings={"iou": st.sampled_from([None, 0.25, 0.5, 0.75, 1]), "size": st.sampled_from(list(SIZES))},
        edges=[
            boxes([[A]], [[ON_A]], gives=UndefinedByReference, size="large"),
            boxes([[A]], [[ON_A]], gives=1, size="small"),
            # What is large is neither missed, nor wrong: found or not.
            boxes([[A, WIDE]], [[OFF_WIDE, ON_WIDE, ON_A]], gives=1, size="small"),
            boxes([[A, WIDE]], [[OFF_WIDE, ON_A]], gives=51 / 2 / 101, size="all"),
            boxes([[WIDE, A]], [[OFF, ON_WIDE]], gives=1, size="large"),
            # Of the size that is wanted comes first, however well another fits.
            boxes([[LESS, EDGE]], [[ON_EDGE]], gives=1, iou=0.5, size="medium"),
            boxes([[LESS, EDGE]], [[ON_LESS]], gives=1, iou=0.5, size="medium"),
            boxes([[], [A]], [[("car", 0.95, *OFF[2:])], [ON_A]], gives=1 / 2, size="small"),
            boxes([], [], gives=UndefinedByReference),
            boxes([[]], [[ON_A]], gives=UndefinedByReference),
            boxes([[A]], [[]], gives=0),
            boxes([[A], []], [[ON_A], []], gives=1),
            boxes([[A], []], [[ON_A], [("dog", *OFF[1:])]], gives=1),
            boxes([[A]], [[POINT]], gives=0),
            boxes([[A]], [[HALF]], gives=0.1),
            boxes([[A]], [[HALF]], gives=1, iou=0.5),
            boxes([[A]], [[ON_A, ON_A]], gives=1),
            # Half of the recalls at precision 1 (0.00 to 0.50 are 51 of 101), the others at 2/3.
            boxes([[A, B]], [[ON_A, OFF, ON_B]], gives=(51 + 50 * 2 / 3) / 101),
            boxes([[A, ("dog", *B[1:])]], [[ON_A]], gives=0.5),
            # Behind a hundred others of its class in the image it is not looked at.
            boxes([[A]], [[OFF] * 99 + [("car", 0.1, *A[1:])]], gives=0.01),
            boxes([[A]], [[OFF] * 100 + [("car", 0.1, *A[1:])]], gives=0),
        ],
    ),
}
