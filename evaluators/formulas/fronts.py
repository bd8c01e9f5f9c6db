"""Metrics of fronts: rows are points, columns objectives. The target is nothing, as often."""

import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from operator import itemgetter

import numpy as np

from evaluators.errors import UndefinedByReference
from evaluators.formulas.guard import Array, metric

MOST_POINTS = 100_000
MOST_WORK = 1_000_000
"""With more than three objectives: points, times points again for each one beyond three. Some seconds."""

Point = Sequence[float]


@metric
def hypervolume(
    _: Array, points: Array, reference_point: Sequence[float], directions: Sequence[str] | None = None
) -> float:
    """Volume between the reference point and the points that are better (Zitzler and Thiele 1999).

    A point that is not better than the reference point in every objective adds nothing, nor does one that
    another is as good as. Range from 0, higher is better.
    """
    signs = np.array([-1 if way == "max" else 1 for way in directions or ["min"] * points.shape[1]])
    gains = (np.array(reference_point) - points) * signs
    rows, objectives = gains.shape
    if objectives > 2 and (rows > MOST_POINTS or rows ** (objectives - 2) > MOST_WORK):
        raise UndefinedByReference(f"{rows} points are too many for {objectives} objectives")
    return _sliced(gains[(gains > 0).all(axis=1)].tolist())


def _sliced(points: Sequence[Point]) -> float:
    """Slices along the last objective, from the best point down: each as thick as the step to the next."""
    if not points:
        return 0.0
    points = sorted(points, key=itemgetter(-1), reverse=True)
    heights = [*(point[-1] for point in points), 0.0]
    steps = [height - below for height, below in pairwise(heights)]
    if len(points[0]) == 2:
        bases: Iterable[float] = accumulate((point[0] for point in points), max)
    elif len(points[0]) == 3:
        bases = _areas(points)
    else:
        rest = [point[:-1] for point in points]
        bases = (_sliced(rest[:number]) if step else 0.0 for number, step in enumerate(steps, start=1))
    return math.fsum(base * step for base, step in zip(bases, steps, strict=True))


def _areas(points: Iterable[Point]) -> Iterator[float]:
    """Of the rectangles of the first two objectives, up to each point."""
    area, widths, heights = 0.0, [0.0], [math.inf]  # stairs that go down to the right
    for width, height, _ in points:
        place = bisect_left(widths, width)
        end = place + (place < len(widths) and widths[place] == width)
        covered, right = heights[place] if place < len(widths) else 0.0, width
        while covered < height:
            place -= 1
            area += (right - widths[place]) * (height - covered)
            right, covered = widths[place], heights[place]
        if right < width:
            widths[place + 1 : end], heights[place + 1 : end] = [width], [height]
        yield area
