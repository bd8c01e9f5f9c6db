"""Forecasts that say how sure they are: quantiles, draws, intervals, spreads."""

from functools import partial

from evaluators.catalogue.info import MetricInfo
from evaluators.parameters import ALPHA, LARGEST_ERROR, QUANTILES, SMALLEST_SPREAD
from evaluators.words import N_

TITLE = N_("Forecasts that say how sure they are")
_metric = partial(MetricInfo, theme="forecasts", direction="lower", low=0, high=None, needs="numbers")

METRICS = (
    _metric(
        "weighted_quantile_loss",
        "Weighted quantile loss",
        parameters={"quantiles": QUANTILES},
        several=True,
        each="quantile",
    ),
    _metric(
        "crps_quantiles",
        "Continuous ranked probability score, of quantiles",
        parameters={"quantiles": QUANTILES},
        several=True,
        each="quantile",
    ),
    _metric("crps_samples", "Continuous ranked probability score, of samples", several=True, each="draw"),
    _metric(
        "interval_score",
        "Interval score",
        parameters={"alpha": ALPHA},
        columns=("lower bound", "upper bound"),
    ),
    _metric(
        "laplace_log_likelihood",
        "Laplace log-likelihood",
        direction="higher",
        low=None,
        parameters={"smallest_spread": SMALLEST_SPREAD, "largest_error": LARGEST_ERROR},
        columns=("value", "spread"),
    ),
)
