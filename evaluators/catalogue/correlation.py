"""Whether numbers rise together."""

from functools import partial

from evaluators.catalogue.info import MetricInfo
from evaluators.words import N_

TITLE = N_("Correlations")
_metric = partial(MetricInfo, theme="correlation", direction="higher", low=-1, high=1, needs="numbers")

METRICS = (
    _metric("spearman", "Spearman's rank correlation"),
    _metric("pearson", "Pearson's correlation"),
)
