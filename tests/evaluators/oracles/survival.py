"""Survival by loops over pairs and over moments, straight from the definitions."""

import itertools
from typing import Any

import numpy as np
from hypothesis import strategies as st

from evaluators.errors import UndefinedByReference
from tests.evaluators.arrays import Pair, columns, few, plain
from tests.evaluators.oracle import Oracle, edge

time = st.one_of(st.integers(0, 6).map(float), st.floats(0, 100))
event = st.sampled_from([0.0, 1.0])
chance = st.one_of(st.floats(0, 1), st.sampled_from([0.0, 0.5, 1.0]))
TIMES = [1.0, 2.5, 4.0]


def pairs(target: Any, prediction: Any) -> list[float]:
    """What each comparable pair counts, by risk."""
    rows = zip(*target.T.tolist(), prediction.tolist(), strict=True)
    return [
        1 if r > s else 0.5 if r == s else 0
        for (t, e, r), (u, f, s) in itertools.permutations(rows, 2)
        if e and (t < u or (t == u and not f))
    ]


def concordance(target: Any, prediction: Any, predicts: str) -> float:
    found = pairs(target, prediction if predicts == "risk" else -prediction)
    return sum(found) / len(found)


def brier(target: Any, curve: Any, moment: float) -> float:
    """Graf's score at one moment."""
    rows = target.tolist()
    total = 0.0
    for (t, e), s in zip(rows, curve.tolist(), strict=True):
        if t <= moment and e:
            total += s**2 / followed(rows, t)
        elif t > moment:
            total += (1 - s) ** 2 / followed(rows, moment)
    return total / len(rows)


def followed(rows: list[list[float]], moment: float) -> float:
    """Product over the times up to then of the share of follow-ups that go on."""
    share = 1.0
    for u in sorted({t for t, _ in rows if t <= moment}):
        lost = sum(t == u and not e for t, e in rows)
        there = sum(t > u or (t == u and not e) for t, e in rows)
        share *= 1 - lost / there if lost else 1
    return share


def integrated(target: Any, survival: Any, times: list[float]) -> float:
    each = [brier(target, curve, moment) for curve, moment in zip(survival.T, times, strict=True)]
    steps = zip(itertools.pairwise(times), itertools.pairwise(each), strict=True)
    return sum((b - a) * (x + y) / 2 for (a, b), (x, y) in steps) / (times[-1] - times[0])


def outcomes(found: tuple[Any, ...]) -> Pair:
    """Two columns of answers, the rest predictions."""
    rest = found[2:]
    return np.column_stack(found[:2]), rest[0] if len(rest) == 1 else np.column_stack(rest)


EVENTS = np.array([[1.0, 1], [2, 1], [3, 1], [4, 1]])
LOST = np.array([[1.0, 0], [2, 1], [3, 0], [4, 0]])
HALVES = np.full((4, 2), 0.5)

ORACLES = {
    "concordance_index": Oracle(
        concordance,
        columns(time, event, st.one_of(few, plain)).map(outcomes).filter(lambda pair: pairs(*pair)),
        {"predicts": st.sampled_from(["risk", "time"])},
        edges=[
            edge(EVENTS, np.zeros(4), gives=1 / 2),
            edge(EVENTS, np.array([4.0, 3, 2, 1]), gives=1),
            edge(EVENTS, np.array([4.0, 3, 2, 1]), gives=0, predicts="time"),
            edge(EVENTS * [1, 0], np.arange(4.0), gives=UndefinedByReference),
            edge(EVENTS * [0, 1], np.arange(4.0), gives=UndefinedByReference),
            edge([[4.0, 1], [1, 0], [2, 0]], np.arange(3.0), gives=UndefinedByReference),
            edge([[2.0, 1], [2, 0]], [5.0, 1.0], gives=1),
            edge([[1.0, 1], [2, 1], [2, 0], [3, 0], [4, 1]], [9.0, 5, 5, 6, 1], gives=5.5 / 7),
        ],
    ),
    "integrated_brier": Oracle(
        integrated,
        columns(time, event, chance, chance, chance)
        .map(outcomes)
        .filter(lambda pair: pair[0][:, 0].max() > TIMES[-1]),
        {"times": st.just(TIMES)},
        edges=[
            edge(EVENTS, HALVES, gives=0.25, times=[1, 2]),
            edge(EVENTS, 1 - HALVES * [0, 2], gives=(0.25 + 0.5) / 2, times=[1, 2]),
            edge(LOST, [0.1, 0.5, 1, 1], gives=0.25 / 0.75 / 4, times=[2]),
            edge(LOST, [0.1, 0.5, 0.5, 1], gives=(0.25 + 0.25) / 0.75 / 4, times=[2]),
            edge(EVENTS, HALVES, gives=UndefinedByReference, times=[1, 4]),
            edge(LOST * [1, 0], [0.1, 0.5, 0, 1], gives=1 / 0.5 / 4, times=[2]),
        ],
    ),
}
