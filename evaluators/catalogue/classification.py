"""Right and wrong labels."""

from functools import partial

from evaluators.catalogue.info import MetricInfo
from evaluators.catalogue.parameters import AVERAGE, BETA, GRADES, LABELS, POSITIVE, WEIGHTS
from evaluators.words import N_

TITLE = N_("Right and wrong labels")
_metric = partial(
    MetricInfo,
    theme="classification",
    direction="higher",
    low=0,
    high=1,
    needs="labels",
    parameters={"labels": LABELS},
)
_AVERAGED = {"average": AVERAGE, "positive": POSITIVE, "labels": LABELS}
_ALWAYS = N_("Always defined.")
_COUNTED = N_("A class counts when it occurs in the target or in the predictions.")
_COUNTED_OR_POSITIVE = N_(
    "A class counts when it occurs in the target or in the predictions; with average: binary undefined where "
    "no row of the target is positive."
)
_AGREEMENT = N_("Undefined where the target has one class; 0 for constant predictions.")
_RIJSBERGEN = "van Rijsbergen, Information Retrieval, 1979"
_SOKOLOVA = (
    "Sokolova and Lapalme, A systematic analysis of performance measures for classification tasks, 2009"
)

METRICS = (
    _metric(
        "accuracy",
        N_("Accuracy"),
        what=N_("The share of rows with the right label."),
        formula="#(ŷ = y) / n",
        source=_SOKOLOVA,
        degenerate=_ALWAYS,
        example={"target": "species"},
    ),
    _metric(
        "balanced_accuracy",
        N_("Balanced accuracy"),
        what=N_(
            "The mean over the classes of the target of their recall: a rare class counts like a common one."
        ),
        formula=N_("mean over classes of TP / (TP + FN)"),
        source="Brodersen et al., The balanced accuracy and its posterior distribution, 2010",
        degenerate=N_("With one class in the target, the recall of that class."),
        example={"target": "species"},
    ),
    _metric(
        "precision",
        N_("Precision"),
        what=N_("How often a class is right where it is predicted, averaged over classes."),
        formula="TP / (TP + FP)",
        source=_RIJSBERGEN,
        degenerate=N_(
            "0 for a class that is never predicted; with average: binary undefined where no row of the "
            "target is positive."
        ),
        example={"target": "churned", "average": "binary", "positive": "yes"},
        parameters=_AVERAGED,
    ),
    _metric(
        "recall",
        N_("Recall"),
        what=N_("How many rows of a class are found, averaged over classes."),
        formula="TP / (TP + FN)",
        source=_RIJSBERGEN,
        degenerate=N_(
            "0 for a class that is predicted and has no row; with average: binary undefined where no row of "
            "the target is positive."
        ),
        example={"target": "species"},
        parameters=_AVERAGED,
    ),
    _metric(
        "f1_macro",
        N_("F1, mean over classes"),
        what=N_("The mean over classes of F1, the harmonic mean of precision and recall."),
        formula=N_("mean over classes of 2·TP / (2·TP + FP + FN)"),
        source=f"{_RIJSBERGEN}; {_SOKOLOVA}",
        degenerate=_COUNTED,
        example={"target": "species"},
    ),
    _metric(
        "f1_micro",
        N_("F1, over all rows"),
        what=N_("F1 of the counts added over classes; with one label a row it equals accuracy."),
        formula="2·ΣTP / (2·ΣTP + ΣFP + ΣFN)",
        source=f"{_RIJSBERGEN}; {_SOKOLOVA}",
        degenerate=_ALWAYS,
        example={"target": "species"},
    ),
    _metric(
        "f1_weighted",
        N_("F1, weighted by class"),
        what=N_("The mean of F1, weighted by the rows of each class in the target."),
        formula=N_("Σ share(class) · 2·TP / (2·TP + FP + FN)"),
        source=_RIJSBERGEN,
        degenerate=_ALWAYS,
        example={"target": "species"},
    ),
    _metric(
        "f_beta",
        N_("F-beta"),
        what=N_("The weighted harmonic mean of precision and recall, averaged over classes."),
        formula="(1 + β²)·TP / ((1 + β²)·TP + β²·FN + FP)",
        source=_RIJSBERGEN,
        degenerate=_COUNTED_OR_POSITIVE,
        example={"target": "fraud", "beta": 2, "average": "binary"},
        parameters={"beta": BETA, **_AVERAGED},
    ),
    _metric(
        "jaccard",
        N_("Jaccard index"),
        what=N_(
            "What target and predictions share of a class, by what either has of it, averaged over classes."
        ),
        formula="TP / (TP + FP + FN)",
        source="Jaccard, Étude comparative de la distribution florale, 1901",
        degenerate=_COUNTED_OR_POSITIVE,
        example={"target": "churned", "average": "binary", "positive": "yes"},
        parameters=_AVERAGED,
    ),
    _metric(
        "hamming_loss",
        N_("Hamming loss"),
        what=N_("The share of labels that are wrong, over all rows and columns."),
        formula="#(ŷ ≠ y) / n",
        source="Hamming, Error detecting and error correcting codes, 1950",
        degenerate=_ALWAYS,
        example={"target": ["colour", "shape"]},
        direction="lower",
        each=N_("label"),
        by_column=True,
    ),
    _metric(
        "mcc",
        N_("Matthews correlation coefficient"),
        what=N_("The correlation of target and predictions, for any number of classes."),
        formula="(TP·TN − FP·FN) / √((TP+FP)(TP+FN)(TN+FP)(TN+FN))",
        source="Gorodkin, Comparing two K-category assignments by a K-category correlation coefficient, 2004",
        degenerate=_AGREEMENT,
        example={"target": "species"},
        low=-1,
    ),
    _metric(
        "cohen_kappa",
        N_("Cohen's kappa"),
        what=N_(
            "How far agreement goes beyond chance; labels i and j disagree by 1, by |i − j| or by (i − j)², "
            "i and j being their places in the order of labels."
        ),
        formula="1 − Σ w·O / Σ w·E",
        source="Cohen, A coefficient of agreement for nominal scales, 1960; Weighted kappa, 1968",
        degenerate=_AGREEMENT,
        example={"target": "grade", "weights": "linear", "labels": ["poor", "fair", "good"]},
        low=-1,
        parameters={"weights": WEIGHTS, "labels": GRADES},
    ),
    _metric(
        "quadratic_weighted_kappa",
        N_("Quadratic weighted kappa"),
        what=N_("How far ratings agree beyond chance, disagreement weighing as its square."),
        formula="1 − Σ w·O / Σ w·E,  w = (i − j)²",
        source="Cohen, Weighted kappa, 1968",
        degenerate=N_("Undefined where the target is constant; 0 for constant predictions."),
        example={"target": "rating"},
        low=-1,
        needs="ratings",
        parameters={},
    ),
)
