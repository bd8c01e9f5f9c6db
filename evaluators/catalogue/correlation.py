"""Whether numbers rise together."""

from functools import partial

from evaluators.catalogue.info import MetricInfo
from evaluators.words import N_

TITLE = N_("Correlations")
_metric = partial(
    MetricInfo,
    theme="correlation",
    direction="higher",
    low=-1,
    high=1,
    needs="numbers",
    degenerate=N_("Undefined where the target or the predictions are constant."),
    example={"target": "return"},
)

METRICS = (
    _metric(
        "spearman",
        N_("Spearman's rank correlation"),
        what=N_("Whether predictions are in the order of the answers: the correlation of their ranks."),
        formula=N_("correlation of the ranks of y and ŷ"),
        source="Spearman, The proof and measurement of association between two things, 1904",
        ties=N_("Equal values share the mean of their ranks."),
    ),
    _metric(
        "pearson",
        N_("Pearson's correlation"),
        what=N_("Whether predictions rise with the answers on a straight line: covariance by both spreads."),
        formula="cov(y, ŷ) / (σ(y) · σ(ŷ))",
        source="Pearson, Note on regression and inheritance in the case of two parents, 1895",
    ),
)
