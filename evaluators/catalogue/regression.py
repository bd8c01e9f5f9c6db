"""Errors of numbers."""

from functools import partial

from evaluators.catalogue.info import MetricInfo
from evaluators.catalogue.parameters import ALPHA
from evaluators.words import N_

TITLE = N_("Errors of numbers")
_metric = partial(
    MetricInfo,
    theme="regression",
    direction="lower",
    low=0,
    high=None,
    needs="numbers",
    example={"target": "demand"},
)
_ALWAYS = N_("Always defined.")
_ZERO = N_("Undefined where an answer is zero.")
_HYNDMAN = "Hyndman and Koehler, Another look at measures of forecast accuracy, 2006"

METRICS = (
    _metric(
        "rmse",
        N_("Root mean squared error"),
        what=N_(
            "The square root of the mean squared error: one large error costs more than many small ones."
        ),
        formula="√((1/n) · Σ (y − ŷ)²)",
        source=_HYNDMAN,
        degenerate=_ALWAYS,
    ),
    _metric(
        "mae",
        N_("Mean absolute error"),
        what=N_("The mean distance of predictions from answers."),
        formula="(1/n) · Σ |y − ŷ|",
        source=_HYNDMAN,
        degenerate=_ALWAYS,
    ),
    _metric(
        "rmsle",
        N_("Root mean squared logarithmic error"),
        what=N_("The root mean squared error of logarithms: ratios count, not differences."),
        formula="√((1/n) · Σ (ln(1 + y) − ln(1 + ŷ))²)",
        source="Heritage Health Prize, Kaggle, 2011",
        degenerate=N_("Undefined below zero, on either side."),
    ),
    _metric(
        "mape",
        N_("Mean absolute percentage error"),
        what=N_("The mean error in parts of the answer, as a fraction: 0.05 is five per cent."),
        formula="(1/n) · Σ |y − ŷ| / |y|",
        source=_HYNDMAN,
        degenerate=_ZERO,
    ),
    _metric(
        "smape",
        N_("Symmetric mean absolute percentage error"),
        what=N_("The mean error in parts of the mean of answer and prediction, as a fraction."),
        formula="(1/n) · Σ 2·|y − ŷ| / (|y| + |ŷ|)",
        source="Makridakis, Accuracy measures: theoretical and practical concerns, 1993",
        degenerate=N_("Always defined; a row with two zeros counts 0."),
        high=2,
    ),
    _metric(
        "r2",
        N_("Coefficient of determination"),
        what=N_("How much of the spread of the answers is explained: 0 for their mean, below it for worse."),
        formula="1 − Σ (y − ŷ)² / Σ (y − ȳ)²",
        source="Wright, Correlation and causation, 1921",
        degenerate=N_("Undefined where the target is constant."),
        direction="higher",
        low=None,
        high=1,
    ),
    _metric(
        "pinball",
        N_("Pinball loss"),
        what=N_("The loss that a quantile makes smallest: too low costs alpha, too high 1 − alpha."),
        formula="(1/n) · Σ max(α·(y − ŷ), (α − 1)·(y − ŷ))",
        source="Koenker and Bassett, Regression quantiles, 1978",
        degenerate=_ALWAYS,
        example={"target": "demand", "alpha": 0.9},
        parameters={"alpha": ALPHA},
    ),
    _metric(
        "median_absolute_error",
        N_("Median absolute error"),
        what=N_("The middle one of the distances, the mean of the middle two where rows are even in number."),
        formula=N_("median of |y − ŷ|"),
        source=_HYNDMAN,
        degenerate=N_("Always defined; fewer than half of the rows may be wrong by any amount."),
    ),
    _metric(
        "max_error",
        N_("Largest absolute error"),
        what=N_("The largest distance of a prediction from its answer."),
        formula="max |y − ŷ|",
        source="Chebyshev, Théorie des mécanismes connus sous le nom de parallélogrammes, 1854",
        degenerate=_ALWAYS,
    ),
    _metric(
        "rmspe",
        N_("Root mean squared percentage error"),
        what=N_("The root mean squared error in parts of the answer, as a fraction."),
        formula="√((1/n) · Σ ((y − ŷ) / y)²)",
        source=_HYNDMAN,
        degenerate=_ZERO,
    ),
    _metric(
        "wape",
        N_("Weighted absolute percentage error"),
        what=N_("The sum of all distances by the sum of all answers, as a fraction."),
        formula="Σ |y − ŷ| / Σ |y|",
        source="Kolassa and Schütz, Advantages of the MAD/MEAN ratio over the MAPE, 2007",
        degenerate=N_("Undefined where every answer is zero."),
    ),
)
