"""Mean average precision of masks that are painted pixel by pixel."""

from typing import Any

import numpy as np
from hypothesis import strategies as st

from evaluators.errors import UndefinedByReference
from tests.evaluators.oracle import Edge, Oracle, Trouble
from tests.evaluators.oracles import boxes
from tests.evaluators.oracles.masks import NOTHING, of_pixels, painted, split_runs
from tests.evaluators.writing import cells

SQUARE = 1024


def unit(runs: Any) -> int:
    """Whole squares are painted as a pixel each."""
    return SQUARE if len(runs) and not (runs % SQUARE).any() else 1


def area(shape: Any) -> float:
    return float(len(painted(shape[0] // unit(shape[0])))) * unit(shape[0])


def overlap(one: Any, other: Any) -> float:
    by = min(unit(runs) for runs in (one[0], other[0]) if len(runs))
    a, b = painted(one[0] // by), painted(other[0] // by)
    return len(a & b) / len(a | b)


def map_masks(target: Any, prediction: Any, iou: float | None = None, size: str = "all") -> float:
    return boxes.mean_average_precision(
        target, prediction, iou, boxes.Comparing(overlap=overlap, area=area, size=size)
    )


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
    """Masks on both sides, some of each size; about half of those said are near one that is known."""
    known, said = [], []
    large = draw(st.sampled_from([1, SQUARE]))
    for row in range(draw(st.integers(1, 4))):
        own = draw(st.lists(st.tuples(KINDS, stretch()), min_size=not row, max_size=5))
        copies = [(kind, draw(SCORES), draw(near(runs))) for kind, runs in own if draw(st.booleans())]
        others = draw(st.lists(st.tuples(KINDS, SCORES, MASKS), max_size=5))
        sizes = [(draw(KINDS), mask((0, end * SQUARE))) for end in (1, 5, 20)] if row == 0 else []
        known.append((*((kind, runs * large) for kind, runs in own), *sizes))
        mixed = draw(st.permutations(copies + others))
        said.append(tuple((kind, score, runs * large) for kind, score, runs in mixed))
    return cells(known), cells(said)


def instances(known: Any, said: Any, gives: float | Trouble, **settings: Any) -> Edge:
    return Edge((cells(map(tuple, known)), cells(map(tuple, said))), gives, settings)


def mask(*runs: tuple[int, int]) -> Any:
    return np.array(runs, dtype=np.int64).reshape(-1, 2)


A, B = ("car", mask((0, 10))), ("car", mask((20, 25), (30, 35)))
ON_A, ON_B, OFF = ("car", 0.9, A[1]), ("car", 0.5, B[1]), ("car", 0.7, mask((50, 60)))
HALF, EMPTY = ("car", 0.9, mask((0, 5))), ("car", 0.9, mask())
LARGE, ON_LARGE = ("car", mask((100, 10_000))), ("car", 0.8, mask((100, 10_000)))
OFF_LARGE = ("car", 0.95, mask((20_000, 30_000)))
WIDE = 10**12

ORACLES = {
    "map_masks": Oracle(
        map_masks,
        images(),
        settings={
            "iou": st.sampled_from([None, 0.25, 0.5, 0.75, 1]),
            "size": st.sampled_from(list(boxes.SIZES)),
        },
        edges=[
            instances([[A]], [[ON_A]], gives=UndefinedByReference, size="medium"),
            instances([[A]], [[ON_A]], gives=1, size="small"),
            # What is large is neither missed, nor wrong: found or not.
            instances([[A, LARGE]], [[OFF_LARGE, ON_LARGE, ON_A]], gives=1, size="small"),
            instances([[A, LARGE]], [[OFF, ON_LARGE]], gives=1, size="large"),
            instances([[A], [B]], [[ON_A, OFF, EMPTY], [ON_B]], gives=(51 + 50 / 2) / 101, size="small"),
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
