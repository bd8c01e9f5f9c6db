"""Images: masks and boxes of what is seen, and pictures themselves."""

from dataclasses import replace
from functools import partial

from evaluators.catalogue.info import MetricInfo
from evaluators.catalogue.parameters import Parameter, is_number, one_of
from evaluators.words import N_

TITLE = N_("Images")
_SIZES = {
    "height": N_("the column of the reference with the height of the image in pixels"),
    "width": N_("the column of the reference with the width of the image in pixels"),
}
_masks = partial(
    MetricInfo,
    theme="masks",
    direction="higher",
    low=0,
    high=1,
    needs="masks",
    degenerate=N_("Always defined; two empty masks count 1, an empty one beside another 0."),
    beside=_SIZES,
    example={"target": "mask", "height": "height", "width": "width"},
)

ORDER = one_of(
    N_("one of columns, rows"),
    N_("Whether the pixels of masks are counted down the columns, as on Kaggle, or along the rows."),
    "columns",
    "rows",
)
PERCENTILE = Parameter(
    N_("a number above 0 and up to 100"),
    "95",
    lambda value: is_number(value) and 0 < value <= 100,
    what=N_("The percentile of distances that counts; 95 passes over a few stray pixels (HD95)."),
    default="`100`",
)
DILATION = Parameter(
    N_("a number above 0 and up to 1"),
    "0.01",
    lambda value: is_number(value) and 0 < value <= 1,
    what=N_("How far from the boundary pixels count, in parts of the diagonal of the image."),
    default="`0.02`",
)
TOLERANCE = Parameter(
    N_("a number from 0 to 1"),
    "0.008",
    lambda value: is_number(value) and 0 <= value <= 1,
    what=N_("How far edges may lie apart, in parts of the diagonal; 0.008 in DAVIS."),
    default="`0.0075`",
)
_edges = partial(_masks, theme="outlines", parameters={"order": ORDER}, libraries=("scipy",))
_distances = partial(
    _edges,
    direction="lower",
    high=None,
    degenerate=N_(
        "Always defined; two empty masks are 0 apart, an empty one and another the diagonal of their image, "
        "as in BraTS."
    ),
)

CHANNELS = one_of(
    N_("one of all, luma"),
    N_(
        "What of colours is compared: all three, or `luma` alone, the Y of BT.601 from 16 to 235, as "
        "super-resolution is measured."
    ),
    "all",
    "luma",
)
CAP = Parameter(
    N_("a number above 0 and up to 1000"),
    "60",
    lambda value: is_number(value) and 0 < value <= 1000,
    what=N_("The most that a picture counts, in dB: equal ones would be without end."),
    default="`100`",
)
_pictures = partial(
    MetricInfo, theme="images", direction="higher", needs="images", example={"target": "picture"}
)

OVERLAP = Parameter(
    N_("a number above 0 and up to 1"),
    "0.5",
    lambda value: is_number(value) and 0 < value <= 1,
    what=N_("The overlap (IoU) from which on a box is right, like 0.5 for mAP@50."),
    default=N_("the mean over ten of them, from 0.50 to 0.95"),
)
OVERLAP_OF_MASKS = replace(
    OVERLAP, what=N_("The overlap (IoU) from which on a mask is right, like 0.5 for mAP@50.")
)
SIZE = one_of(
    N_("one of all, small, medium, large"),
    N_(
        "Which objects count, by their area in pixels: `small` up to 32², `medium` from 32² to 96², `large` "
        "from 96², as in COCO. Those of another size are neither missed nor wrong."
    ),
    "all",
    "small",
)
_found = partial(
    MetricInfo,
    formula=N_("mean over classes and overlaps of (1/101) · Σ max precision at recall ≥ 0, 0.01, …, 1"),
    source="Lin et al., Microsoft COCO: common objects in context, 2014",
    direction="higher",
    low=0,
    high=1,
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
    _masks(
        "mean_iou",
        N_("Mean IoU of classes"),
        what=N_(
            "The mean over classes of the pixels that both masks share, in parts of those of either, each "
            "summed over all images of a split, as in Pascal VOC and Cityscapes. In a list of targets each "
            "is the masks of a class."
        ),
        formula=N_("mean over classes of Σ |y ∩ ŷ| / Σ |y ∪ ŷ|"),
        source="Everingham et al., The PASCAL visual object classes challenge: a retrospective, 2015",
        degenerate=N_(
            "Undefined where no answer of a split has a pixel; a class without a pixel on both sides of the "
            "split is left out, one that is only predicted counts 0."
        ),
        by_column=True,
        example={"target": ["road", "car"], "height": "height", "width": "width"},
    ),
    _edges(
        "boundary_iou",
        N_("Boundary IoU"),
        what=N_(
            "The mean over rows of the IoU of those pixels of both masks that are near the boundary of their "
            "own."
        ),
        formula=N_("(1/n) · Σ |b(y) ∩ b(ŷ)| / |b(y) ∪ b(ŷ)|, b(y): what d erosions take from y"),
        source="Cheng et al., Boundary IoU: improving object-centric image segmentation evaluation, 2021",
        parameters={"order": ORDER, "dilation_ratio": DILATION},
    ),
    _edges(
        "boundary_f",
        N_("Boundary F-score"),
        what=N_(
            "The mean over rows of the F1 of edges: pixels of one are right where the other is within the "
            "tolerance. The edge are the pixels of a mask beside one that is not of it."
        ),
        formula=N_("(1/n) · Σ 2·P·R / (P + R), of the shares of edge pixels within the tolerance"),
        source="Csurka et al., What is a good evaluation measure for semantic segmentation?, 2013",
        parameters={"order": ORDER, "tolerance": TOLERANCE},
    ),
    _distances(
        "hausdorff",
        N_("Hausdorff distance"),
        what=N_(
            "The mean over rows of the largest distance, in pixels, of an edge pixel of one mask to the edge "
            "of the other, or of the larger of both sides' percentiles, as MONAI has it."
        ),
        formula="(1/n) · Σ max(max d(∂y, ∂ŷ), max d(∂ŷ, ∂y))",
        source="Huttenlocher et al., Comparing images using the Hausdorff distance, 1993",
        parameters={"order": ORDER, "percentile": PERCENTILE},
    ),
    _distances(
        "surface_distance",
        N_("Average symmetric surface distance"),
        what=N_(
            "The mean over rows of the mean distance, in pixels, of the edge pixels of both masks to the "
            "edge of the other (ASSD)."
        ),
        formula="(1/n) · Σ (Σ d(∂y, ∂ŷ) + Σ d(∂ŷ, ∂y)) / (|∂y| + |∂ŷ|)",
        source="Heimann et al., Comparison and evaluation of methods for liver segmentation, 2009",
    ),
    _pictures(
        "psnr",
        N_("Peak signal-to-noise ratio"),
        what=N_("The mean over rows of the ratio of the largest value to the squared error, in decibels."),
        formula="(1/n) · Σ min(cap, 10 · log₁₀(255² / MSE(y, ŷ)))",
        source="Huynh-Thu and Ghanbari, Scope of validity of PSNR in image/video quality assessment, 2008",
        degenerate=N_("Always defined; equal pictures have the cap."),
        low=0,
        high=None,
        parameters={"channels": CHANNELS, "cap": CAP},
    ),
    _pictures(
        "ssim",
        N_("Structural similarity"),
        what=N_(
            "The mean over rows, colours and places of how alike two pictures are in brightness, contrast "
            "and structure, within a Gaussian window of 11 · 11 pixels (σ = 1.5) that lies in the picture "
            "whole."
        ),
        formula="(1/n) · Σ mean (2·μ·μ̂ + c₁)·(2·σ_yŷ + c₂) / ((μ² + μ̂² + c₁)·(σ² + σ̂² + c₂)), "
        "c₁ = (0.01 · 255)², c₂ = (0.03 · 255)²",
        source="Wang et al., Image quality assessment: from error visibility to structural similarity, 2004",
        degenerate=N_(
            "Undefined where a picture of the reference is less than 11 pixels high or wide; equal pictures "
            "count 1."
        ),
        low=-1,
        high=1,
        parameters={"channels": CHANNELS},
    ),
    _found(
        "map_boxes",
        N_("Mean average precision of boxes"),
        what=N_(
            "The mean over classes, and over ten overlaps, of the precision at 101 recalls of boxes ordered "
            "by score, as COCO has it; of each class the 100 highest scores of an image are looked at."
        ),
        degenerate=N_(
            "Undefined where no row of a split has a box of the size; a class without one in the split is "
            "left out, wherever it is predicted; 0 where nothing is predicted."
        ),
        ties=N_(
            "Boxes of equal scores come in the order of the rows of the reference, those of an image as they "
            "are written."
        ),
        needs="boxes",
        theme="boxes",
        parameters={"iou": OVERLAP, "size": SIZE},
        example={"target": "boxes", "iou": 0.5},
    ),
    _found(
        "map_masks",
        N_("Mean average precision of masks"),
        what=N_(
            "The mean over classes, and over ten overlaps, of the precision at 101 recalls of instances "
            "ordered by score, of which masks are compared, as COCO has it for segmentation; of each class "
            "the 100 highest scores of an image are looked at."
        ),
        degenerate=N_(
            "Undefined where no row of a split has an instance of the size; a class without one in the split "
            "is left out, wherever it is predicted; 0 where nothing is predicted. An empty mask in a "
            "submission is one that finds nothing."
        ),
        ties=N_(
            "Instances of equal scores come in the order of the rows of the reference, those of an image as "
            "they are written."
        ),
        needs="instances",
        theme="instances",
        parameters={"iou": OVERLAP_OF_MASKS, "size": SIZE},
        beside=_SIZES,
        example={"target": "instances", "height": "height", "width": "width"},
    ),
)
