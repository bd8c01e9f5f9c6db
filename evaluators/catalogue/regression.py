"""Errors of numbers."""

from functools import partial

from evaluators.catalogue.info import MetricInfo
from evaluators.parameters import ALPHA
from evaluators.words import N_

TITLE = N_("Errors of numbers")
_metric = partial(MetricInfo, theme="regression", direction="lower", low=0, high=None, needs="numbers")

METRICS = (
    _metric("rmse", "Root mean squared error"),
    _metric("mae", "Mean absolute error"),
    _metric("rmsle", "Root mean squared logarithmic error"),
    _metric("mape", "Mean absolute percentage error"),
    _metric("smape", "Symmetric mean absolute percentage error", high=2),
    _metric("r2", "Coefficient of determination", direction="higher", low=None, high=1),
    _metric("pinball", "Pinball loss", parameters={"alpha": ALPHA}),
    _metric("median_absolute_error", "Median absolute error"),
    _metric("max_error", "Largest absolute error"),
    _metric("rmspe", "Root mean squared percentage error"),
    _metric("wape", "Weighted absolute percentage error"),
)
