"""Metrics of rows with several labels at once: target and prediction have a column for each label.

The target is true where a row has the label.
"""

from typing import Literal

import numpy as np

from evaluators.errors import UndefinedByReference
from evaluators.formulas.averages import ROWS, mean_of_rows
from evaluators.formulas.guard import Array, Floats, metric
from evaluators.formulas.probabilities import log_loss, roc_auc

OneClass = Literal["refuse", "skip"]


@metric
def mean_roc_auc(target: Array, scores: Array, one_class: OneClass = "refuse") -> float:
    """Mean over columns of the area under the ROC curve (see ``roc_auc``). Range 0..1, higher is better.

    A column whose rows are all of one class has no area: the score is undefined, or the column is left out.
    """
    held = np.count_nonzero(target, axis=0)
    judged = (held > 0) & (held < len(target))
    if not judged.any() or (one_class == "refuse" and not judged.all()):
        raise UndefinedByReference("a column has no positive row, or no other")
    return float(np.mean([roc_auc(target[:, n], scores[:, n]) for n in np.flatnonzero(judged)]))


@mean_of_rows
def mean_log_loss(target: Array, probabilities: Array) -> Floats:
    """Mean over columns of log-loss (see ``log_loss``). Range from 0, lower is better.

    All columns have as many rows, so that it is the mean over all cells.
    """
    cells = ROWS[log_loss](target.ravel(), probabilities.ravel())
    rows: Floats = cells.reshape(target.shape).mean(axis=1)
    return rows


@mean_of_rows
def f1_samples(target: Array, prediction: Array) -> Floats:
    """Mean over rows of 2·(labels on both sides) / (labels of the target + labels of the prediction).

    Godbole and Sarawagi 2004. Range 0..1, higher is better. A row without a label on either side counts 1.
    """
    target, prediction = target > 0, prediction > 0
    both = np.count_nonzero(target & prediction, axis=1)
    all_labels = np.count_nonzero(target, axis=1) + np.count_nonzero(prediction, axis=1)
    shares: Floats = np.divide(2 * both, all_labels, out=np.ones(len(target)), where=all_labels > 0)
    return shares


@mean_of_rows
def lrap(target: Array, scores: Array) -> Floats:
    """Label ranking average precision (Schapire and Singer 2000; Tsoumakas et al. 2010).

    Mean over rows of the mean over their labels of (its labels that score as high or higher) / (all labels
    that do). Range above 0 to 1, higher is better. A row without a label counts 1, as in scikit-learn.
    """
    held = np.count_nonzero(target, axis=1)
    if not held.any():
        raise UndefinedByReference("no row has a label")
    order = np.argsort(-scores, axis=1)
    labels = np.take_along_axis(target > 0, order, axis=1)
    last = _last_of_equals(np.take_along_axis(scores, order, axis=1))
    precision = np.take_along_axis(np.cumsum(labels, axis=1), last, axis=1) / (last + 1)
    found = np.sum(precision, axis=1, where=labels)
    shares: Floats = np.divide(found, held, out=np.ones(len(target)), where=held > 0)
    return shares


def _last_of_equals(ranked: Floats) -> Array:
    """For each score of a row in order, the place of the last one that equals it."""
    places = np.arange(ranked.shape[1])
    ends = np.ones(ranked.shape, dtype=bool)
    ends[:, :-1] = ranked[:, 1:] != ranked[:, :-1]
    last = np.where(ends, places, ranked.shape[1])
    return np.minimum.accumulate(last[:, ::-1], axis=1)[:, ::-1]
