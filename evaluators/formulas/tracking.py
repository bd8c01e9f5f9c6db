"""Metrics of tracks: a row is a frame, a group of rows a sequence, and a cell an array of boxes.

A box is the number of its track, and left, top, right and bottom; no track is twice in a frame, and one of
another sequence is another. Scores are those of TrackEval, by the authors of HOTA: sequences are put
together by their counts, and of equal assignments scipy's counts, with boxes in the order of their cell.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from evaluators.errors import UndefinedByReference
from evaluators.formulas.boxes import overlaps_of
from evaluators.formulas.guard import Array, Floats
from evaluators.formulas.tallies import Tally, of_columns, of_tally, ratio

LEVELS = np.arange(0.05, 0.99, 0.05)
# What TrackEval allows for rounding.
_TINY = float(np.finfo(np.float64).eps)
# How much more a pair that was one in the frame before weighs than any overlap.
_KEPT = 1000
_NOBODY = -1


@of_tally
def mota(target: Array, prediction: Array, groups: Array, frame: Array, iou: float = 0.5) -> Tally:
    """Multiple object tracking accuracy: 1 − (misses + false boxes + switches) / known boxes.

    Bernardin and Stiefelhagen 2008. Range −∞..1, higher is better.
    """
    found = [_clear(video, iou) for video in _videos(target, prediction, groups, frame)]
    right = [each.right - (each.said - each.right) - each.switches for each in found]
    return ratio(np.array(right), np.array([each.known for each in found]))


@of_tally
def motp(target: Array, prediction: Array, groups: Array, frame: Array, iou: float = 0.5) -> Tally:
    """Multiple object tracking precision: the mean overlap of matched boxes.

    Bernardin and Stiefelhagen 2008. Range 0..1, higher is better; 0 where none is matched.
    """
    found = [_clear(video, iou) for video in _videos(target, prediction, groups, frame)]
    return of_columns(np.array([(each.overlap, each.right) for each in found]), _share)


@of_tally
def idf1(target: Array, prediction: Array, groups: Array, iou: float = 0.5) -> Tally:
    """F1 of boxes, where each track answers to one other at most, in the whole sequence.

    Ristani et al. 2016. Range 0..1, higher is better.
    """
    videos = _videos(target, prediction, groups)
    found = np.array([(2 * _identified(video, iou), len(video.known) + len(video.said)) for video in videos])
    return ratio(*found.T)


@of_tally
def hota(target: Array, prediction: Array, groups: Array) -> Tally:
    """Higher order tracking accuracy (Luiten et al. 2021): the mean over 19 overlaps of √(DetA · AssA).

    Range 0..1, higher is better.
    """
    return _higher_order(
        target, prediction, groups, lambda found: np.sqrt(found.detection * found.association)
    )


@of_tally
def det_a(target: Array, prediction: Array, groups: Array) -> Tally:
    """Detection accuracy of HOTA: matched boxes in parts of those of either side, over 19 overlaps."""
    return _higher_order(target, prediction, groups, lambda found: found.detection)


@of_tally
def ass_a(target: Array, prediction: Array, groups: Array) -> Tally:
    """Association accuracy of HOTA: how well the tracks of a matched box agree, over 19 overlaps."""
    return _higher_order(target, prediction, groups, lambda found: found.association)


@dataclass
class _Clear:
    """Counts of the CLEAR metrics in a sequence, and the sum of the overlaps of matched boxes."""

    known: int
    said: int
    right: int = 0
    switches: int = 0
    overlap: float = 0.0


class _HigherOrder(NamedTuple):
    """For each level, along the last axis."""

    detection: Floats
    association: Floats


class _Frame(NamedTuple):
    """Boxes of a frame, and of each its track, which are counted from 0 in the sequence."""

    known: Array
    said: Array
    known_boxes: Floats
    said_boxes: Floats

    @property
    def overlaps(self) -> Floats:
        """Of each known box with each that is said; worked out anew, for those of all frames are too many."""
        return overlaps_of(self.known_boxes, self.said_boxes)


class _Video(NamedTuple):
    """A sequence: the track of each box, in all frames, and the frames with boxes of both sides."""

    known: Array
    said: Array
    frames: Sequence[_Frame]

    @property
    def boxes_of(self) -> tuple[Array, Array]:
        """How many boxes each known track has, and each that is said."""
        return np.bincount(self.known), np.bincount(self.said)


def _videos(target: Array, prediction: Array, groups: Array, frame: Array | None = None) -> Iterator[_Video]:
    """The sequences, with their frames in order where ``frame`` is given.

    Raises:
        UndefinedByReference: no box is known.
    """
    if not any(map(len, target)):
        raise UndefinedByReference("no answer has a box")
    order = np.argsort(groups, kind="stable") if frame is None else np.lexsort((frame, groups))
    for rows in np.split(order, np.flatnonzero(np.diff(groups[order])) + 1):
        yield _video(target[rows], prediction[rows])


def _video(target: Array, prediction: Array) -> _Video:
    sides = [np.concatenate(cells) for cells in (target, prediction)]
    known, said = (np.unique(boxes[:, 0], return_inverse=True)[1] for boxes in sides)
    ends = [np.cumsum([len(boxes) for boxes in cells])[:-1] for cells in (target, prediction)]
    columns = [(known, ends[0]), (said, ends[1]), (sides[0][:, 1:], ends[0]), (sides[1][:, 1:], ends[1])]
    frames = map(_Frame._make, zip(*(np.split(*column) for column in columns), strict=True))
    return _Video(known, said, [each for each in frames if len(each.known) and len(each.said)])


def _clear(video: _Video, iou: float) -> _Clear:
    """Match frame by frame; a known track keeps the one that it had in the frame before, if they overlap.

    That frame is the last with boxes on both sides. A switch is another track than the last one matched,
    however long ago.
    """
    found = _Clear(len(video.known), len(video.said))
    tracks = int(video.known.max(initial=-1)) + 1
    last, before = np.full(tracks, _NOBODY), np.full(tracks, _NOBODY)
    for each in video.frames:
        overlaps = each.overlaps
        worth = _KEPT * (before[each.known][:, None] == each.said) + overlaps
        worth[overlaps < iou - _TINY] = 0
        rows, columns = _assigned(worth, _TINY)
        known, said = each.known[rows], each.said[columns]
        found.right += len(rows)
        found.overlap += float(overlaps[rows, columns].sum())
        found.switches += int(((last[known] != _NOBODY) & (last[known] != said)).sum())
        before[:] = _NOBODY
        last[known] = before[known] = said
    return found


def _identified(video: _Video, iou: float) -> int:
    """The boxes that overlap enough, where tracks answer to each other so that these are most."""
    if not video.frames:
        return 0
    shared = np.zeros([len(counts) for counts in video.boxes_of], dtype=np.int64)
    for each in video.frames:
        rows, columns = np.nonzero(each.overlaps >= iou)
        shared[each.known[rows], each.said[columns]] += 1
    shared = shared[:, shared.any(axis=0)]
    return int(shared[linear_sum_assignment(shared, maximize=True)].sum())


def _higher_order(
    target: Array, prediction: Array, groups: Array, of_levels: Callable[[_HigherOrder], Floats]
) -> Tally:
    """The mean over levels of what is made of both accuracies."""
    columns = [_counts(video) for video in _videos(target, prediction, groups)]

    def of_means(means: Array) -> Floats:
        right, agreement = np.split(means[..., 1:], 2, axis=-1)
        detection = right / (means[..., :1] - right)
        found = _HigherOrder(detection, _share(np.stack([agreement, right], axis=-1)))
        score: Floats = of_levels(found).mean(axis=-1)
        return score

    return of_columns(np.array(columns), of_means)


def _counts(video: _Video) -> Floats:
    """Boxes of both sides, then for each level the pairs, then the sums of their agreement."""
    found = (
        [_agreement(video, pairs) for pairs in _matched(video)] if video.frames else [(0, 0.0)] * len(LEVELS)
    )
    return np.array([len(video.known) + len(video.said), *chain(*zip(*found, strict=True))], dtype=np.float64)


def _share(sums: Array) -> Floats:
    """The first of two in parts of the second, along the last axis; nothing of nothing is 0."""
    part, whole = np.moveaxis(sums, -1, 0)
    found: Floats = np.divide(part, whole, out=np.zeros(np.shape(part)), where=whole > 0)
    return found


def _matched(video: _Video) -> Iterator[Array]:
    """For each level the tracks of each matched pair, known and said, as one number."""
    likeness = _likeness(video)
    pairs, overlaps = [], []
    for each in video.frames:
        own = each.overlaps
        rows, columns = _assigned(likeness[np.ix_(each.known, each.said)] * own)
        pairs.append(each.known[rows] * likeness.shape[1] + each.said[columns])
        overlaps.append(own[rows, columns])
    every, overlap = np.concatenate(pairs), np.concatenate(overlaps)
    for level in LEVELS:
        yield every[overlap >= level - _TINY]


def _likeness(video: _Video) -> Floats:
    """How well tracks go together before any is matched: what all frames share of either."""
    known, said = video.boxes_of
    shared = np.zeros((len(known), len(said)))
    for each in video.frames:
        overlaps = each.overlaps
        either = overlaps.sum(axis=0)[None, :] + overlaps.sum(axis=1)[:, None] - overlaps
        parts = np.divide(overlaps, either, out=np.zeros_like(overlaps), where=either > _TINY)
        shared[np.ix_(each.known, each.said)] += parts
    return shared / (known[:, None] + said[None, :] - shared)


def _agreement(video: _Video, pairs: Array) -> tuple[int, float]:
    """How many pairs there are, and the sum over them of what their tracks share in parts of either."""
    known, said = video.boxes_of
    tracks, shared = np.unique(pairs, return_counts=True)
    either = known[tracks // len(said)] + said[tracks % len(said)] - shared
    return len(pairs), float((shared * (shared / either)).sum())


def _assigned(worth: Floats, above: float = -1) -> tuple[Array, Array]:
    """The pairs that are worth most together, those alone that are worth more than this."""
    rows, columns = linear_sum_assignment(worth, maximize=True)
    kept = worth[rows, columns] > above
    return rows[kept], columns[kept]
