"""Metrics of masks: a row is an image or an object, given on both sides as runs of pixels.

Runs are an array of two columns, from left to right and without overlap: how many pixels stand before a run,
and how many up to its end. Work goes with the number of runs, however large the image.
"""

import numpy as np

from evaluators.errors import UndefinedByReference
from evaluators.formulas.averages import mean_of_cells
from evaluators.formulas.guard import Array, Floats
from evaluators.formulas.runs import covered
from evaluators.formulas.tallies import Tally, of_columns, of_tally


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


@of_tally
def mean_iou(target: Array, prediction: Array) -> Tally:
    """Mean over classes of the pixels that both masks share / those of either, each summed over all rows.

    So Pascal VOC (Everingham et al. 2015) and Cityscapes have it. A column is a class; one without a pixel on
    both sides is left out, one without a pixel in the target alone counts 0. Range 0..1, higher is better.
    """
    if not any(map(len, target.ravel())):
        raise UndefinedByReference("no answer has a pixel")
    return of_columns(_pixels_of_classes(target, prediction), _iou_of_classes)


def _pixels_of_classes(target: Array, prediction: Array) -> Array:
    """Of each row the pixels that both masks of a class have, for every class, and behind them of either."""
    sides = (side.reshape(len(side), -1).T for side in (target, prediction))
    counts = [_pixels(*columns) for columns in zip(*sides, strict=True)]
    either = [known + said - both for both, known, said in counts]
    return np.column_stack([*(both for both, _, _ in counts), *either])


def _iou_of_classes(pixels: Array) -> Floats:
    """The mean over classes of such sums or means, which lie along the last axis."""
    both, either = np.split(pixels.astype(np.float64), 2, axis=-1)
    shares = np.divide(both, either, out=np.zeros(both.shape), where=either > 0)
    found: Floats = shares.sum(axis=-1) / np.count_nonzero(either, axis=-1)
    return found


def _pixels(target: Array, prediction: Array) -> tuple[Array, Array, Array]:
    """Of each row the pixels that both masks have, and those of each."""
    pairs = zip(target, prediction, strict=True)
    both = [int(np.sum(covered(a, b[:, 1]) - covered(a, b[:, 0]))) for a, b in pairs]
    known, said = ([int(np.sum(runs[:, 1] - runs[:, 0])) for runs in side] for side in (target, prediction))
    return np.array(both), np.array(known), np.array(said)
