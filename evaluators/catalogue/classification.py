"""Right and wrong labels."""

from functools import partial

from evaluators.catalogue.info import MetricInfo
from evaluators.parameters import AVERAGE, BETA, LABELS, POSITIVE, WEIGHTS
from evaluators.words import N_

TITLE = N_("Right and wrong labels")
_metric = partial(MetricInfo, theme="classification", direction="higher", low=0, high=1, needs="labels")

METRICS = (
    _metric("accuracy", "Accuracy", parameters={"labels": LABELS}),
    _metric("balanced_accuracy", "Balanced accuracy", parameters={"labels": LABELS}),
    _metric(
        "precision", "Precision", parameters={"average": AVERAGE, "positive": POSITIVE, "labels": LABELS}
    ),
    _metric("recall", "Recall", parameters={"average": AVERAGE, "positive": POSITIVE, "labels": LABELS}),
    _metric("f1_macro", "F1, mean over classes", parameters={"labels": LABELS}),
    _metric("f1_micro", "F1, over all rows", parameters={"labels": LABELS}),
    _metric("f1_weighted", "F1, weighted by class", parameters={"labels": LABELS}),
    _metric(
        "f_beta",
        "F-beta",
        parameters={"beta": BETA, "average": AVERAGE, "positive": POSITIVE, "labels": LABELS},
    ),
    _metric(
        "jaccard", "Jaccard index", parameters={"average": AVERAGE, "positive": POSITIVE, "labels": LABELS}
    ),
    _metric(
        "hamming_loss",
        "Hamming loss",
        direction="lower",
        parameters={"labels": LABELS},
        each="label",
        by_column=True,
    ),
    _metric("mcc", "Matthews correlation coefficient", low=-1, parameters={"labels": LABELS}),
    _metric("cohen_kappa", "Cohen's kappa", low=-1, parameters={"weights": WEIGHTS, "labels": LABELS}),
    _metric("quadratic_weighted_kappa", "Quadratic weighted kappa", low=-1, needs="ratings"),
)
