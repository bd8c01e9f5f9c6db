"""Mean average precision of what is found in images, as COCO has it, whatever tells where it is.

A row is an image, and a cell a tuple of objects: a class, in predictions a score, and a shape.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from evaluators.errors import UndefinedByReference
from evaluators.formulas.guard import Array, Bools, Floats
from evaluators.formulas.tallies import Weighed

Shape: TypeAlias = tuple[Any, ...]
OfClass: TypeAlias = Mapping[int, list[Shape]]
"""By row its objects, without their class."""

MOST_LOOKED_AT = 100
"""Objects of a class in an image, the highest scores first; what COCO calls maxDets."""

OVERLAPS = np.linspace(0.5, 0.95, 10)
RECALLS = np.linspace(0, 1, 101)
# What pycocotools takes for an overlap of one.
_WHOLE = 1 - 1e-10
_SIZES = {"all": (0, np.inf), "small": (0, 32**2), "medium": (32**2, 96**2), "large": (96**2, np.inf)}
_NONE = -1
_MOST_AT_ONCE = 1_000_000


class Shapes(NamedTuple):
    """How shapes are compared: of each shape of one side with each of the other the shared area, in parts of
    that of either; and the area of each, in pixels."""

    overlaps_of: Callable[[Sequence[Shape], Sequence[Shape]], Floats]
    areas_of: Callable[[Sequence[Shape]], Floats]


class _Rule(NamedTuple):
    """From which overlaps on a shape is right, and how those are compared that count."""

    levels: Floats
    size: str
    shapes: Shapes

    def passed_over(self, shapes: Sequence[Shape]) -> Bools:
        """Which are no objects of this size."""
        low, high = _SIZES[self.size]
        areas = self.shapes.areas_of(shapes)
        return (areas < low) | (areas > high)

    def images(self, held: OfClass) -> Array:
        """The row of each object of this size."""
        return np.repeat(list(held), [int(np.sum(~self.passed_over(shapes))) for shapes in held.values()])


class _LookedAt(NamedTuple):
    """The row of each object that is sought; of each shape that is said, the surest first, its row, and for
    each level whether it is right, and whether it counts."""

    sought: Array
    rows: Array
    right: Bools
    counted: Bools


def mean_average_precision(
    target: Array, prediction: Array, iou: float | None, size: str, shapes: Shapes
) -> Weighed:
    """The mean over classes, and over the overlaps of 0.50 to 0.95 unless one is given, of the precision at
    101 recalls (Lin et al. 2014), as pycocotools has it without crowds.

    A class without an object of the size in the target is left out. Objects of another size are neither
    missed nor found, and what is said of that size and finds nothing is not wrong.

    Raises:
        UndefinedByReference: the target has no object at all.
    """
    rule = _Rule(np.minimum(OVERLAPS if iou is None else np.array([iou]), _WHOLE), size, shapes)
    held, said = _by_class(target), _by_class(prediction)
    sought = {kind: rule.images(own) for kind, own in held.items()}
    if not any(map(len, sought.values())):
        raise UndefinedByReference("no answer has an object" + ("" if size == "all" else f" that is {size}"))
    classes = [
        _looked_at(rows, held[kind], said.get(kind, {}), rule) for kind, rows in sought.items() if len(rows)
    ]

    def of_weights(weights: Floats) -> Floats:
        return np.concatenate([_mean(classes, part) for part in _parted(weights, classes)])

    return Weighed(float(of_weights(np.ones((1, len(target))))[0]), of_weights)


def _parted(weights: Floats, classes: Sequence[_LookedAt]) -> list[Floats]:
    """So few resamples at once that what is computed of a class has room."""
    most = max(each.right.size for each in classes)
    return np.array_split(weights, min(len(weights), 1 + len(weights) * most // _MOST_AT_ONCE))


def _mean(classes: Sequence[_LookedAt], weights: Floats) -> Floats:
    """For each resample over the classes that have an object; NaN where none has."""
    known = np.array([weights[:, each.sought].sum(axis=1) for each in classes])
    pairs = zip(classes, known, strict=True)
    found = np.array([_average_precision(each, weights, sought) for each, sought in pairs])
    drawn = known > 0
    with np.errstate(invalid="ignore"):
        mean: Floats = np.where(drawn, found, 0).sum(axis=0) / drawn.sum(axis=0)
    return mean


def _by_class(cells: Array) -> Mapping[str, OfClass]:
    found: dict[str, dict[int, list[Shape]]] = defaultdict(lambda: defaultdict(list))
    for row, objects in enumerate(cells):
        for kind, *rest in objects:
            found[kind][row].append(tuple(rest))
    return found


def _average_precision(found: _LookedAt, weights: Floats, sought: Floats) -> Floats:
    """Of one class, for each resample the mean over levels, where rows count so often."""
    drawn = weights[:, None, found.rows]
    right = np.cumsum(found.right * drawn, axis=2)
    precision = right / np.maximum(1, np.cumsum(found.counted * drawn, axis=2))
    best = np.maximum.accumulate(precision[:, :, ::-1], axis=2)[:, :, ::-1]
    reached = _reached(right / np.maximum(1, sought)[:, None, None])
    won = (best * np.diff(reached, axis=2, prepend=0)).sum(axis=2) / len(RECALLS)
    score: Floats = won.mean(axis=1)
    return score


def _reached(recall: Floats) -> Array:
    """How many of the recalls are no higher than each of these, to the last digit."""
    below = (recall * (len(RECALLS) - 1)).astype(np.int64)
    above = np.minimum(below + 1, len(RECALLS) - 1)
    return below + (RECALLS[below] <= recall) + ((above > below) & (RECALLS[above] <= recall))


def _looked_at(sought: Array, held: OfClass, said: OfClass, rule: _Rule) -> _LookedAt:
    """What is said of one class, image by image."""
    nothing = np.zeros((len(rule.levels), 0), dtype=np.bool_)
    scores: list[float] = []
    rows: list[int] = []
    right, counted = [nothing], [nothing]
    for row in sorted(said):
        surest = sorted(said[row], key=itemgetter(0), reverse=True)[:MOST_LOOKED_AT]
        scores += [score for score, *_ in surest]
        rows += [row] * len(surest)
        hits, passed = _judged([tuple(shape) for _, *shape in surest], held.get(row, []), rule)
        right.append(hits & ~passed)
        counted.append(~passed)
    order = np.argsort(-np.array(scores), kind="stable")
    hits, counts = (np.concatenate(side, axis=1)[:, order] for side in (right, counted))
    return _LookedAt(sought, np.array(rows, dtype=np.int64)[order], hits, counts)


def _judged(said: Sequence[Shape], known: Sequence[Shape], rule: _Rule) -> tuple[Bools, Bools]:
    """For each level and shape whether it takes a known one, and whether it is passed over."""
    passed = np.tile(rule.passed_over(said), (len(rule.levels), 1))
    if not known:
        return np.zeros_like(passed), passed
    other_size = rule.passed_over(known)
    taken = _taken(rule.shapes.overlaps_of(said, known), rule.levels, other_size)
    hits = taken != _NONE
    return hits, np.where(hits, other_size[taken], passed)


def _taken(shares: Floats, levels: Floats, other_size: Bools) -> Array:
    """For each level and shape the known one that it takes: the best that is free, of equals the last.

    The shares are those of a shape that is said, the surest first, with each that is known. One of another
    size is taken where no other is.
    """
    said, known = shares.shape
    taken = np.full((len(levels), said), _NONE)
    free = np.ones((len(levels), known), dtype=np.bool_)
    numbers = np.arange(len(levels))
    for place in np.flatnonzero(shares.max(axis=1) >= levels.min()):
        fits = free & (shares[place] >= levels[:, None])
        for own in (fits & ~other_size, fits & other_size) if other_size.any() else (fits,):
            best = known - 1 - np.argmax(np.where(own, shares[place], -1)[:, ::-1], axis=1)
            new = own[numbers, best] & (taken[:, place] == _NONE)
            taken[new, place] = best[new]
            free[numbers[new], best[new]] = False
    return taken
