"""Mean average precision of masks that are painted pixel by pixel."""

from typing import Any

import numpy as np
from hypothesis import strategies as st

from evaluators.errors import UndefinedByReference
from tests.evaluators.oracle import Edge, Oracle, Trouble
from tests.evaluators.oracles import boxes
from tests.evaluators.oracles.masks import NOTHING, of_pixels, painted, split_runs
from tests.evaluators.writing import cells


def overlap(one: Any, other: Any) -> float:
    a, b = painted(one[0]), painted(other[0])
    return len(a & b) / len(a | b)


def map_masks(target: Any, prediction: Any, iou: float | None = None) -> float:
    return boxes.map_boxes(target, prediction, iou, overlap)


KINDS = st.sampled_from(["car", "dog"])
SCORES = st.sampled_from([0.1, 0.5, 0.9])
MASKS = st.one_of(split_runs(), st.just(NOTHING))


@st.composite
def stretch(draw: st.DrawFn) -> Any:
    """A mask of few runs, with a pixel."""
    start, length = draw(st.integers(0, 20)), draw(st.integers(1, 9))
    pixels = [start <= pixel < start + length for pixel in range(30)]
    hole = draw(st.integers(0, 29))
    pixels[hole] = pixels[hole] and length == 1
    return of_pixels(pixels)


@st.composite
def near(draw: st.DrawFn, runs: Any) -> Any:
    """The mask, or one with a pixel more or less."""
    pixels = [pixel in painted(runs) for pixel in range(30)]
    changed = draw(st.integers(0, 40))
    if changed < len(pixels):
        pixels[changed] = not pixels[changed]
    return of_pixels(pixels)


@st.composite
def images(draw: st.DrawFn) -> Any:
    """Masks on both sides; about half of those said are near one that is known."""
    known, said = [], []
    for row in range(draw(st.integers(1, 4))):
        own = draw(st.lists(st.tuples(KINDS, stretch()), min_size=not row, max_size=5))
        copies = [(kind, draw(SCORES), draw(near(runs))) for kind, runs in own if draw(st.booleans())]
        others = draw(st.lists(st.tuples(KINDS, SCORES, MASKS), max_size=5))
        known.append(tuple(own))
        said.append(tuple(draw(st.permutations(copies + others))))
    return cells(known), cells(said)


def instances(known: Any, said: Any, gives: float | Trouble, **settings: Any) -> Edge:
    return Edge((cells(map(tuple, known)), cells(map(tuple, said))), gives, settings)


def mask(*runs: tuple[int, int]) -> Any:
    return np.array(runs, dtype=np.int64).reshape(-1, 2)


A, B = ("car", mask((0, 10))), ("car", mask((20, 25), (30, 35)))
ON_A, ON_B, OFF = ("car", 0.9, A[1]), ("car", 0.5, B[1]), ("car", 0.7, mask((50, 60)))
HALF, EMPTY = ("car", 0.9, mask((0, 5))), ("car", 0.9, mask())
WIDE = 10**12

ORACLES = {
    "map_masks": Oracle(
        map_masks,
        images(),
        settings={"iou": st.sampled_from([None, 0.25, 0.5, 0.75, 1])},
        edges=[
            instances([], [], gives=UndefinedByReference),
            instances([[]], [[ON_A]], gives=UndefinedByReference),
            instances([[A]], [[]], gives=0),
            instances([[A]], [[EMPTY]], gives=0),
            instances([[A], []], [[ON_A], []], gives=1),
            instances([[A], []], [[ON_A], [("dog", *OFF[1:])]], gives=1),
            # Of ten overlaps it is enough for one.
            instances([[A]], [[HALF]], gives=0.1),
            instances([[A]], [[HALF]], gives=1, iou=0.5),
            # A run that lies across both others, and has 10 of its 35 pixels from the second.
            instances([[B]], [[("car", 0.9, mask((0, 35)))]], gives=1, iou=10 / 35),
            instances([[B]], [[("car", 0.9, mask((0, 35)))]], gives=0, iou=11 / 35),
            instances([[A]], [[ON_A, ON_A]], gives=1),
            # Half of the recalls at precision 1 (0.00 to 0.50 are 51 of 101), the others at 2/3.
            instances([[A, B]], [[ON_A, OFF, ON_B]], gives=(51 + 50 * 2 / 3) / 101),
            instances([[A, ("dog", B[1])]], [[ON_A]], gives=0.5),
            instances(
                [[("car", mask((0, WIDE)))]], [[("car", 0.9, mask((0, 5), (5, WIDE)))]], gives=1, iou=1
            ),
            # Behind a hundred others of its class in the image it is not looked at.
            instances([[A]], [[OFF] * 99 + [("car", 0.1, A[1])]], gives=0.01),
            instances([[A]], [[OFF] * 100 + [("car", 0.1, A[1])]], gives=0),
        ],
    ),
}
