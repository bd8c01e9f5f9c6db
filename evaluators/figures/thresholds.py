"""What each threshold finds of one class against the rest, thinned out to what can be drawn.

A pair of arrays are the points of a line, from left to right.
"""

from typing import NamedTuple

import numpy as np

from evaluators.formulas.guard import Array, Bools, Floats
from evaluators.formulas.probabilities import counts_by_score

Points = tuple[Array, Array]


class Found(NamedTuple):
    """False and true positive rate, recall and precision; None where there are no rows to divide by."""

    rates: Points | None
    precisions: Points | None


def found(target: Bools, scores: Floats, most: int) -> Found:
    """The lines of both curves, of at most so many points that all lie on the true ones."""
    positives, negatives = counts_by_score(target, scores)
    hits, errors = (np.cumsum(side[::-1]) for side in (positives, negatives))
    if not hits[-1]:
        return Found(None, None)
    return Found(_rates(hits, errors, most) if errors[-1] else None, _precisions(hits, errors, most))


def _rates(hits: Array, errors: Array, most: int) -> Points:
    """Without points between others on a straight line."""
    hits, errors = np.append(0, hits), np.append(0, errors)
    up, across = np.diff(hits), np.diff(errors)
    turns = up[1:] * across[:-1] != up[:-1] * across[1:]
    hits, errors = (side[np.concatenate([[True], turns, [True]])] for side in (hits, errors))
    rise, rate = hits / hits[-1], errors / errors[-1]
    chosen = _spread(rise + rate, most)
    return rate[chosen], rise[chosen]


def _precisions(hits: Array, errors: Array, most: int) -> Points:
    """The best precision where several thresholds find as many (Davis and Goadrich 2006)."""
    first = np.flatnonzero(np.diff(hits, prepend=0))
    hits, errors = hits[first], errors[first]
    recall = hits / hits[-1]
    chosen = _spread(recall, most)
    return recall[chosen], (hits / (hits + errors))[chosen]


def _spread(way: Array, most: int) -> Array:
    """Places at about equal distances on a rising way, with both ends; all of them where they are few."""
    if len(way) <= most:
        return np.arange(len(way))
    return np.unique(np.searchsorted(way, np.linspace(way[0], way[-1], most)))
