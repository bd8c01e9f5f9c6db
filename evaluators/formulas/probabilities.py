"""Metrics of scores and probabilities.

For two classes the target is true or false and the prediction one number a row, for the positive class;
for more the target is the code of a class and the prediction a matrix with a column for each class.
"""

import numpy as np
from numpy.typing import NDArray

from evaluators.errors import UndefinedByReference
from evaluators.formulas.averages import mean_of_rows
from evaluators.formulas.guard import Array, Bools, Floats, metric

SMALLEST = float(np.finfo(np.float64).eps)
_ONE = np.uint64(1)
_LOWER_BITS = np.int64(0x7FFF_FFFF_FFFF_FFFF)


@metric
def roc_auc(target: Array, scores: Array) -> float:
    """Area under the ROC curve: how often a positive row scores above a negative one, ties counting half.

    Hanley and McNeil 1982; with a matrix the mean over classes of one against the rest (Provost and
    Domingos 2000). Range 0..1, higher is better. Undefined unless each class has rows inside and outside it.
    """
    if scores.ndim == 1:
        return _area(target, scores)
    return float(np.mean([_area(target == code, scores[:, code]) for code in range(scores.shape[1])]))


def _area(target: Bools, scores: Floats) -> float:
    values, labels = _sorted(target, scores)
    hits = np.flatnonzero(labels)
    total = len(hits) * (len(labels) - len(hits))
    if total == 0:
        raise UndefinedByReference("a class has no row, or all of them")
    if (values[1:] != values[:-1]).all():  # each positive row has those before it below it, or positive
        return (int(hits.sum()) - len(hits) * (len(hits) - 1) // 2) / total
    positives, negatives = _counted(values, labels)
    below = np.cumsum(negatives) - negatives
    return float((2 * below + negatives) @ positives) / (2 * total)


@metric
def partial_roc_auc(target: Array, scores: Array, max_fpr: float) -> float:
    """Area under the ROC curve up to a false positive rate m, made comparable (McClish 1989).

    ½·(1 + (area - m²/2) / (m - m²/2)): ½ for chance and 1 for the best, as in scikit-learn. Range 0..1,
    higher is better; it cannot fall below (1 - m) / (2 - m). Undefined unless each class has rows.
    """
    hits, errors = (np.cumsum(side[::-1]) for side in counts_by_score(target, scores))
    if hits[-1] == 0 or errors[-1] == 0:
        raise UndefinedByReference("a class has no row, or all of them")
    rise, rate = np.append(0, hits / hits[-1]), np.append(0, errors / errors[-1])
    within = rate <= max_fpr
    height = np.interp(max_fpr, rate, rise)
    area = np.trapezoid(np.append(rise[within], height), np.append(rate[within], max_fpr))
    chance = max_fpr * max_fpr / 2
    return float((1 + (area - chance) / (max_fpr - chance)) / 2)


@metric
def average_precision(target: Array, scores: Array) -> float:
    """Sum of precision times gain in recall over thresholds, without interpolation (Zhu 2004).

    Rows with equal scores fall under one threshold. Range 0..1, higher is better.
    """
    positives, negatives = (side[::-1] for side in counts_by_score(target, scores))
    hits = np.cumsum(positives)
    if hits[-1] == 0:
        raise UndefinedByReference("no row is positive")
    precision = hits / (hits + np.cumsum(negatives))
    return float(precision @ positives / hits[-1])


def counts_by_score(target: Bools, scores: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Positive and negative rows at each distinct score, from the lowest up."""
    return _counted(*_sorted(target, scores))


def _counted(values: Array, labels: Bools) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    ends = np.append(np.flatnonzero(values[1:] != values[:-1]), len(values) - 1)
    positives = np.diff(np.cumsum(labels, dtype=np.int64)[ends], prepend=0)
    return positives, np.diff(ends, prepend=-1) - positives


def _sorted(target: Bools, scores: Floats) -> tuple[Array, Bools]:
    """Scores in order with their labels: one sort of integers where order and label share 64 bits."""
    keys = _order(scores)
    lowest, highest = int(keys.min()), int(keys.max())
    if highest - lowest >= 2**63:  # no bit is free for the label
        order = np.argsort(keys)
        return keys[order], target[order]
    if lowest < 0:
        keys -= lowest
    packed = keys.view(np.uint64)
    packed <<= _ONE
    packed |= target
    packed.sort()
    labels = (packed.astype(np.uint8) & np.uint8(1)).view(np.bool_)
    packed >>= _ONE
    return packed, labels


def _order(scores: Floats) -> NDArray[np.int64]:
    """Integers in the order of the scores; 0.0 turns -0.0 into what it equals."""
    bits = (scores + 0.0).view(np.int64)
    return bits if bits.min() >= 0 else bits ^ ((bits >> np.int64(63)) & _LOWER_BITS)


@mean_of_rows
def top_k_accuracy(target: Array, scores: Array, k: int) -> Floats:
    """Share of rows whose class is among the k with the highest scores. Range 0..1, higher is better.

    Among equal scores the right class comes last: the order of columns changes nothing, and equal scores
    never gain.
    """
    right = scores[np.arange(len(target)), target]
    found: Floats = (np.count_nonzero(scores >= right[:, None], axis=1) <= k).astype(np.float64)
    return found


@mean_of_rows
def log_loss(target: Array, probabilities: Array) -> Floats:
    """Mean of -ln p of the class that is right (Good 1952). Range from 0, lower is better.

    p is kept away from 0 and 1 by 2.2e-16, as in scikit-learn, so that one bold error costs 36 and not
    everything. The rows of a matrix are divided by their sum first.
    """
    if probabilities.ndim == 1:
        right: Floats = np.abs(1 - target - probabilities)
    else:
        right = probabilities[np.arange(len(target)), target] / probabilities.sum(axis=1)
    right = np.clip(right, SMALLEST, 1 - SMALLEST)
    return np.negative(np.log(right, out=right), out=right)


@mean_of_rows
def brier(target: Array, probabilities: Array) -> Floats:
    """Mean squared distance of the probability from what happened, 0 or 1 (Brier 1950, halved).

    With a matrix half the sum over classes; its rows are divided by their sum first. Range 0..1, lower is
    better.
    """
    if probabilities.ndim == 1:
        squares: Floats = np.square(probabilities - target)
        return squares
    shares = probabilities / probabilities.sum(axis=1, keepdims=True)
    right = shares[np.arange(len(target)), target]
    distance: Floats = (np.square(shares).sum(axis=1) + 1 - 2 * right) / 2
    return distance


@metric
def pf1(target: Array, probabilities: Array) -> float:
    """F1 of counts to which each row adds its probability (Yacouby and Axman 2020).

    2·(sum of p over positive rows) / (sum of p + positive rows). Range 0..1, higher is better.
    """
    positive = np.count_nonzero(target)
    if positive == 0:
        raise UndefinedByReference("no row is positive")
    return float(2 * (probabilities @ target) / (probabilities.sum() + positive))


@metric
def expected_calibration_error(target: Array, probabilities: Array, bins: int = 10) -> float:
    """Distance of probability and frequency, rows in bins of equal width (Naeini, Cooper, Hauskrecht 2015).

    Sum over bins of (rows in it / rows) · |mean confidence - share of hits|; a bin holds its upper border.
    The confidence is the probability of the positive class and a hit a positive row; with a matrix it is the
    probability of the likeliest class and a hit that it is right (Guo et al. 2017). Where several classes
    are the likeliest a right one among them is hit in that part. Range 0..1, lower is better.
    """
    place, gaps = gaps_by_bin(target, probabilities, bins)
    return float(np.abs(np.bincount(place, weights=gaps)).sum() / len(target))


def gaps_by_bin(target: Array, probabilities: Array, bins: int) -> tuple[NDArray[np.int64], Floats]:
    """The bin of each row, and its confidence without its hit."""
    confidence, hits = (
        (probabilities, target) if probabilities.ndim == 1 else _likeliest(target, probabilities)
    )
    return np.searchsorted(np.arange(1, bins) / bins, confidence), confidence - hits


def _likeliest(target: Array, probabilities: Array) -> tuple[Floats, Floats]:
    """The highest probability of each row, and how far its class is the right one."""
    highest = probabilities.max(axis=1)
    ties = np.count_nonzero(probabilities == highest[:, None], axis=1)
    right = probabilities[np.arange(len(target)), target] == highest
    return highest / probabilities.sum(axis=1), right / ties
