"""Metrics of boxes: a row is an image, and a cell a tuple of its boxes.

A box is a class, in predictions a score, and left, top, right and bottom.
"""

from typing import Any, TypeAlias

import numpy as np

from evaluators.formulas.detections import Shapes, mean_average_precision
from evaluators.formulas.guard import Array, Floats
from evaluators.formulas.tallies import Weighed, of_weights

Box: TypeAlias = tuple[Any, ...]


@of_weights
def map_boxes(target: Array, prediction: Array, iou: float | None = None, size: str = "all") -> Weighed:
    """COCO's mean average precision (Lin et al. 2014), as pycocotools has it without crowds.

    Mean over classes, and over the overlaps of 0.50 to 0.95 unless one is given, of the precision at 101
    recalls. Range 0..1, higher is better. A class without a box of the size in the target is left out.
    """
    return mean_average_precision(target, prediction, iou, size, _BOXES)


def overlaps_of(one: Floats, other: Floats) -> Floats:
    """Of each pair the shared area, in parts of that of either."""
    begin = np.maximum(one[:, None, :2], other[None, :, :2])
    end = np.minimum(one[:, None, 2:], other[None, :, 2:])
    both = np.prod(np.maximum(end - begin, 0), axis=2)
    found: Floats = both / (_areas(one)[:, None] + _areas(other)[None, :] - both)
    return found


def _areas(boxes: Floats) -> Floats:
    found: Floats = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    return found


_BOXES = Shapes(
    lambda said, known: overlaps_of(np.array(said), np.array(known)), lambda boxes: _areas(np.array(boxes))
)
