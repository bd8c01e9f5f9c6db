"""Mean average precision in plain loops, from the definition of COCO's evaluation."""

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import strategies as st

from evaluators.errors import UndefinedByReference
from tests.evaluators.oracle import Edge, Oracle, Trouble
from tests.evaluators.writing import cells

RECALLS = [float(value) for value in np.linspace(0, 1, 101)]
OVERLAPS = [float(value) for value in np.linspace(0.5, 0.95, 10)]


def overlap(one: Any, other: Any) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0
    areas = [(right - left) * (bottom - top) for left, top, right, bottom in (one, other)]
    return width * height / (sum(areas) - width * height)


def average_precision(
    target: Any, prediction: Any, kind: str, least: float, overlap: Callable[[Any, Any], float] = overlap
) -> float:
    ranked = []
    for row, boxes in enumerate(prediction):
        own = sorted((box for box in boxes if box[0] == kind), key=lambda box: -box[1])[:100]
        free = [box[1:] for box in target[row] if box[0] == kind]
        for _, score, *box in own:
            fitting = [known for known in free if overlap(box, known) >= min(least, 1 - 1e-10)]
            ranked.append((score, bool(fitting)))
            if fitting:
                best = max(overlap(box, known) for known in fitting)
                place = max(n for n, known in enumerate(free) if overlap(box, known) == best)
                del free[place]
    ranked.sort(key=lambda pair: -pair[0])
    known = sum(box[0] == kind for boxes in target for box in boxes)
    curve = []
    for end in range(1, len(ranked) + 1):
        right = sum(hit for _, hit in ranked[:end])
        curve.append((right / known, right / end))
    return sum(max((p for r, p in curve if r >= recall), default=0) for recall in RECALLS) / 101


def map_boxes(
    target: Any, prediction: Any, iou: float | None = None, overlap: Callable[[Any, Any], float] = overlap
) -> float:
    kinds = sorted({box[0] for boxes in target for box in boxes})
    overlaps = OVERLAPS if iou is None else [iou]
    found = [
        average_precision(target, prediction, kind, least, overlap) for kind in kinds for least in overlaps
    ]
    return sum(found) / len(found)


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
    """Boxes on both sides; about half of those said are near one that is known."""
    known, said = [], []
    for row in range(draw(st.integers(1, 4))):
        own = draw(st.lists(box(), min_size=not row, max_size=5))
        scores = st.sampled_from([0.1, 0.5, 0.9])
        copies = [
            (kind, draw(scores), left, top, right + draw(st.sampled_from([0, 0, 1])), bottom)
            for kind, left, top, right, bottom in own
            if draw(st.booleans())
        ]
        known.append(tuple(own))
        said.append(tuple(draw(st.permutations(copies + draw(st.lists(box(scores), max_size=5))))))
    return cells(known), cells(said)


def boxes(known: Any, said: Any, gives: float | Trouble, **settings: Any) -> Edge:
    return Edge((cells(map(tuple, known)), cells(map(tuple, said))), gives, settings)


A, B = ("car", 0.0, 0.0, 10.0, 10.0), ("car", 20.0, 0.0, 30.0, 10.0)
ON_A, ON_B, OFF = ("car", 0.9, *A[1:]), ("car", 0.5, *B[1:]), ("car", 0.7, 50.0, 0.0, 60.0, 10.0)
HALF = ("car", 0.9, 0.0, 0.0, 10.0, 5.0)
POINT = ("car", 0.9, 5.0, 5.0, 5.0, 5.0)

ORACLES = {
    "map_boxes": Oracle(
        map_boxes,
        images(),
        settings={"iou": st.sampled_from([None, 0.25, 0.5, 0.75, 1])},
        edges=[
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
