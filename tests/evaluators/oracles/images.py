"""Similarity of pictures in plain loops, straight from Wang et al. 2004."""

import math
import statistics
from itertools import product
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from evaluators.errors import UndefinedByReference
from tests.evaluators.oracle import Edge, Oracle, Trouble
from tests.evaluators.writing import cells

SQUARE = [(y, x) for y in range(11) for x in range(11)]
WEIGHTS = {(y, x): math.exp(-((y - 5) ** 2 + (x - 5) ** 2) / (2 * 1.5**2)) for y, x in SQUARE}
TOTAL = math.fsum(WEIGHTS.values())


def planes(picture: Any, channels: str) -> list[list[list[float]]]:
    rows = np.asarray(picture).tolist()
    if not isinstance(rows[0][0], list):
        return [rows]
    if channels == "luma":
        return [[[16 + (65.481 * r + 128.553 * g + 24.966 * b) / 255 for r, g, b in row] for row in rows]]
    return [[[pixel[plane] for pixel in row] for row in rows] for plane in range(3)]


def psnr(target: Any, prediction: Any, channels: str = "all", cap: float = 100) -> float:
    found = []
    for pair in zip(target, prediction, strict=True):
        known, said = (
            [value for plane in planes(side, channels) for row in plane for value in row] for side in pair
        )
        error = math.fsum((a - b) ** 2 for a, b in zip(known, said, strict=True)) / len(known)
        found.append(cap if error == 0 else min(cap, 20 * math.log10(255) - 10 * math.log10(error)))
    return statistics.fmean(found)


def window(known: Any, said: Any, top: int, left: int) -> float:
    seen = [(WEIGHTS[y, x] / TOTAL, known[top + y][left + x], said[top + y][left + x]) for y, x in SQUARE]
    mean, other = math.fsum(w * a for w, a, _ in seen), math.fsum(w * b for w, _, b in seen)
    spread = math.fsum(w * (a - mean) ** 2 for w, a, _ in seen)
    another = math.fsum(w * (b - other) ** 2 for w, _, b in seen)
    both = math.fsum(w * (a - mean) * (b - other) for w, a, b in seen)
    first, second = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    above = (2 * mean * other + first) * (2 * both + second)
    return above / ((mean**2 + other**2 + first) * (spread + another + second))


def ssim(target: Any, prediction: Any, channels: str = "all") -> float:
    found = []
    for known, said in zip(target, prediction, strict=True):
        own = []
        for plane, other in zip(planes(known, channels), planes(said, channels), strict=True):
            places = product(range(len(plane) - 10), range(len(plane[0]) - 10))
            own.append(statistics.fmean(window(plane, other, *place) for place in places))
        found.append(statistics.fmean(own))
    return statistics.fmean(found)


@st.composite
def pictures(draw: st.DrawFn, least: int = 1) -> Any:
    known, said = [], []
    for _ in range(draw(st.integers(1, 2))):
        shape = (draw(st.integers(least, least + 2)), draw(st.integers(least, least + 3)))
        of_values = arrays(np.uint8, draw(st.sampled_from([shape, (*shape, 3)])))
        known.append(draw(of_values))
        said.append(draw(st.one_of(of_values, st.just(known[-1]))))
        said[-1] = draw(of_values) if said[-1].shape != known[-1].shape else said[-1]
    return cells(known), cells(said)


def one(known: Any, said: Any, gives: float | Trouble, **settings: Any) -> Edge:
    return Edge((cells([np.asarray(known)]), cells([np.asarray(said)])), gives, settings)


NO_ROWS = Edge((cells([]), cells([])), UndefinedByReference, {})
BLACK, WHITE = np.zeros((11, 12), np.uint8), np.full((11, 12), 255, np.uint8)
RED = np.dstack([WHITE, BLACK, BLACK])
SMALL = np.zeros((10, 30), np.uint8)
NEAR = np.full((11, 12), 254, np.uint8)
FAR_APART = (0.01 * 255) ** 2 / (255**2 + (0.01 * 255) ** 2)
CHANNELS = st.sampled_from(["all", "luma"])

ORACLES = {
    "psnr": Oracle(
        psnr,
        pictures(),
        settings={"channels": CHANNELS, "cap": st.sampled_from([100, 20])},
        edges=[
            NO_ROWS,
            one(BLACK, BLACK, gives=100),
            one(BLACK, BLACK, gives=60, cap=60),
            one(BLACK, WHITE, gives=0),
            one(WHITE, NEAR, gives=20 * math.log10(255)),
            one(WHITE, NEAR, gives=40, cap=40),
            one(RED, np.dstack([BLACK] * 3), gives=10 * math.log10(3)),
            one(RED, np.dstack([BLACK] * 3), gives=20 * math.log10(255 / 65.481), channels="luma"),
        ],
    ),
    "ssim": Oracle(
        ssim,
        pictures(11),
        settings={"channels": CHANNELS},
        edges=[
            NO_ROWS,
            one(SMALL, SMALL, gives=UndefinedByReference),
            one(BLACK, BLACK, gives=1),
            one(BLACK, WHITE, gives=FAR_APART),
            # The two other colours are alike.
            one(RED, np.dstack([BLACK] * 3), gives=(FAR_APART + 2) / 3),
        ],
    ),
}
