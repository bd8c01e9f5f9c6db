"""The metrics by name: direction, range, what each needs, and where its formula stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from evaluators.parameters import (
    ALPHA,
    AVERAGE,
    BETA,
    BINS,
    LABELS,
    LARGEST_ERROR,
    MAX_FPR,
    ONE_CLASS,
    POSITIVE,
    POWER,
    QUANTILES,
    RADIUS,
    SMALLEST_SPREAD,
    TOP,
    WEIGHTS,
    K,
    Parameter,
)

Direction = Literal["higher", "lower"]
Need = Literal["labels", "ratings", "scores", "probabilities", "numbers", "ranking", "series", "flags"]


@dataclass(frozen=True)
class MetricInfo:
    """A metric as organizers choose it.

    ``direction`` says whether higher or lower is better; ``low`` and ``high`` bound the score where it has
    bounds. The formula is the function ``name`` of the module ``evaluators.formulas.<theme>``.

    A prediction is one column; for ``several`` one, or one for ``each`` class, ``least`` of them or more; for
    ``columns`` one for each of these meanings, as for ``target_columns`` on the side of the reference.
    ``beside`` are further keys that name a column of the reference, with their meanings. A ranking which may
    be ``overall`` is one list without a group. A metric ``by_column`` compares a list of targets, each with a
    prediction of its own.
    """

    name: str
    title: str
    direction: Direction
    low: float | None
    high: float | None
    needs: Need
    theme: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    several: bool = False
    each: str = "class"
    least: int = 1
    columns: tuple[str, ...] = ()
    target_columns: tuple[str, ...] = ()
    beside: Mapping[str, str] = field(default_factory=dict)
    overall: bool = False
    by_column: bool = False


_OF_LABELS = {"labels": LABELS}
_OF_ONE = {"positive": POSITIVE}
_OF_CLASSES = {"positive": POSITIVE, "labels": LABELS}
_OF_F_BETA = {"beta": BETA, "average": AVERAGE, "positive": POSITIVE, "labels": LABELS}
_OF_AVERAGES = {"average": AVERAGE, "positive": POSITIVE, "labels": LABELS}
_OF_KAPPA = {"weights": WEIGHTS, "labels": LABELS}
_OF_PART = {"max_fpr": MAX_FPR, "positive": POSITIVE}
_OF_BINS = {"bins": BINS, "positive": POSITIVE, "labels": LABELS}
_OF_TOP = {"k": TOP}
_SCALE = {"scale": "the column with the error of a naive forecast in the history of each series"}
_SCALE_AND_WEIGHT = _SCALE | {"weight": "the column with the weight of each series"}
_OF_QUANTILES = {"quantiles": QUANTILES}
_OF_SPREAD = {"smallest_spread": SMALLEST_SPREAD, "largest_error": LARGEST_ERROR}
_PLACE = ("latitude", "longitude")

_ALL = (
    MetricInfo("accuracy", "Accuracy", "higher", 0, 1, "labels", "classification", _OF_LABELS),
    MetricInfo(
        "balanced_accuracy", "Balanced accuracy", "higher", 0, 1, "labels", "classification", _OF_LABELS
    ),
    MetricInfo("precision", "Precision", "higher", 0, 1, "labels", "classification", _OF_AVERAGES),
    MetricInfo("recall", "Recall", "higher", 0, 1, "labels", "classification", _OF_AVERAGES),
    MetricInfo("f1_macro", "F1, mean over classes", "higher", 0, 1, "labels", "classification", _OF_LABELS),
    MetricInfo("f1_micro", "F1, over all rows", "higher", 0, 1, "labels", "classification", _OF_LABELS),
    MetricInfo(
        "f1_weighted", "F1, weighted by class", "higher", 0, 1, "labels", "classification", _OF_LABELS
    ),
    MetricInfo("f_beta", "F-beta", "higher", 0, 1, "labels", "classification", _OF_F_BETA),
    MetricInfo("jaccard", "Jaccard index", "higher", 0, 1, "labels", "classification", _OF_AVERAGES),
    MetricInfo(
        "hamming_loss",
        "Hamming loss",
        "lower",
        0,
        1,
        "labels",
        "classification",
        _OF_LABELS,
        each="label",
        by_column=True,
    ),
    MetricInfo(
        "mcc", "Matthews correlation coefficient", "higher", -1, 1, "labels", "classification", _OF_LABELS
    ),
    MetricInfo("cohen_kappa", "Cohen's kappa", "higher", -1, 1, "labels", "classification", _OF_KAPPA),
    MetricInfo(
        "quadratic_weighted_kappa", "Quadratic weighted kappa", "higher", -1, 1, "ratings", "classification"
    ),
    MetricInfo("roc_auc", "ROC-AUC", "higher", 0, 1, "scores", "probabilities", _OF_CLASSES, several=True),
    MetricInfo("partial_roc_auc", "Partial ROC-AUC", "higher", 0, 1, "scores", "probabilities", _OF_PART),
    MetricInfo("average_precision", "Average precision", "higher", 0, 1, "scores", "probabilities", _OF_ONE),
    MetricInfo(
        "top_k_accuracy",
        "Top-k accuracy",
        "higher",
        0,
        1,
        "scores",
        "probabilities",
        _OF_TOP | _OF_LABELS,
        several=True,
        least=2,
    ),
    MetricInfo(
        "log_loss", "Log-loss", "lower", 0, None, "probabilities", "probabilities", _OF_CLASSES, several=True
    ),
    MetricInfo(
        "brier", "Brier score", "lower", 0, 1, "probabilities", "probabilities", _OF_CLASSES, several=True
    ),
    MetricInfo("pf1", "Probabilistic F1", "higher", 0, 1, "probabilities", "probabilities", _OF_ONE),
    MetricInfo(
        "expected_calibration_error",
        "Expected calibration error",
        "lower",
        0,
        1,
        "probabilities",
        "probabilities",
        _OF_BINS,
        several=True,
    ),
    MetricInfo(
        "f1_samples",
        "F1, mean over rows",
        "higher",
        0,
        1,
        "flags",
        "multilabel",
        each="label",
        least=2,
        by_column=True,
    ),
    MetricInfo(
        "mean_roc_auc",
        "ROC-AUC, mean over columns",
        "higher",
        0,
        1,
        "scores",
        "multilabel",
        {"one_class": ONE_CLASS},
        each="label",
        least=2,
        by_column=True,
    ),
    MetricInfo(
        "mean_log_loss",
        "Log-loss, mean over columns",
        "lower",
        0,
        None,
        "probabilities",
        "multilabel",
        each="label",
        least=2,
        by_column=True,
    ),
    MetricInfo(
        "lrap",
        "Label ranking average precision",
        "higher",
        0,
        1,
        "scores",
        "multilabel",
        each="label",
        least=2,
        by_column=True,
    ),
    MetricInfo("rmse", "Root mean squared error", "lower", 0, None, "numbers", "regression"),
    MetricInfo("mae", "Mean absolute error", "lower", 0, None, "numbers", "regression"),
    MetricInfo("rmsle", "Root mean squared logarithmic error", "lower", 0, None, "numbers", "regression"),
    MetricInfo("mape", "Mean absolute percentage error", "lower", 0, None, "numbers", "regression"),
    MetricInfo("smape", "Symmetric mean absolute percentage error", "lower", 0, 2, "numbers", "regression"),
    MetricInfo("r2", "Coefficient of determination", "higher", None, 1, "numbers", "regression"),
    MetricInfo("pinball", "Pinball loss", "lower", 0, None, "numbers", "regression", {"alpha": ALPHA}),
    MetricInfo("median_absolute_error", "Median absolute error", "lower", 0, None, "numbers", "regression"),
    MetricInfo("max_error", "Largest absolute error", "lower", 0, None, "numbers", "regression"),
    MetricInfo("rmspe", "Root mean squared percentage error", "lower", 0, None, "numbers", "regression"),
    MetricInfo("wape", "Weighted absolute percentage error", "lower", 0, None, "numbers", "regression"),
    MetricInfo("poisson_deviance", "Mean Poisson deviance", "lower", 0, None, "numbers", "deviance"),
    MetricInfo("gamma_deviance", "Mean gamma deviance", "lower", 0, None, "numbers", "deviance"),
    MetricInfo(
        "tweedie_deviance", "Mean Tweedie deviance", "lower", 0, None, "numbers", "deviance", {"power": POWER}
    ),
    MetricInfo(
        "weighted_quantile_loss",
        "Weighted quantile loss",
        "lower",
        0,
        None,
        "numbers",
        "forecasts",
        _OF_QUANTILES,
        several=True,
        each="quantile",
    ),
    MetricInfo(
        "crps_quantiles",
        "Continuous ranked probability score, of quantiles",
        "lower",
        0,
        None,
        "numbers",
        "forecasts",
        _OF_QUANTILES,
        several=True,
        each="quantile",
    ),
    MetricInfo(
        "crps_samples",
        "Continuous ranked probability score, of samples",
        "lower",
        0,
        None,
        "numbers",
        "forecasts",
        several=True,
        each="draw",
    ),
    MetricInfo(
        "interval_score",
        "Interval score",
        "lower",
        0,
        None,
        "numbers",
        "forecasts",
        {"alpha": ALPHA},
        columns=("lower bound", "upper bound"),
    ),
    MetricInfo(
        "laplace_log_likelihood",
        "Laplace log-likelihood",
        "higher",
        None,
        None,
        "numbers",
        "forecasts",
        _OF_SPREAD,
        columns=("value", "spread"),
    ),
    MetricInfo("mase", "Mean absolute scaled error", "lower", 0, None, "series", "series", beside=_SCALE),
    MetricInfo(
        "rmsse", "Root mean squared scaled error", "lower", 0, None, "series", "series", beside=_SCALE
    ),
    MetricInfo(
        "weighted_rmsse",
        "Weighted root mean squared scaled error",
        "lower",
        0,
        None,
        "series",
        "series",
        beside=_SCALE_AND_WEIGHT,
    ),
    MetricInfo("angular_error", "Mean angular error", "lower", 0, 180, "numbers", "places"),
    MetricInfo(
        "haversine_distance",
        "Mean haversine distance",
        "lower",
        0,
        None,
        "numbers",
        "places",
        {"radius": RADIUS},
        columns=_PLACE,
        target_columns=_PLACE,
    ),
    MetricInfo(
        "ndcg", "Normalized discounted cumulative gain", "higher", 0, 1, "ranking", "ranking", {"k": K}
    ),
    MetricInfo("map", "Mean average precision", "higher", 0, 1, "ranking", "ranking", {"k": K}),
    MetricInfo("mrr", "Mean reciprocal rank", "higher", 0, 1, "ranking", "ranking", {"k": K}),
    MetricInfo(
        "precision_at_k", "Precision at k", "higher", 0, 1, "ranking", "ranking", _OF_TOP, overall=True
    ),
    MetricInfo("recall_at_k", "Recall at k", "higher", 0, 1, "ranking", "ranking", _OF_TOP, overall=True),
    MetricInfo("spearman", "Spearman's rank correlation", "higher", -1, 1, "numbers", "correlation"),
    MetricInfo("pearson", "Pearson's correlation", "higher", -1, 1, "numbers", "correlation"),
)

METRICS: Mapping[str, MetricInfo] = MappingProxyType({info.name: info for info in _ALL})
