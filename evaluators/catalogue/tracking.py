"""Tracks of objects through the frames of sequences."""

from functools import partial

from evaluators.catalogue.info import MetricInfo
from evaluators.catalogue.parameters import Parameter, is_number
from evaluators.words import N_

TITLE = N_("Tracks of objects")

OVERLAP = Parameter(
    N_("a number above 0 and up to 1"),
    "0.5",
    lambda value: is_number(value) and 0 < value <= 1,
    what=N_("The overlap (IoU) from which on two boxes may be the same object."),
    default="`0.5`",
)
_FRAME = {"frame": N_("the column of the reference with the number of the frame, which says their order")}
_EXAMPLE = {"target": "objects", "group": "video"}
_CLEAR = "Bernardin and Stiefelhagen, Evaluating multiple object tracking performance, 2008"
_HOTA = "Luiten et al., HOTA: a higher order metric for evaluating multi-object tracking, 2021"
_metric = partial(
    MetricInfo,
    theme="tracking",
    direction="higher",
    low=0,
    high=1,
    needs="tracks",
    degenerate=N_("Undefined where no row of a split has a box; 0 where nothing is predicted."),
    ties=N_(
        "Of assignments that are equally good scipy's counts, with the boxes of a frame as they are written."
    ),
    example=_EXAMPLE,
    libraries=("scipy",),
)
_clear = partial(
    _metric, source=_CLEAR, beside=_FRAME, parameters={"iou": OVERLAP}, example=_EXAMPLE | {"frame": "frame"}
)

METRICS = (
    _metric(
        "hota",
        N_("HOTA"),
        what=N_(
            "How well objects are found and followed, both alike: the mean over 19 overlaps of the geometric "
            "mean of both accuracies. Sequences count by their boxes."
        ),
        formula=N_("(1/19) · Σ √(DetA · AssA) over overlaps of 0.05, 0.10, …, 0.95"),
        source=_HOTA,
    ),
    _metric(
        "det_a",
        N_("Detection accuracy of HOTA (DetA)"),
        what=N_(
            "The boxes that are matched, in parts of those of either side: how well objects are found, "
            "whatever their tracks; the mean over 19 overlaps."
        ),
        formula=N_("(1/19) · Σ TP / (TP + FN + FP) over overlaps of 0.05, 0.10, …, 0.95"),
        source=_HOTA,
    ),
    _metric(
        "ass_a",
        N_("Association accuracy of HOTA (AssA)"),
        what=N_(
            "Of each matched box the boxes that its two tracks share, in parts of those of either track: how "
            "well objects are followed once they are found; the mean over matched boxes and 19 overlaps."
        ),
        formula=N_("(1/19) · Σ (1/TP) · Σ TPA / (TPA + FNA + FPA) over overlaps of 0.05, 0.10, …, 0.95"),
        source=_HOTA,
    ),
    _clear(
        "mota",
        N_("MOTA"),
        what=N_(
            "One less the share of errors in the known boxes: those that are missed, those that are too "
            "many, and switches of an object to another track."
        ),
        formula=N_("1 − (FN + FP + switches) / known boxes"),
        low=None,
    ),
    _clear(
        "motp",
        N_("MOTP"),
        what=N_("The mean overlap of the boxes that MOTA matches."),
        formula=N_("(1/TP) · Σ IoU of matched boxes"),
        degenerate=N_("Undefined where no row of a split has a box; 0 where none is matched."),
    ),
    _metric(
        "idf1",
        N_("IDF1"),
        what=N_(
            "F1 of boxes where each track stands for one object at most in the whole sequence, so matched "
            "that most boxes are right."
        ),
        formula="2·IDTP / (2·IDTP + IDFP + IDFN)",
        source="Ristani et al., Performance measures and a data set for multi-target tracking, 2016",
        parameters={"iou": OVERLAP},
    ),
)
