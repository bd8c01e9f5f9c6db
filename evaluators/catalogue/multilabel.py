"""Rows with several labels: a list of targets, each with a prediction of its own."""

from functools import partial

from evaluators.catalogue.info import MetricInfo
from evaluators.parameters import ONE_CLASS
from evaluators.words import N_

TITLE = N_("Rows with several labels")
_metric = partial(
    MetricInfo,
    theme="multilabel",
    direction="higher",
    low=0,
    high=1,
    needs="scores",
    each="label",
    least=2,
    by_column=True,
)

METRICS = (
    _metric("f1_samples", "F1, mean over rows", needs="flags"),
    _metric("mean_roc_auc", "ROC-AUC, mean over columns", parameters={"one_class": ONE_CLASS}),
    _metric(
        "mean_log_loss", "Log-loss, mean over columns", direction="lower", high=None, needs="probabilities"
    ),
    _metric("lrap", "Label ranking average precision"),
)
