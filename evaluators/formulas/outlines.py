"""Metrics of the edges of masks: a row is an image or an object, given on both sides as runs of pixels.

The edge are the pixels of a mask with one beside them, above, below, left or right, that is not of it; beyond
the image there is none of it. So MONAI and medpy have it. Pixels are one apart.
"""

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from scipy.ndimage import distance_transform_edt, minimum_filter1d

from evaluators.formulas.averages import mean_of_cells
from evaluators.formulas.guard import Array, Bools, Floats

Order: TypeAlias = Literal["columns", "rows"]
Compare: TypeAlias = Callable[[Bools, Bools, float], float]
"""What two masks that are not empty are worth, in an image of this diagonal."""


class _Images(NamedTuple):
    """The sizes of the images, and how their pixels are counted."""

    height: Floats
    width: Floats
    order: Order

    @property
    def lines(self) -> Array:
        """How many pixels follow each other before the next column or row begins."""
        return (self.height if self.order == "columns" else self.width).astype(np.int64)

    @property
    def diagonals(self) -> Floats:
        """Those of the images, in pixels."""
        found: Floats = np.sqrt(self.height**2 + self.width**2)
        return found


@mean_of_cells
def hausdorff(
    target: Array,
    prediction: Array,
    height: Floats,
    width: Floats,
    order: Order = "columns",
    percentile: float = 100,
) -> Floats:
    """Mean over rows of the Hausdorff distance of two edges (Huttenlocher et al. 1993), in pixels, as MONAI.

    That is the largest distance of a pixel of one edge to the other edge, or the larger of both sides'
    percentiles, between ranks on a line. Lower is better. Two empty masks are 0 apart, an empty one and
    another the diagonal of their image.
    """

    def compare(known: Bools, said: Bools, _: float) -> float:
        return float(max(np.percentile(side, percentile) for side in _distances(known, said)))

    return _each(target, prediction, _Images(height, width, order), compare, same=0, alone=1)


@mean_of_cells
def surface_distance(
    target: Array, prediction: Array, height: Floats, width: Floats, order: Order = "columns"
) -> Floats:
    """Mean over rows of the mean distance of pixels of both edges to the other edge (Heimann et al. 2009).

    In pixels; lower is better. Two empty masks are 0 apart, an empty one and another the diagonal.
    """

    def compare(known: Bools, said: Bools, _: float) -> float:
        return float(np.mean(np.concatenate(_distances(known, said))))

    return _each(target, prediction, _Images(height, width, order), compare, same=0, alone=1)


@mean_of_cells
def boundary_iou(
    target: Array,
    prediction: Array,
    height: Floats,
    width: Floats,
    order: Order = "columns",
    dilation_ratio: float = 0.02,
) -> Floats:
    """Mean over rows of the IoU of what of both masks is near their boundary (Cheng et al. 2021). Range 0..1.

    Near is what an erosion by a square of 3 · 3 pixels takes away, done as often as the ratio of the diagonal
    says, and once at least. Two empty masks count 1, an empty one and another 0.
    """

    def compare(known: Bools, said: Bools, diagonal: float) -> float:
        reach = max(1, round(dilation_ratio * diagonal))
        first, second = (mask & ~_eroded(mask, reach) for mask in (known, said))
        return float(np.count_nonzero(first & second) / np.count_nonzero(first | second))

    return _each(target, prediction, _Images(height, width, order), compare, same=1, alone=0)


@mean_of_cells
def boundary_f(
    target: Array,
    prediction: Array,
    height: Floats,
    width: Floats,
    order: Order = "columns",
    tolerance: float = 0.0075,
) -> Floats:
    """Mean over rows of the F1 of two edges (Csurka et al. 2013). Range 0..1, higher is better.

    A pixel of an edge is right where the other edge is within the tolerance, a share of the diagonal.
    Two empty masks count 1, an empty one and another 0.
    """

    def compare(known: Bools, said: Bools, diagonal: float) -> float:
        recall, precision = (np.mean(side <= tolerance * diagonal) for side in _distances(known, said))
        return float(2 * precision * recall / (precision + recall)) if precision + recall > 0 else 0.0

    return _each(target, prediction, _Images(height, width, order), compare, same=1, alone=0)


def _each(
    target: Array, prediction: Array, images: _Images, compare: Compare, *, same: float, alone: float
) -> Floats:
    """Of each row what ``compare`` says; two empty masks are worth ``same``, one ``alone`` in diagonals."""
    found = []
    sides = zip(target, prediction, images.lines.tolist(), images.diagonals.tolist(), strict=True)
    for known, said, line, diagonal in sides:
        if len(known) and len(said):
            first, second = _painted((known, said), line)
            found.append(compare(first, second, diagonal))
        else:
            found.append(alone * diagonal if len(known) or len(said) else same)
    return np.array(found, dtype=np.float64)


def _painted(masks: Sequence[Array], line: int) -> list[Bools]:
    """The pixels of masks of one image, so many to a line, without what lies around them all."""
    first = min(runs[0, 0] for runs in masks) // line
    last = max(runs[-1, 1] - 1 for runs in masks) // line
    grids = [_filled(runs - first * line, (last + 1 - first) * line).reshape(-1, line) for runs in masks]
    held = np.flatnonzero(np.any([grid.any(axis=0) for grid in grids], axis=0))
    return [grid[:, held[0] : held[-1] + 1] for grid in grids]


def _filled(runs: Array, pixels: int) -> Bools:
    steps = np.zeros(pixels + 1, dtype=np.int8)
    steps[runs[:, 0]] += 1
    steps[runs[:, 1]] -= 1
    return np.cumsum(steps[:-1], dtype=np.int8).view(np.bool_)


def _distances(known: Bools, said: Bools) -> tuple[Floats, Floats]:
    """How far each pixel of the edge of one mask is from that of the other: of the known one, and back."""
    first, second = map(_edge, (known, said))
    return distance_transform_edt(~second)[first], distance_transform_edt(~first)[second]


def _edge(mask: Bools) -> Bools:
    wide = np.pad(mask, 1)
    inside = wide[:-2, 1:-1] & wide[2:, 1:-1] & wide[1:-1, :-2] & wide[1:-1, 2:]
    found: Bools = mask & ~inside
    return found


def _eroded(mask: Bools, reach: int) -> Bools:
    """What stays of a mask when a square that reaches so far must lie within it."""
    left = mask.view(np.uint8)
    for axis in (0, 1):
        left = minimum_filter1d(left, 2 * reach + 1, axis=axis, mode="constant", cval=0)
    return left.view(np.bool_)
