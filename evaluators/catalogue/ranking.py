"""Ranked lists, and what is recommended."""

from functools import partial

from evaluators.catalogue.info import MetricInfo
from evaluators.parameters import TOP, K
from evaluators.words import N_

TITLE = N_("Rankings and recommendations")
_metric = partial(MetricInfo, theme="ranking", direction="higher", low=0, high=1, needs="ranking")

METRICS = (
    _metric("ndcg", "Normalized discounted cumulative gain", parameters={"k": K}),
    _metric("map", "Mean average precision", parameters={"k": K}),
    _metric("mrr", "Mean reciprocal rank", parameters={"k": K}),
    _metric("precision_at_k", "Precision at k", parameters={"k": TOP}, overall=True),
    _metric("recall_at_k", "Recall at k", parameters={"k": TOP}, overall=True),
)
