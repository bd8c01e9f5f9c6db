"""Of single rows: how far they are off, and which are farthest."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from evaluators.figures.comparing import Compared, text
from evaluators.figures.kinds import LARGEST_COUNT
from evaluators.formulas.guard import Array, Floats
from evaluators.tables import values

BARS = 40
WORST = 20


def residuals(compared: Compared) -> dict[str, Any] | None:
    """How many rows are off by how much, prediction less answer, in bins whose middles are round numbers.

    So that zero is the middle of a bin, and borders tell nothing of single rows. Nothing where the
    difference leaves the range of a double.
    """
    with np.errstate(over="ignore"):
        differences = compared.said - compared.target
        low, high = float(differences.min()), float(differences.max())
    if not math.isfinite(high - low):
        return None
    step = _step(low, high)
    first, last = (math.floor(end / step + 0.5) for end in (low, high))
    edges = np.array([float(f"{(place - 0.5) * step:.12g}") for place in range(first, last + 2)])
    places = np.searchsorted(edges, differences, side="right") - 1
    counts = np.bincount(places.clip(0, len(edges) - 2), minlength=len(edges) - 1)
    return {"x": "", "edges": edges.tolist(), "counts": counts.tolist()}


def _step(low: float, high: float) -> float:
    """1, 2 or 5 times a power of ten, for at most 42 bins that doubles can tell apart."""
    widest = max(abs(low), abs(high))
    least = max((high - low) / BARS, widest * 1e-9, 1e-300)
    if high == low:
        least = widest / 10 or 1.0
    power = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in (1, 2, 5, 10, 20) if step * power >= least)


def examples(compared: Compared) -> dict[str, Any] | None:
    """The predictions that are farthest from their answers, the worst first; of equal ones the first.

    First as the submission has them: the order of the reference could tell of answers. Without the answers.
    """
    distances, said = _distances(compared)
    worst = _farthest(distances, compared.rows)
    if not len(worst):
        return None
    ids = values.texts(compared.ids.gather(compared.rows[worst])).to_list()
    rows = [[text(name), said(row)] for name, row in zip(ids, worst, strict=True)]
    return {"columns": ["id", "prediction"], "rows": rows}


def _distances(compared: Compared) -> tuple[Floats, Callable[[int], Any]]:
    """How far each row is off, and what was said of a row."""
    target, said = compared.target, compared.said
    if said.ndim == 1:
        with np.errstate(over="ignore"):
            return np.abs(said - target), lambda row: _number(said[row])
    right = said[np.arange(len(target)), target] / said.sum(axis=1)
    return 1 - right, lambda row: compared.coded.name(compared.coded.said[row])


def _number(value: float) -> int | float:
    return int(value) if float(value).is_integer() and abs(value) < LARGEST_COUNT else float(value)


def _farthest(distances: Floats, order: Array) -> Array:
    """The places of the largest distances, the largest first, and before others those that come first."""
    most = min(WORST, len(distances))
    least = np.partition(distances, -most)[-most]
    above, equal = np.flatnonzero(distances > least), np.flatnonzero(distances == least)
    found = np.concatenate([above, equal[np.argsort(order[equal])][: most - len(above)]])
    found = found[np.lexsort((order[found], -distances[found]))]
    worst: Array = found[distances[found] > 0]
    return worst
