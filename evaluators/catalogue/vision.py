"""Images: masks and boxes of what is seen."""

from functools import partial

from evaluators.catalogue.info import MetricInfo
from evaluators.catalogue.parameters import Parameter, is_number
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

OVERLAP = Parameter(
    N_("a number above 0 and up to 1"),
    "0.5",
    lambda value: is_number(value) and 0 < value <= 1,
    what=N_("The overlap (IoU) from which on a box is right, like 0.5 for mAP@50."),
    default=N_("the mean over ten of them, from 0.50 to 0.95"),
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
    MetricInfo(
        "map_boxes",
        N_("Mean average precision of boxes"),
        what=N_(
            "The mean over classes, and over ten overlaps, of the precision at 101 recalls of boxes ordered "
            "by score, as COCO has it; of each class the 100 highest scores of an image are looked at."
        ),
        formula=N_("mean over classes and overlaps of (1/101) · Σ max precision at recall ≥ 0, 0.01, …, 1"),
        source="Lin et al., Microsoft COCO: common objects in context, 2014",
        degenerate=N_(
            "Undefined where no row of a split has a box; a class without a box in the split is left out, "
            "wherever it is predicted; 0 where nothing is predicted."
        ),
        ties=N_(
            "Boxes of equal scores come in the order of the rows of the reference, those of an image as they "
            "are written."
        ),
        direction="higher",
        low=0,
        high=1,
        needs="boxes",
        theme="boxes",
        parameters={"iou": OVERLAP},
        example={"target": "boxes", "iou": 0.5},
    ),
)
