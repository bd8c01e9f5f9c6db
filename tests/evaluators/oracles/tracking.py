"""MOTA, IDF1 and HOTA in plain loops from their papers; the best assignment is found by trying them all."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import permutations
from math import sqrt
from typing import Any

import numpy as np
from hypothesis import strategies as st

from evaluators.errors import UndefinedByReference
from tests.evaluators.oracle import Edge, Oracle, Trouble
from tests.evaluators.oracles.boxes import overlap
from tests.evaluators.walks import Boxes, Frame, cell, sequences
from tests.evaluators.writing import cells

LEVELS = [round(0.05 * step, 2) for step in range(1, 20)]


def best(worth: Mapping[tuple[int, int], float]) -> list[tuple[int, int]]:
    """The pairs that are worth most together, each of them something, none with a side of another."""
    sides = [sorted({pair[side] for pair in worth}) for side in (0, 1)]
    few, many = sorted(sides, key=len)
    turn = 1 if few is sides[0] else -1
    ways = permutations(many, len(few))
    tried = ([(one, other)[::turn] for one, other in zip(few, way, strict=True)] for way in ways)
    found = max(tried, key=lambda pairs: sum(worth.get(pair, 0) for pair in pairs), default=[])
    return [pair for pair in found if worth.get(pair, 0) > 0]


def videos(target: Any, prediction: Any, groups: Any, frame: Any = None) -> list[list[Frame]]:
    found = defaultdict(list)
    for row in range(len(target)) if frame is None else np.argsort(frame, kind="stable"):
        sides = [{int(box[0]): tuple(box[1:]) for box in cell[row]} for cell in (target, prediction)]
        found[int(groups[row])].append((sides[0], sides[1]))
    return list(found.values())


def overlaps(frame: Frame) -> dict[tuple[int, int], float]:
    return {(k, s): overlap(known, said) for k, known in frame[0].items() for s, said in frame[1].items()}


def clear(frames: list[Frame], iou: float) -> Counter[str]:
    found: Counter[str] = Counter()
    last: dict[int, int] = {}
    before: dict[int, int] = {}
    for frame in frames:
        found += Counter(known=len(frame[0]), said=len(frame[1]))
        if not frame[0] or not frame[1]:
            continue
        shared = overlaps(frame)
        fits = {
            pair: share + 100 * (before.get(pair[0]) == pair[1])
            for pair, share in shared.items()
            if share >= iou - 1e-15
        }
        before = dict(best(fits))
        for known, said in before.items():
            found["right"] += 1
            found["overlap"] += shared[known, said]  # type: ignore[assignment]  # a sum of parts of pixels
            found["switches"] += last.get(known, said) != said
        last |= before
    return found


def of_all(target: Any, prediction: Any, groups: Any, frame: Any, iou: float) -> Counter[str]:
    return sum((clear(each, iou) for each in videos(target, prediction, groups, frame)), Counter())


def mota(target: Any, prediction: Any, groups: Any, frame: Any, iou: float = 0.5) -> float:
    found = of_all(target, prediction, groups, frame, iou)
    errors = found["known"] - found["right"] + found["said"] - found["right"] + found["switches"]
    return 1 - errors / found["known"]


def motp(target: Any, prediction: Any, groups: Any, frame: Any, iou: float = 0.5) -> float:
    found = of_all(target, prediction, groups, frame, iou)
    return found["overlap"] / found["right"] if found["right"] else 0


def idf1(target: Any, prediction: Any, groups: Any, iou: float = 0.5) -> float:
    right = boxes = 0
    for frames in videos(target, prediction, groups):
        shared = Counter(pair for frame in frames for pair, share in overlaps(frame).items() if share >= iou)
        right += sum(shared[pair] for pair in best(shared))
        boxes += sum(len(known) + len(said) for known, said in frames)
    return 2 * right / boxes


def matched(frames: list[Frame]) -> list[tuple[int, int, float]]:
    """Each pair that HOTA matches in some frame, with its overlap there."""
    counts = [Counter(track for frame in frames for track in frame[side]) for side in (0, 1)]
    together: dict[tuple[int, int], float] = defaultdict(float)
    for frame in frames:
        shared = overlaps(frame)
        for (k, s), share in shared.items():
            rivals = sum(other for pair, other in shared.items() if pair[0] == k or pair[1] == s)
            together[k, s] += share / rivals if share else 0
    alike = {pair: c / (counts[0][pair[0]] + counts[1][pair[1]] - c) for pair, c in together.items()}
    found = []
    for frame in frames:
        shared = overlaps(frame)
        pairs = best({pair: alike[pair] * share for pair, share in shared.items()})
        found += [(*pair, shared[pair]) for pair in pairs]
    return found


def higher_order(target: Any, prediction: Any, groups: Any) -> list[tuple[float, float]]:
    """Of each level the accuracy of detection and of association."""
    every = videos(target, prediction, groups)
    known, said = (sum(len(frame[side]) for frames in every for frame in frames) for side in (0, 1))
    pairs = [(frames, matched(frames)) for frames in every]
    found = []
    for level in LEVELS:
        right, association = 0, 0.0
        for frames, of_video in pairs:
            own = [(k, s) for k, s, share in of_video if share >= level - 1e-12]
            right += len(own)
            for k, s in own:
                both = own.count((k, s))
                either = sum(k in frame[0] for frame in frames) + sum(s in frame[1] for frame in frames)
                association += both / (either - both)
        found.append((right / (known + said - right), association / right if right else 0))
    return found


def hota(target: Any, prediction: Any, groups: Any) -> float:
    return sum(sqrt(d * a) for d, a in higher_order(target, prediction, groups)) / len(LEVELS)


def det_a(target: Any, prediction: Any, groups: Any) -> float:
    return sum(d for d, _ in higher_order(target, prediction, groups)) / len(LEVELS)


def ass_a(target: Any, prediction: Any, groups: Any) -> float:
    return sum(a for _, a in higher_order(target, prediction, groups)) / len(LEVELS)


A, B = (0.0, 0.0, 10.0, 10.0), (20.0, 0.0, 30.0, 10.0)
HALF, FAR = (0.0, 0.0, 10.0, 5.0), (90.0, 0.0, 99.0, 9.0)


def frames(*rows: tuple[Boxes, Boxes], gives: float | Trouble, groups: Any = None, **settings: Any) -> Edge:
    """Frames of one sequence, unless ``groups`` says otherwise."""
    known, said = (cells(cell(row[side]) for row in rows) for side in (0, 1))
    return Edge((known, said, np.array(groups or [0] * len(rows), dtype=int)), gives, settings)


def ordered(*rows: tuple[Boxes, Boxes], gives: float | Trouble, order: Any = None, **settings: Any) -> Edge:
    """The same in this order, else as they come."""
    made = frames(*rows, gives=gives, **settings)
    numbers = np.arange(len(rows)) if order is None else np.array(order)
    return Edge((*made.columns, numbers), gives, made.settings)


SAME, MISSED, WRONG, NOTHING = ({1: A}, {7: A}), ({1: A}, {}), ({1: A}, {7: FAR}), ({}, {})
TOO_MANY, HALVED, SWITCHED = (
    ({1: A}, {7: FAR, 8: A}),
    ({1: A}, {7: HALF}),
    [({1: A}, {7: A}), ({1: A}, {8: A})],
)
KEPT = [({1: A}, {7: A}), ({1: A}, {8: A, 7: HALF})]
APART = [KEPT[0], ({}, {9: A}), KEPT[1]]
TWO = [({1: A, 2: B}, {7: A, 8: B}), ({1: A, 2: B}, {8: A, 7: B})]


def undefined(made: Any) -> list[Edge]:
    return [made(gives=UndefinedByReference), made(NOTHING, ({}, {7: A}), gives=UndefinedByReference)]


LEVELS_TO_HALF = 10 / 19

ORACLES = {
    "hota": Oracle(
        hota,
        sequences(),
        edges=[
            *undefined(frames),
            frames(MISSED, gives=0),
            frames(WRONG, gives=0),
            frames(SAME, NOTHING, gives=1),
            frames(TOO_MANY, gives=sqrt(1 / 2)),
            frames(HALVED, gives=LEVELS_TO_HALF),
            frames(*SWITCHED, gives=sqrt(1 / 2)),
            frames(*SWITCHED, gives=1, groups=[0, 1]),
            # Of each of the four boxes two tracks share one in three.
            frames(*TWO, gives=sqrt(1 / 3)),
        ],
    ),
    "det_a": Oracle(
        det_a,
        sequences(),
        edges=[
            *undefined(frames),
            frames(MISSED, gives=0),
            frames(SAME, MISSED, gives=1 / 2),
            frames(TOO_MANY, gives=1 / 2),
            frames(HALVED, gives=LEVELS_TO_HALF),
            frames(*SWITCHED, gives=1),
        ],
    ),
    "ass_a": Oracle(
        ass_a,
        sequences(),
        edges=[
            *undefined(frames),
            frames(MISSED, gives=0),
            frames(SAME, MISSED, gives=1 / 2),
            frames(TOO_MANY, gives=1),
            frames(HALVED, gives=LEVELS_TO_HALF),
            frames(*SWITCHED, gives=1 / 2),
            frames(*TWO, gives=1 / 3),
            frames(*TWO, SAME, SAME, gives=1, groups=[0, 1, 2, 3]),
        ],
    ),
    "mota": Oracle(
        mota,
        sequences(ordered=True),
        settings={"iou": st.sampled_from([0.3, 0.5, 0.75])},
        edges=[
            *undefined(ordered),
            ordered(MISSED, gives=0),
            ordered(WRONG, gives=-1),
            ordered(SAME, NOTHING, gives=1),
            ordered(HALVED, gives=1),
            ordered(HALVED, gives=-1, iou=0.6),
            ordered(*SWITCHED, gives=1 / 2),
            ordered(*SWITCHED, gives=1, groups=[0, 1]),
            ordered(*SWITCHED, SAME, gives=1 / 3),
            ordered(*SWITCHED, SAME, gives=2 / 3, order=[0, 2, 1]),
            ordered(SAME, MISSED, SWITCHED[1], gives=1 / 3),
            ordered(*KEPT, gives=1 / 2),
            ordered(*APART, gives=0),
            ordered(*TWO, gives=1 / 2),
        ],
    ),
    "motp": Oracle(
        motp,
        sequences(ordered=True),
        settings={"iou": st.sampled_from([0.3, 0.5, 0.75])},
        edges=[
            *undefined(ordered),
            ordered(MISSED, gives=0),
            ordered(HALVED, gives=0.5),
            ordered(HALVED, gives=0, iou=0.6),
            ordered(*KEPT, gives=0.75),
            ordered(*APART, gives=0.75),
        ],
    ),
    "idf1": Oracle(
        idf1,
        sequences(),
        settings={"iou": st.sampled_from([0.3, 0.5, 0.75])},
        edges=[
            *undefined(frames),
            frames(MISSED, gives=0),
            frames(WRONG, gives=0),
            frames(TOO_MANY, gives=2 / 3),
            frames(HALVED, gives=1),
            frames(HALVED, gives=0, iou=0.6),
            frames(*SWITCHED, gives=1 / 2),
            frames(*SWITCHED, gives=1, groups=[0, 1]),
            frames(*TWO, SAME, gives=6 / 10),
        ],
    ),
}
