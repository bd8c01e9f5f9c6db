"""Masks painted pixel by pixel."""

from itertools import pairwise
from typing import Any

import numpy as np
from hypothesis import strategies as st

from evaluators.errors import UndefinedByReference
from tests.evaluators.oracle import Edge, Oracle, Trouble
from tests.evaluators.writing import cells


def of_pixels(pixels: Any) -> Any:
    """The runs of a row of pixels that are there or not."""
    steps = np.diff(np.concatenate([[0], np.asarray(pixels, dtype=np.int64), [0]]))
    return np.column_stack([np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)])


def painted(runs: Any) -> set[int]:
    return {pixel for start, end in runs for pixel in range(start, end)}


def mask_iou(target: Any, prediction: Any) -> float:
    pairs = [(painted(a), painted(b)) for a, b in zip(target, prediction, strict=True)]
    return float(np.mean([len(a & b) / len(a | b) if a | b else 1 for a, b in pairs]))


def dice(target: Any, prediction: Any) -> float:
    pairs = [(painted(a), painted(b)) for a, b in zip(target, prediction, strict=True)]
    return float(np.mean([2 * len(a & b) / (len(a) + len(b)) if a | b else 1 for a, b in pairs]))


def mean_iou(target: Any, prediction: Any) -> float:
    shares = []
    for column in range(target.shape[1]):
        rows = list(zip(target[:, column], prediction[:, column], strict=True))
        both = sum(len(painted(a) & painted(b)) for a, b in rows)
        either = sum(len(painted(a) | painted(b)) for a, b in rows)
        shares += [both / either] if either else []
    return sum(shares) / len(shares)


NOTHING = np.zeros((0, 2), dtype=np.int64)


@st.composite
def split_runs(draw: st.DrawFn) -> Any:
    """Runs of an image of 30 pixels, of which some follow each other without a gap."""
    runs = of_pixels(draw(st.lists(st.booleans(), min_size=30, max_size=30)))
    cuts = draw(st.sets(st.integers(1, 29)))
    parts = []
    for start, end in runs.tolist():
        places = [start, *sorted(cut for cut in cuts if start < cut < end), end]
        parts += pairwise(places)
    return np.array(parts, dtype=np.int64).reshape(-1, 2)


def sides() -> st.SearchStrategy[Any]:
    pairs = st.lists(st.tuples(split_runs(), split_runs()), min_size=1, max_size=5)
    return pairs.map(lambda rows: (cells(a for a, _ in rows), cells(b for _, b in rows)))


@st.composite
def classes(draw: st.DrawFn) -> Any:
    """Masks of up to three classes, some of which nobody names, and a first one with a pixel."""
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    found = []
    for side in range(2):
        masks = [
            [draw(st.one_of(split_runs(), st.just(NOTHING))) for _ in range(columns)] for _ in range(rows)
        ]
        masks[0][0] = masks[0][0] if side or len(masks[0][0]) else np.array([[0, 3]])
        found.append(np.column_stack([cells(row[column] for row in masks) for column in range(columns)]))
    return tuple(found)


def of_classes(known: Any, said: Any, gives: float | Trouble) -> Edge:
    """Rows of a mask for each class."""
    sides = (
        np.column_stack(
            [cells(np.array(runs, dtype=np.int64).reshape(-1, 2) for runs in column) for column in side]
        )
        for side in (zip(*known, strict=True), zip(*said, strict=True))
    )
    return Edge(tuple(sides), gives, {})


def masks(known: Any, said: Any, gives: float | Trouble) -> Edge:
    sides = (cells(np.array(runs, dtype=np.int64).reshape(-1, 2) for runs in side) for side in (known, said))
    return Edge(tuple(sides), gives, {})


EMPTY: list[Any] = []
BOTH = [
    masks([], [], gives=UndefinedByReference),
    masks([EMPTY], [EMPTY], gives=1),
    masks([EMPTY, [(0, 3)]], [[(0, 1)], EMPTY], gives=0),
    masks([[(0, 10**12)]], [[(0, 5), (5, 10**12)]], gives=1),
    masks([[(0, 2)]], [[(2, 4)]], gives=0),
]
HALF = [(0, 5 * 10**11)]

ORACLES = {
    "mask_iou": Oracle(mask_iou, sides(), edges=[*BOTH, masks([[(0, 10**12)]], [HALF], gives=1 / 2)]),
    "dice": Oracle(dice, sides(), edges=[*BOTH, masks([[(0, 10**12)]], [HALF], gives=2 / 3)]),
    "mean_iou": Oracle(
        mean_iou,
        classes(),
        edges=[
            masks([], [], gives=UndefinedByReference),
            masks([EMPTY], [[(0, 1)]], gives=UndefinedByReference),
            # Of one class: pixels are summed over images, 3 shared of 5.
            masks([[(0, 4)], [(0, 1)]], [[(0, 2)], [(0, 1)]], gives=3 / 5),
            of_classes([[[(0, 4)], EMPTY, [(4, 8)]]], [[[(0, 2)], EMPTY, [(4, 8)]]], gives=3 / 4),
            of_classes([[[(0, 4)], EMPTY]], [[[(0, 4)], [(5, 6)]]], gives=1 / 2),
            of_classes([[[(0, 4)], [(4, 8)]]], [[EMPTY, EMPTY]], gives=0),
        ],
    ),
}
