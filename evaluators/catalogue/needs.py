"""What the columns of a metric must hold, in words; Markdown."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from evaluators.catalogue.info import Need
from evaluators.words import N_


class Needed(NamedTuple):
    """A kind of columns, in words."""

    title: str
    what: str


NEEDS: Mapping[Need, Needed] = MappingProxyType(
    {
        "labels": Needed(
            N_("Labels"),
            N_(
                "Texts or integers. Where all labels of a task are integers, a prediction is read as a "
                "number: `1`, `1.0` and `01` are the same label, `1.5` is none. Otherwise a label is a text, "
                "and `Cat` is not `cat`. A label that the task does not know rejects the submission. Where a "
                "class may be predicted that happens to have no row in the reference, list all classes under "
                "`labels`. A metric of several columns takes a list of targets, where each column knows its "
                "own labels, or all of them those of `labels`."
            ),
        ),
        "paths": Needed(
            N_("Labels in a tree"),
            N_(
                "Paths from the top of the tree, like `animal/mammal/cat`, or names whose `parents` the task "
                "declares. A row has one label, which need not be a leaf. What is no path, or is not among "
                "`parents`, rejects the submission; a path that the reference lacks may be predicted. A way "
                "has at most 100 nodes."
            ),
        ),
        "flags": Needed(
            N_("Flags"),
            N_(
                "0 or 1, a column for each label that a row may have: `target` is a list of such columns, "
                "and `prediction` one of as many columns of the submission, in the same order; without it, "
                "the same names."
            ),
        ),
        "ratings": Needed(N_("Ratings"), N_("Whole numbers; any whole number may be predicted.")),
        "scores": Needed(
            N_("Scores"),
            N_(
                "Any finite numbers: a higher one says more strongly that a row is positive. Only their "
                "order counts. Where the target is a list of columns of 0 and 1, each has its own column of "
                "scores."
            ),
        ),
        "probabilities": Needed(
            N_("Probabilities"),
            N_(
                "Numbers between 0 and 1. In several columns for the classes of one target each row sums to "
                "one, give or take 0.001; what is missing from one is divided out first, so that a sum above "
                "one gains nothing. Where the target is a list of columns of 0 and 1, each has its own "
                "column, and rows need not sum to one."
            ),
        ),
        "numbers": Needed(
            N_("Numbers"),
            N_(
                "Finite numbers, written with digits, a point and an exponent: `12`, `-0.5`, `1e-3`. `1,5`, "
                "`NA` and `True` are none; an empty value counts as NaN. Forecasts take a column for each "
                "quantile or draw, as many in every row, intervals their two bounds, places latitude and "
                "longitude in degrees on both sides."
            ),
        ),
        "ranking": Needed(
            N_("Rankings"),
            N_(
                "Rows are documents, `group` names their query, `target` their relevance (0 or more; where "
                "grades do not count, everything above 0 is relevant), and the prediction is a score that "
                "orders the documents of a query, the highest first. A query with documents in both splits "
                "is ranked in each split by itself. Where a group may be left out, all rows of a split are "
                "one list."
            ),
        ),
        "items": Needed(
            N_("Recommendations"),
            N_(
                "Rows are items that may be recommended, `group` names the list that they are for, like a "
                "customer, `target` is the column of the reference that names the item, and the prediction "
                "is a score that orders the items of a list, the highest first. A list with rows in both "
                "splits is looked at in each split by itself."
            ),
        ),
        "series": Needed(
            N_("Series"),
            N_(
                "Rows are numbers to forecast, `group` names their series. `scale` is a column of the "
                "reference, the same in all rows of a series: how far a naive forecast was off in the "
                "training history, in the unit of the target. It is worked out once, when the reference is "
                "made: for `mase` the mean of |y[i] − y[i − m]| over the history, m being the length of a "
                "season (1 without one); for `rmsse` and `weighted_rmsse` the square root of the mean of "
                "(y[i] − y[i − 1])². A history without any change has no scale; leave such a series out of "
                "the reference. `weight` is a column too, the same in all rows of a series; weights are "
                "divided by their sum. Each series counts as one, however many rows it has, and a series "
                "with rows in both splits counts in each with those that it has there. Sums over shops or "
                "regions are no series of their own: where they are to count, as in the M5 competition, give "
                "them rows."
            ),
        ),
        "survival": Needed(
            N_("Survival"),
            N_(
                "`target` is a list of two columns of the reference: a time, and whether the event happened "
                "then (1) or the subject was followed up to then without it (0). The prediction is a number "
                "for each row, of which only the order counts."
            ),
        ),
        "curves": Needed(
            N_("Survival curves"),
            N_(
                "`target` is a list of two columns of the reference: a time, and whether the event happened "
                "then (1) or the subject was followed up to then without it (0). The prediction is a column "
                "for each of the `times`: the probability, between 0 and 1, that nothing has happened by "
                "then. Each split is looked at by itself."
            ),
        ),
        "clusters": Needed(
            N_("Clusters"),
            N_(
                "Texts or numbers that name the cluster of a row, as they are written: `1` is not `1.0`. "
                "Only which rows share a name counts, so that the names of both sides need not be the same, "
                "nor as many. Rows that belong to no cluster need a name too, and are a cluster then. Each "
                "split is looked at by itself."
            ),
        ),
        "distributions": Needed(
            N_("Distributions"),
            N_(
                "Each row is a distribution over columns: `target` is a list of columns of the reference, "
                "`prediction` one of as many columns of the submission, in the same order; without it, the "
                "same names. On both sides values lie between 0 and 1 and each row sums to one, give or take "
                "0.001; what is missing from one is divided out first."
            ),
        ),
        "front": Needed(
            N_("Fronts"),
            N_(
                "Rows are points of the front that a team hands in, with a column for each objective. There "
                "is no `target`: the reference says which ids there are, and so how many points, and which "
                "split each belongs to. The points of a split are a front of their own. With `by`, a column "
                "of the reference, each of several problems has one."
            ),
        ),
        "usage": Needed(
            N_("Usage"),
            N_(
                "No column: it is measured where the program runs, from outside, and cannot be told by it. "
                "The time begins when the program is started; what the task preloads is there before. Time "
                "and memory need a task that takes code, the size of a submission does not. Phases that "
                "rank by speed should run `alone`. A task needs at least one metric that compares."
            ),
        ),
        "texts": Needed(
            N_("Texts"),
            N_(
                "A text in each cell, on both sides. An empty cell of a submission is an empty text, and "
                "compared as such. Where rows have several references, `target` is a list of columns, and an "
                "empty cell in one of them is no reference: each row needs one. What has no answer needs a "
                "word that says so, the same on both sides. A text may have `longest` characters; a longer "
                "one rejects the submission before anything is compared."
            ),
        ),
        "free_texts": Needed(
            N_("Texts without an answer"),
            N_(
                "A text in each cell of the submission, compared with nothing: there is no `target`. The "
                "reference says which ids there are, and which split each belongs to."
            ),
        ),
        "sequences": Needed(
            N_("Tags"),
            N_(
                "The tags of a text in each cell, with a space between them: `O` outside of entities, else "
                "`B` (begins), `I` (inside), `E` (ends) or `S` (single) and the type, as in `B-PER I-PER O`. "
                "Both sides have as many in a row, one for each token; what is no tag of the scheme, or "
                "leaves some out, rejects the submission. A type that the reference lacks may be predicted."
            ),
        ),
        "outcomes": Needed(
            N_("Samples"),
            N_(
                "Rows are samples, `group` names their problem. A sample passes where the prediction is the "
                "target: the answer of the problem, or 1 in all rows where the submission holds the outcome "
                "of tests. Where all targets are integers `1.0` is `1`, else texts must be equal; anything "
                "else, and nothing, does not pass."
            ),
        ),
        "masks": Needed(
            N_("Masks"),
            N_(
                "A row is an image, or an object of one, and its mask a text of runs, `start length start "
                "length …`, with a space between them. Pixels are counted from 1, down the columns or along"
                " the rows: both sides must do it alike, and a metric with an `order` must know which. Runs"
                " may come in any order, but not overlap, nor go beyond height · width, two columns of the "
                "reference; an empty cell is an empty mask, on both sides. A mask has at most 100,000 runs;"
                " where the order of pixels counts, an image has at most 10,000,000 of them. With a list of"
                " targets each class has a mask of its own."
            ),
        ),
        "images": Needed(
            N_("Pictures"),
            N_(
                "A row is a picture, on both sides a PNG of 8 bits, grey or RGB, written in base64. One of "
                "a submission has the height, the width and the colours of that of the reference; lines "
                "that it lacks at its end are black. A picture has at most 10,000,000 pixels, those of a "
                "column 50,000,000 in all. A line of a table has room for a PNG of 700 kB; a "
                "packed table and Parquet have room for 64 MB, CSV and JSON Lines for all."
            ),
        ),
        "boxes": Needed(
            N_("Boxes"),
            N_(
                "A row is an image, and its boxes a text with spaces between words: in the reference five "
                "for each box, `class left top right bottom`, in a submission six, `class score left top "
                "right bottom`. A class is a word without spaces; the higher the score the surer. An empty "
                "cell is an image without boxes, on both sides. An image has at most 1,000 boxes; those of "
                "the reference have an area."
            ),
        ),
        "instances": Needed(
            N_("Masks of instances"),
            N_(
                "A row is an image, and its instances a text, with a semicolon between them: in the "
                "reference `class start length start length …`, in a submission `class score start length "
                "…`, like `cat 0.9 1 3 10 2; dog 0.4 30 5`. A class is a word without spaces and semicolons; "
                "the higher the score the surer. Runs of pixels are counted from 1, down the columns or "
                "along the rows, on both sides alike; those of one mask may come in any order, but not "
                "overlap, nor go beyond height · width, two columns of the reference. Masks of two instances "
                "may overlap. An empty cell is an image without instances, on both sides. An image has at "
                "most 1,000 instances and 100,000 runs, a submission 1,000,000 instances, and a reference as "
                "many and 10,000,000 runs; each of its masks has a pixel. A line of a table has room for "
                "a megabyte."
            ),
        ),
        "tracks": Needed(
            N_("Tracks of objects"),
            N_(
                "A row is a frame, `group` names its sequence, and its objects are a text with spaces "
                "between words, five for each, `track left top right bottom`, on both sides. A track is a "
                "word without spaces, the same in all frames of a sequence where the object is the same; "
                "those of a submission need not be named as those of the reference are. A track stands once "
                "in a frame; an empty cell is a frame without objects. Frames that are left out of the "
                "reference count as empty ones. Objects of several classes need a column for each class, as "
                "a list of targets. A frame has at most 1,000 objects, a sequence of the reference 2,000 "
                "tracks, one of a submission 10,000, and either side 2,000,000 boxes in all; those of the "
                "reference have an area. A sequence with rows in both splits counts in each with the frames "
                "that it has there."
            ),
        ),
    }
)
