"""Sequences of frames as objects may make them: they cross each other, are missed, and change their track."""

from collections.abc import Mapping
from random import Random
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tests.evaluators.writing import cells

Boxes = dict[int, tuple[float, ...]]
Frame = tuple[Boxes, Boxes]


def cell(boxes: Mapping[int, tuple[float, ...]]) -> Any:
    return np.array([[track, *box] for track, box in boxes.items()], dtype=float).reshape(-1, 5)


def near(chance: Random, box: tuple[float, ...]) -> tuple[float, ...]:
    """A box that overlaps with it more or less; no two alike, so that no assignment is as good as another."""
    moved = [edge + chance.uniform(-2, 2) for edge in box]
    return (moved[0], moved[1], max(moved[0] + 0.5, moved[2]), max(moved[1] + 0.5, moved[3]))


def walk(chance: Random, tracks: int, frames: int) -> list[Frame]:
    """Objects that cross each other, are missed now and then, and change their track."""
    places = {track: [chance.uniform(0, 12), chance.uniform(0, 12)] for track in range(tracks)}
    names = {track: chance.randrange(5) for track in range(tracks)}
    found: list[Frame] = []
    for _ in range(frames):
        known, said = {}, {}
        for track, place in places.items():
            place[:] = [edge + chance.uniform(-2, 2) for edge in place]
            box = (*place, place[0] + chance.uniform(4, 9), place[1] + chance.uniform(4, 9))
            if chance.random() < 0.8:
                known[track] = box
            if chance.random() < 0.2:
                names[track] = chance.randrange(5)
            if chance.random() < 0.8:
                said[names[track]] = near(chance, box)
        found.append((known, said))
    return found


@st.composite
def sequences(draw: st.DrawFn, *, ordered: bool = False) -> tuple[Any, ...]:
    """Frames of one or two sequences, mixed, the last of them with a box that is known."""
    chance = Random(draw(st.integers(0, 10**6)))
    videos = [
        walk(chance, draw(st.integers(1, 4)), draw(st.integers(1, 6))) for _ in range(chance.choice([1, 2]))
    ]
    rows = [(known, said, group) for group, frames in enumerate(videos) for known, said in frames]
    rows.append(({0: (0.0, 0.0, 1.0, 1.0)}, {}, 0))
    chance.shuffle(rows)
    columns = (
        cells(cell(known) for known, _, _ in rows),
        cells(cell(said) for _, said, _ in rows),
        np.array([group for *_, group in rows]),
    )
    return (*columns, np.array([chance.random() for _ in rows])) if ordered else columns
