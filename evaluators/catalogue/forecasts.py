"""Forecasts that say how sure they are: quantiles, draws, intervals, spreads."""

from functools import partial

from evaluators.catalogue.info import MetricInfo
from evaluators.catalogue.parameters import LARGEST_ERROR, MISSES, QUANTILES, SMALLEST_SPREAD
from evaluators.words import N_

TITLE = N_("Forecasts that say how sure they are")
_metric = partial(
    MetricInfo, theme="forecasts", direction="lower", low=0, high=None, needs="numbers", several=True
)
_of_quantiles = partial(
    _metric,
    each=N_("quantile"),
    parameters={"quantiles": QUANTILES},
    example={"target": "load", "prediction": ["low", "middle", "high"], "quantiles": [0.1, 0.5, 0.9]},
)
_GNEITING = "Gneiting and Raftery, Strictly proper scoring rules, prediction, and estimation, 2007"

METRICS = (
    _of_quantiles(
        "weighted_quantile_loss",
        N_("Weighted quantile loss"),
        what=N_("The mean over quantiles of twice the pinball loss, in parts of the sum of all answers."),
        formula=N_("mean over quantiles of 2 · Σ pinball loss / Σ |y|"),
        source="Salinas et al., DeepAR, 2020",
        degenerate=N_(
            "Undefined where every answer is zero; quantiles of a row that cross are taken as they are."
        ),
    ),
    _of_quantiles(
        "crps_quantiles",
        N_("Continuous ranked probability score, of quantiles"),
        what=N_("Twice the mean pinball loss, which nears the CRPS as evenly spaced quantiles become many."),
        formula=N_("2 · mean of pinball loss over rows and quantiles"),
        source="Laio and Tamea, Verification tools for probabilistic forecasts, 2007",
        degenerate=N_("Always defined; quantiles of a row that cross are taken as they are."),
    ),
    _metric(
        "crps_samples",
        N_("Continuous ranked probability score, of samples"),
        what=N_(
            "The CRPS of the distribution of a row's draws x: near the answer, and no wider than needed."
        ),
        formula="(1/n) · Σ (E|x − y| − ½·E|x − x′|)",
        source=_GNEITING,
        degenerate=N_("Always defined; with one draw, or equal ones, the absolute error."),
        example={"target": "load", "prediction": ["draw_1", "draw_2", "draw_3"]},
        each=N_("draw"),
    ),
    _metric(
        "interval_score",
        N_("Interval score"),
        what=N_("The width of the interval from l to u, and 2/α times the distance of an answer outside it."),
        formula="(1/n) · Σ (u − l + (2/α)·max(l − y, 0) + (2/α)·max(y − u, 0))",
        source=_GNEITING,
        degenerate=N_("Always defined; bounds that cross cost more than in order."),
        example={"target": "load", "prediction": ["low", "high"], "alpha": 0.2},
        parameters={"alpha": MISSES},
        several=False,
        columns=(N_("lower bound"), N_("upper bound")),
    ),
    _metric(
        "laplace_log_likelihood",
        N_("Laplace log-likelihood"),
        what=N_("The logarithm of the likelihood of an error, given the spread σ, a standard deviation."),
        formula="−(1/n) · Σ (√2·|y − ŷ|/σ + ln(√2·σ))",
        source="OSIC Pulmonary Fibrosis Progression, Kaggle, 2020",
        degenerate=N_(
            "Always defined, at most −ln(√2·smallest_spread); a spread below smallest_spread, even below "
            "zero, counts as that."
        ),
        example={
            "target": "fvc",
            "prediction": ["fvc", "confidence"],
            "smallest_spread": 70,
            "largest_error": 1000,
        },
        direction="higher",
        low=None,
        parameters={"smallest_spread": SMALLEST_SPREAD, "largest_error": LARGEST_ERROR},
        several=False,
        columns=(N_("value"), N_("spread")),
    ),
)
