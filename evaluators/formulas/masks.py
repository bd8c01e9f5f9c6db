"""Metrics of masks: a row is an image or an object, given on both sides as runs of pixels.

Runs are an array of two columns, from left to right and without overlap: how many pixels stand before a run,
and how many up to its end. Work goes with the number of runs, however large the image.
"""

import numpy as np

from evaluators.formulas.averages import mean_of_cells
from evaluators.formulas.guard import Array, Floats


@mean_of_cells
def mask_iou(target: Array, prediction: Array) -> Floats:
    """Mean over rows of shared pixels / pixels of either mask (Jaccard 1901). Range 0..1, higher is better.

    Two empty masks count 1.
    """
    both, known, said = _pixels(target, prediction)
    either = known + said - both
    shares: Floats = np.divide(both, either, out=np.ones(len(target)), where=either > 0)
    return shares


@mean_of_cells
def dice(target: Array, prediction: Array) -> Floats:
    """Mean over rows of 2 · shared pixels / pixels of both masks together (Dice 1945). Range 0..1.

    Two empty masks count 1.
    """
    both, known, said = _pixels(target, prediction)
    shares: Floats = np.divide(2 * both, known + said, out=np.ones(len(target)), where=known + said > 0)
    return shares


def _pixels(target: Array, prediction: Array) -> tuple[Array, Array, Array]:
    """Of each row the pixels that both masks have, and those of each."""
    pairs = zip(target, prediction, strict=True)
    both = [int(np.sum(_covered(a, b[:, 1]) - _covered(a, b[:, 0]))) for a, b in pairs]
    known, said = ([int(np.sum(runs[:, 1] - runs[:, 0])) for runs in side] for side in (target, prediction))
    return np.array(both), np.array(known), np.array(said)


def _covered(runs: Array, places: Array) -> Array:
    """How many of the pixels before each place the runs hold."""
    begun = np.searchsorted(runs[:, 0], places, side="left")
    ends = np.concatenate([[0], runs[:, 1]])
    sums = np.concatenate([[0], np.cumsum(runs[:, 1] - runs[:, 0])])
    found: Array = sums[begun] - np.maximum(ends[begun] - places, 0)
    return found
