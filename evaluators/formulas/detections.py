"""Mean average precision of what is found in images, as COCO has it, whatever tells where it is.

A row is an image, and a cell a tuple of objects: a class, in predictions a score, and a shape.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any, TypeAlias

import numpy as np

from evaluators.errors import UndefinedByReference
from evaluators.formulas.guard import Array, Bools, Floats

Shape: TypeAlias = tuple[Any, ...]
OfClass: TypeAlias = Mapping[int, list[Shape]]
"""By row its objects, without their class."""
Overlaps: TypeAlias = Callable[[Sequence[Shape], Sequence[Shape]], Floats]
"""Of each shape of one side with each of the other the shared area, in parts of that of either."""

MOST_LOOKED_AT = 100
"""Objects of a class in an image, the highest scores first; what COCO calls maxDets."""

OVERLAPS = np.linspace(0.5, 0.95, 10)
RECALLS = np.linspace(0, 1, 101)
# What pycocotools takes for an overlap of one.
_WHOLE = 1 - 1e-10


def mean_average_precision(
    target: Array, prediction: Array, iou: float | None, overlaps_of: Overlaps
) -> float:
    """The mean over classes, and over the overlaps of 0.50 to 0.95 unless one is given, of the precision at
    101 recalls (Lin et al. 2014), as pycocotools has it for all areas and no crowds.

    A class without an object in the target is left out.

    Raises:
        UndefinedByReference: the target has no object at all.
    """
    held, said = _by_class(target), _by_class(prediction)
    if not held:
        raise UndefinedByReference("no answer has an object")
    levels = np.minimum(OVERLAPS if iou is None else np.array([iou]), _WHOLE)
    precisions = [_average_precision(held[kind], said.get(kind, {}), levels, overlaps_of) for kind in held]
    return float(np.mean(precisions))


def _by_class(cells: Array) -> Mapping[str, OfClass]:
    found: dict[str, dict[int, list[Shape]]] = defaultdict(lambda: defaultdict(list))
    for row, objects in enumerate(cells):
        for kind, *rest in objects:
            found[kind][row].append(tuple(rest))
    return found


def _average_precision(held: OfClass, said: OfClass, levels: Floats, overlaps_of: Overlaps) -> float:
    """Of one class, the mean over levels."""
    scores, hits = _looked_at(held, said, levels, overlaps_of)
    right = np.cumsum(hits[:, np.argsort(-scores, kind="stable")], axis=1)
    precision = right / np.arange(1, len(scores) + 1)
    best = np.maximum.accumulate(precision[:, ::-1], axis=1)[:, ::-1]
    ends = np.column_stack([best, np.zeros(len(levels))])
    recall = right / sum(map(len, held.values()))
    found = [end[np.searchsorted(reached, RECALLS)] for end, reached in zip(ends, recall, strict=True)]
    return float(np.mean(found))


def _looked_at(held: OfClass, said: OfClass, levels: Floats, overlaps_of: Overlaps) -> tuple[Floats, Bools]:
    """The scores of all shapes that count, and for each level whether they are hits."""
    scores: list[float] = []
    hits = [np.zeros((len(levels), 0), dtype=np.bool_)]
    for row in sorted(said):
        surest = sorted(said[row], key=itemgetter(0), reverse=True)[:MOST_LOOKED_AT]
        scores += [score for score, *_ in surest]
        found = np.zeros((len(levels), len(surest)), dtype=np.bool_)
        if row in held:
            found = _hits(overlaps_of([tuple(shape) for _, *shape in surest], held[row]), levels)
        hits.append(found)
    return np.array(scores), np.concatenate(hits, axis=1)


def _hits(shares: Floats, levels: Floats) -> Bools:
    """For each level and shape whether it takes a known one: the best that is free, of equals the last.

    The shares are those of a shape that is said, the surest first, with each that is known.
    """
    said, known = shares.shape
    hits = np.zeros((len(levels), said), dtype=np.bool_)
    free = np.ones((len(levels), known), dtype=np.bool_)
    numbers = np.arange(len(levels))
    for place in np.flatnonzero(shares.max(axis=1) >= levels.min()):
        fitting = np.where(free & (shares[place] >= levels[:, None]), shares[place], -1)
        best = known - 1 - np.argmax(fitting[:, ::-1], axis=1)
        taken = fitting[numbers, best] > 0
        hits[taken, place] = True
        free[numbers[taken], best[taken]] = False
    return hits
