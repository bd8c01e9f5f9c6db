"""Images: masks of what is seen."""

from functools import partial

from evaluators.catalogue.info import MetricInfo
from evaluators.words import N_

TITLE = N_("Images")
_masks = partial(
    MetricInfo,
    theme="masks",
    direction="higher",
    low=0,
    high=1,
    needs="masks",
    degenerate=N_("Always defined; two empty masks count 1, an empty one beside another 0."),
    beside={
        "height": N_("the column of the reference with the height of the image in pixels"),
        "width": N_("the column of the reference with the width of the image in pixels"),
    },
    example={"target": "mask", "height": "height", "width": "width"},
)

METRICS = (
    _masks(
        "mask_iou",
        N_("IoU of masks"),
        what=N_("The mean over rows of the pixels that both masks share, in parts of those of either."),
        formula="(1/n) · Σ |y ∩ ŷ| / |y ∪ ŷ|",
        source="Jaccard, Étude comparative de la distribution florale, 1901",
    ),
    _masks(
        "dice",
        N_("Dice coefficient"),
        what=N_("The mean over rows of twice the pixels that both masks share, in parts of those of both."),
        formula="(1/n) · Σ 2·|y ∩ ŷ| / (|y| + |ŷ|)",
        source="Dice, Measures of the amount of ecologic association between species, 1945",
    ),
)
