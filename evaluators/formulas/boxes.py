"""Metrics of boxes: a row is an image, and a cell a tuple of its boxes.

A box is a class, in predictions a score, and left, top, right and bottom.
"""

from collections import defaultdict
from collections.abc import Mapping
from operator import itemgetter
from typing import Any, TypeAlias

import numpy as np

from evaluators.errors import UndefinedByReference
from evaluators.formulas.guard import Array, Bools, Floats
from evaluators.formulas.texts import of_texts

Box: TypeAlias = tuple[Any, ...]
OfClass: TypeAlias = Mapping[int, list[Box]]
"""By row its boxes, without their class."""

MOST_LOOKED_AT = 100
"""Boxes of a class in an image, the highest scores first; what COCO calls maxDets."""

OVERLAPS = np.linspace(0.5, 0.95, 10)
RECALLS = np.linspace(0, 1, 101)
# What pycocotools takes for an overlap of one.
_WHOLE = 1 - 1e-10


@of_texts
def map_boxes(target: Array, prediction: Array, iou: float | None = None) -> float:
    """COCO's mean average precision (Lin et al. 2014), as pycocotools has it for all areas and no crowds.

    Mean over classes, and over the overlaps of 0.50 to 0.95 unless one is given, of the precision at 101
    recalls. Range 0..1, higher is better. A class without a box in the target is left out.
    """
    held, said = _by_class(target), _by_class(prediction)
    if not held:
        raise UndefinedByReference("no answer has a box")
    overlaps = np.minimum(OVERLAPS if iou is None else np.array([iou]), _WHOLE)
    return float(np.mean([_average_precision(held[kind], said.get(kind, {}), overlaps) for kind in held]))


def _by_class(cells: Array) -> Mapping[str, OfClass]:
    found: dict[str, dict[int, list[Box]]] = defaultdict(lambda: defaultdict(list))
    for row, boxes in enumerate(cells):
        for kind, *rest in boxes:
            found[kind][row].append(tuple(rest))
    return found


def _average_precision(held: OfClass, said: OfClass, overlaps: Floats) -> float:
    """Of one class, the mean over overlaps."""
    scores: list[float] = []
    hits = [np.zeros((len(overlaps), 0), dtype=np.bool_)]
    for row in sorted(said):
        boxes: Floats = np.array(sorted(said[row], key=itemgetter(0), reverse=True)[:MOST_LOOKED_AT])
        scores += boxes[:, 0].tolist()
        known = np.array(held[row]) if row in held else np.zeros((0, 4))
        hits.append(_hits(known, boxes[:, 1:], overlaps))
    order = np.argsort(-np.array(scores), kind="stable")
    right = np.cumsum(np.concatenate(hits, axis=1)[:, order], axis=1)
    precision = right / np.arange(1, len(scores) + 1)
    best = np.maximum.accumulate(precision[:, ::-1], axis=1)[:, ::-1]
    ends = np.column_stack([best, np.zeros(len(overlaps))])
    recall = right / sum(map(len, held.values()))
    found = [end[np.searchsorted(reached, RECALLS)] for end, reached in zip(ends, recall, strict=True)]
    return float(np.mean(found))


def _hits(known: Floats, said: Floats, overlaps: Floats) -> Bools:
    """For each overlap and box whether it takes a known one: the best that is free, of equals the last."""
    hits = np.zeros((len(overlaps), len(said)), dtype=np.bool_)
    if not len(known):
        return hits
    shares = overlaps_of(said, known)
    free = np.ones((len(overlaps), len(known)), dtype=np.bool_)
    levels = np.arange(len(overlaps))
    for place in np.flatnonzero(shares.max(axis=1) >= overlaps.min()):
        fitting = np.where(free & (shares[place] >= overlaps[:, None]), shares[place], -1)
        best = len(known) - 1 - np.argmax(fitting[:, ::-1], axis=1)
        taken = fitting[levels, best] > 0
        hits[taken, place] = True
        free[levels[taken], best[taken]] = False
    return hits


def overlaps_of(one: Floats, other: Floats) -> Floats:
    """Of each pair the shared area, in parts of that of either."""
    begin = np.maximum(one[:, None, :2], other[None, :, :2])
    end = np.minimum(one[:, None, 2:], other[None, :, 2:])
    both = np.prod(np.maximum(end - begin, 0), axis=2)
    areas = [np.prod(side[:, 2:] - side[:, :2], axis=1) for side in (one, other)]
    found: Floats = both / (areas[0][:, None] + areas[1][None, :] - both)
    return found
