"""Errors of series, each scaled by its own history."""

from functools import partial

from evaluators.catalogue.info import MetricInfo
from evaluators.words import N_

TITLE = N_("Errors of time series")
_metric = partial(MetricInfo, theme="series", direction="lower", low=0, high=None, needs="series")
_SCALE = {"scale": "the column with the error of a naive forecast in the history of each series"}
_SCALE_AND_WEIGHT = _SCALE | {"weight": "the column with the weight of each series"}

METRICS = (
    _metric("mase", "Mean absolute scaled error", beside=_SCALE),
    _metric("rmsse", "Root mean squared scaled error", beside=_SCALE),
    _metric("weighted_rmsse", "Weighted root mean squared scaled error", beside=_SCALE_AND_WEIGHT),
)
