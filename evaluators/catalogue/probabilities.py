"""Scores and probabilities of classes."""

from functools import partial

from evaluators.catalogue.info import MetricInfo
from evaluators.parameters import BINS, LABELS, MAX_FPR, POSITIVE, TOP
from evaluators.words import N_

TITLE = N_("Scores and probabilities of classes")
_metric = partial(MetricInfo, theme="probabilities", direction="higher", low=0, high=1, needs="probabilities")

METRICS = (
    _metric(
        "roc_auc",
        "ROC-AUC",
        needs="scores",
        parameters={"positive": POSITIVE, "labels": LABELS},
        several=True,
    ),
    _metric(
        "partial_roc_auc",
        "Partial ROC-AUC",
        needs="scores",
        parameters={"max_fpr": MAX_FPR, "positive": POSITIVE},
    ),
    _metric("average_precision", "Average precision", needs="scores", parameters={"positive": POSITIVE}),
    _metric(
        "top_k_accuracy",
        "Top-k accuracy",
        needs="scores",
        parameters={"k": TOP, "labels": LABELS},
        several=True,
        least=2,
    ),
    _metric(
        "log_loss",
        "Log-loss",
        direction="lower",
        high=None,
        parameters={"positive": POSITIVE, "labels": LABELS},
        several=True,
    ),
    _metric(
        "brier",
        "Brier score",
        direction="lower",
        parameters={"positive": POSITIVE, "labels": LABELS},
        several=True,
    ),
    _metric("pf1", "Probabilistic F1", parameters={"positive": POSITIVE}),
    _metric(
        "expected_calibration_error",
        "Expected calibration error",
        direction="lower",
        parameters={"bins": BINS, "positive": POSITIVE, "labels": LABELS},
        several=True,
    ),
)
