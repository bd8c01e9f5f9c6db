"""Errors of series, each scaled by its own history."""

from functools import partial

from evaluators.catalogue.info import MetricInfo
from evaluators.words import N_

TITLE = N_("Errors of time series")
_SCALE = {"scale": N_("the column with the error of a naive forecast in the history of each series")}
_metric = partial(
    MetricInfo,
    theme="series",
    direction="lower",
    low=0,
    high=None,
    needs="series",
    beside=_SCALE,
    example={"target": "sales", "group": "shop", "scale": "naive_error"},
)
_NO_SCALE = N_("Undefined where a scale is not above zero.")
_MAKRIDAKIS = "Makridakis, Spiliotis and Assimakopoulos, M5 accuracy competition, 2022"

METRICS = (
    _metric(
        "mase",
        N_("Mean absolute scaled error"),
        what=N_("The mean over series of the mean error, in parts of that of a naive forecast."),
        formula=N_("mean over series of (1/n) · Σ |y − ŷ| / scale"),
        source="Hyndman and Koehler, Another look at measures of forecast accuracy, 2006",
        degenerate=_NO_SCALE,
    ),
    _metric(
        "rmsse",
        N_("Root mean squared scaled error"),
        what=N_("The mean over series of the root mean squared error, in parts of that of a naive forecast."),
        formula=N_("mean over series of √((1/n) · Σ ((y − ŷ) / scale)²)"),
        source=_MAKRIDAKIS,
        degenerate=_NO_SCALE,
    ),
    _metric(
        "weighted_rmsse",
        N_("Weighted root mean squared scaled error"),
        what=N_("The root mean squared scaled error, averaged with the weights of the series."),
        formula=N_("Σ weight(series) · √((1/n) · Σ ((y − ŷ) / scale)²) / Σ weight(series)"),
        source=_MAKRIDAKIS,
        degenerate=N_(
            "Undefined where a scale is not above zero, a weight is below zero, or all weights of a split "
            "are zero."
        ),
        example={"target": "sales", "group": "shop", "scale": "naive_error", "weight": "turnover"},
        beside=_SCALE | {"weight": N_("the column with the weight of each series")},
    ),
)
