"""What thresholds find, and how far probabilities can be taken at their word."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from evaluators.figures.comparing import Compared, Side, Thresholds
from evaluators.figures.kinds import MOST_POINTS
from evaluators.formulas.guard import Array

BINS = 10
FEWER_POINTS = 51
DIGITS = 6


def roc(compared: Compared) -> dict[str, Any] | None:
    """False and true positive rate at each threshold, without points between others on a straight line.

    A line needs rows of both kinds.
    """
    lines = [line for line in compared.thresholds if line.hits[-1] and line.errors[-1]]
    return _curve([(line.name, *_rates(line, _most(lines))) for line in lines], diagonal=True)


def precision_recall(compared: Compared) -> dict[str, Any] | None:
    """Recall and precision, the best one where several thresholds find as many (Davis and Goadrich 2006).

    The others stand below it on a vertical line. A line needs positive rows.
    """
    lines = [line for line in compared.thresholds if line.hits[-1]]
    return _curve([(line.name, *_precisions(line, _most(lines))) for line in lines], diagonal=False)


def calibration(compared: Compared) -> dict[str, Any] | None:
    """Mean probability and share of positive rows, in bins of equal width that hold their upper border.

    As many as the metric has, or ten; those without rows are left out.
    """
    bins = min(compared.measure.parameters.get("bins", BINS), _most(compared.sides))
    return _curve([(side.name, *_reliability(side, bins)) for side in compared.sides], diagonal=True)


def _curve(lines: Sequence[tuple[str, Array, Array]], *, diagonal: bool) -> dict[str, Any] | None:
    drawn = [{"name": name, "points": _points(across, up)} for name, across, up in lines]
    return {"x": "", "y": "", "lines": drawn, "diagonal": diagonal} if drawn else None


def _points(across: Array, up: Array) -> list[list[float]]:
    points: list[list[float]] = np.column_stack([across, up]).round(DIGITS).tolist()
    return points


def _most(lines: Sequence[Any]) -> int:
    """How many points a line may have: many lines together would be long."""
    return MOST_POINTS if len(lines) == 1 else FEWER_POINTS


def _rates(line: Thresholds, most: int) -> tuple[Array, Array]:
    hits, errors = (np.append(0, side) for side in (line.hits, line.errors))
    up, across = np.diff(hits), np.diff(errors)
    turns = up[1:] * across[:-1] != up[:-1] * across[1:]
    hits, errors = (side[np.concatenate([[True], turns, [True]])] for side in (hits, errors))
    rise, rate = hits / hits[-1], errors / errors[-1]
    chosen = _spread(rise + rate, most)
    return rate[chosen], rise[chosen]


def _precisions(line: Thresholds, most: int) -> tuple[Array, Array]:
    first = np.flatnonzero(np.diff(line.hits, prepend=0))
    hits, errors = line.hits[first], line.errors[first]
    recall = hits / hits[-1]
    chosen = _spread(recall, most)
    return recall[chosen], (hits / (hits + errors))[chosen]


def _spread(way: Array, most: int) -> Array:
    """Places at about equal distances on a rising way, with both ends; all of them where they are few."""
    if len(way) <= most:
        return np.arange(len(way))
    return np.unique(np.searchsorted(way, np.linspace(way[0], way[-1], most)))


def _reliability(side: Side, bins: int) -> tuple[Array, Array]:
    said = side.said / side.whole
    places = np.searchsorted(np.arange(1, bins) / bins, said)
    rows = np.bincount(places)
    kept = rows > 0
    sums = (np.bincount(places, weights=weights)[kept] for weights in (said, side.target))
    across, up = (total / rows[kept] for total in sums)
    return across, up
