"""Metrics of masks of instances: a row is an image, and a cell a tuple of what is seen in it.

An instance is a class, in predictions a score, and its runs of pixels, as ``runs`` has them.
"""

from collections.abc import Sequence

import numpy as np

from evaluators.formulas.detections import Shape, Shapes, mean_average_precision
from evaluators.formulas.guard import Array, Floats
from evaluators.formulas.runs import covered
from evaluators.formulas.tallies import Weighed, of_weights


@of_weights
def map_masks(target: Array, prediction: Array, iou: float | None = None, size: str = "all") -> Weighed:
    """COCO's mean average precision (Lin et al. 2014), as pycocotools has it without crowds.

    Mean over classes, and over the overlaps of 0.50 to 0.95 unless one is given, of the precision at 101
    recalls. Range 0..1, higher is better. A class without an instance of the size in the target is left out.
    """
    return mean_average_precision(target, prediction, iou, size, _MASKS)


def _overlaps(said: Sequence[Shape], known: Sequence[Shape]) -> Floats:
    """Of each pair of masks the pixels that both have, in parts of those of either; known ones have some."""
    runs = np.concatenate([mask for (mask,) in known])
    owners = np.repeat(np.arange(len(known)), [len(mask) for (mask,) in known])
    both = np.array([_shared(mask, runs, owners, len(known)) for (mask,) in said])
    found: Floats = both / (_areas(said)[:, None] + _areas(known)[None, :] - both)
    return found


def _shared(mask: Array, runs: Array, owners: Array, count: int) -> Floats:
    """The pixels that a mask has in common with each of so many others, whose runs these are."""
    if not len(mask):
        return np.zeros(count)
    near = (runs[:, 1] > mask[0, 0]) & (runs[:, 0] < mask[-1, 1])
    pixels = np.diff(covered(mask, runs[near]), axis=1)[:, 0]
    return np.bincount(owners[near], weights=pixels, minlength=count).astype(np.float64)


def _areas(masks: Sequence[Shape]) -> Floats:
    return np.array([np.sum(mask[:, 1] - mask[:, 0]) for (mask,) in masks], dtype=np.float64)


_MASKS = Shapes(_overlaps, _areas)
