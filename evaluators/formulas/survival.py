"""Metrics of the time until an event, which is not seen of everybody.

The target is a matrix of two columns: a time, and whether the event happened then (1) or the subject was
followed up to then without it (0). An event at a time comes before the end of a follow-up at the same time.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from evaluators.errors import UndefinedByReference
from evaluators.formulas.guard import Array, Bools, Floats, metric

Codes = NDArray[np.int64]


@metric
def concordance_index(target: Array, prediction: Array, predicts: str = "risk") -> float:
    """Share of comparable pairs in order, equal predictions counting half (Harrell et al. 1982).

    A pair is comparable when the earlier of two times is that of an event, or when one of two equal times is
    and the other is not. The higher risk belongs to the earlier event, or, where it is times that are
    predicted, the lower time. Range 0..1, higher is better, ½ is chance. Undefined where no pair is
    comparable.
    """
    time, event = target[:, 0], target[:, 1] > 0
    risk = np.unique(-prediction if predicts == "time" else prediction, return_inverse=True)[1]
    # Events at one time are a step and ends of follow-up the next: an event is comparable with what stands
    # on a later step, and with nothing else.
    step = 2 * np.unique(time, return_inverse=True)[1] + ~event
    lower, equal, pairs = _later(step, risk, event)
    if pairs == 0:
        raise UndefinedByReference("no two rows can be compared")
    return (2 * lower + equal) / (2 * pairs)


def _later(step: Codes, risk: Codes, event: Bools) -> tuple[int, int, int]:
    """Of pairs of an event and a row on a later step: those where it has a lower risk, an equal one, and all.

    Two steps part at the highest bit in which they differ. So rows lie in blocks by their bits above one, by
    risk in each, are counted, and then part by that bit: as many passes over the rows as a step has bits.
    """
    order = np.argsort(risk, kind="stable")
    step, risk, event = step[order], risk[order], event[order]
    lower = equal = pairs = 0
    for bit in reversed(range(int(step.max()).bit_length())):
        later = (step >> bit & 1).astype(bool)
        block = np.diff(step >> bit + 1, prepend=-1) > 0
        start, end = _runs(block)
        first, last = _runs(block | (np.diff(risk, prepend=-1) != 0))
        before = np.append(0, np.cumsum(later))
        early = event & ~later
        lower += int((before[first] - before[start])[early].sum())
        equal += int((before[last] - before[first])[early].sum())
        pairs += int((before[end] - before[start])[early].sum())
        rows = np.arange(len(step))
        place = np.where(later, end - before[end] + before[:-1], rows - before[:-1] + before[start])
        order[place] = rows
        step, risk, event = step[order], risk[order], event[order]
    return lower, equal, pairs


def _runs(opens: Bools) -> tuple[Codes, Codes]:
    """For each row, where its run begins and where the next one does."""
    edges = np.append(np.flatnonzero(opens), len(opens))
    run = np.cumsum(opens) - 1
    return edges[run], edges[run + 1]


@metric
def integrated_brier(target: Array, survival: Array, times: Sequence[float]) -> float:
    """Mean over time of the squared error of the probability to survive (Graf et al. 1999).

    At each of the times: mean of S²/G(T) over rows with an event by then, of (1 - S)²/G(t) over rows that are
    followed up longer, and of 0 over the others, divided by all rows. G is the Kaplan-Meier estimate of
    follow-up, from these very rows, to which an event at the same time has not been lost. Between the times
    lie straight lines; with one time it is the score then. Range from 0, lower is better. Undefined where
    nobody is followed up longer than the last of the times.
    """
    time, event = target[:, 0], target[:, 1] > 0
    if times[-1] >= time.max():
        raise UndefinedByReference("nobody is followed up longer than the last of `times`")
    known, followed = _follow_up(time, event)
    weight = 1 / followed[np.searchsorted(known, time, side="right") - 1].clip(min=np.finfo(np.float64).tiny)
    curves = survival.reshape(len(time), -1)
    scores = []
    for moment, curve in zip(times, curves.T, strict=True):
        past = np.searchsorted(known, moment, side="right") - 1
        had = np.where(event & (time <= moment), np.square(curve) * weight, 0.0)
        has_not = np.where(time > moment, np.square(1 - curve), 0.0) / (followed[past] if past >= 0 else 1.0)
        scores.append(float(np.mean(had + has_not)))
    if len(scores) == 1:
        return scores[0]
    return float(np.trapezoid(scores, times) / (times[-1] - times[0]))


def _follow_up(time: Floats, event: Bools) -> tuple[Floats, Floats]:
    """The distinct times, and the share of follow-ups that last beyond each, if no event ended them."""
    known, place = np.unique(time, return_inverse=True)
    lost = np.bincount(place, weights=~event)
    events = np.bincount(place, weights=event)
    there = np.cumsum((lost + events)[::-1])[::-1] - events
    return known, np.cumprod(1 - lost / there.clip(min=1))
