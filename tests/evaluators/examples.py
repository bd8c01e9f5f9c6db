"""For each metric a task that it can score, with the settings and answers that it needs."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

import evaluators
from evaluators.catalogue import MetricInfo
from evaluators.measures import MOST_METRICS
from evaluators.scoring import formula
from tests.evaluators.trial import Row

SETTINGS: dict[str, Row] = {
    "f_beta": {"beta": 2},
    "partial_roc_auc": {"max_fpr": 0.5},
    "pinball": {"alpha": 0.9},
    "tweedie_deviance": {"power": 1.5},
}
ABOVE_ZERO = {"mape", "rmspe", "poisson_deviance", "gamma_deviance", "tweedie_deviance"}
"""Metrics that have no score where an answer and its prediction are zero."""

GROUPED = {"ranking", "series"}


def called(info: MetricInfo) -> Callable[[Any, Any], float]:
    """The formula of a target and a prediction, with the settings and the queries that it needs."""

    def call(target: Any, prediction: Any) -> float:
        rest = (np.zeros(len(target), dtype=int),) if info.needs in GROUPED else ()
        beside = {key: np.ones(len(target)) for key in info.beside}
        settings = SETTINGS.get(info.name, {}) | beside
        return formula(info)(np.array(target), np.array(prediction), *rest, **settings)

    return call


def best(info: MetricInfo, values: Iterable[int] = (0, 1, 1, 0)) -> list[int]:
    """Answers which, handed in as predictions, have the best score."""
    return [value + (info.name in ABOVE_ZERO) for value in values]


def entry(info: MetricInfo, target: str = "y", prediction: str = "p") -> Row:
    """The metric as a task names it; the column q names queries and series, and is their scale and weight."""
    beside = dict.fromkeys([*(["group"] if info.needs in GROUPED else []), *info.beside], "q")
    names = {"metric": info.name, "target": target, "prediction": prediction}
    return names | beside | SETTINGS.get(info.name, {})


def entries() -> list[list[Row]]:
    """Every metric, in lists that a task may have; those above zero compare the columns z."""
    infos = evaluators.metrics().values()
    every = [entry(info, *(("z", "z") if info.name in ABOVE_ZERO else ())) for info in infos]
    return [every[start : start + MOST_METRICS] for start in range(0, len(every), MOST_METRICS)]
