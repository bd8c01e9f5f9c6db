"""Forecasts that say how sure they are, by their definitions, row by row."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from hypothesis import strategies as st
from sklearn.metrics import mean_pinball_loss

from evaluators.errors import UndefinedByReference
from tests.evaluators.arrays import Pair, columns, few, plain
from tests.evaluators.oracle import Oracle, edge

LEVELS = [0.05, 0.3, 0.5, 0.9]
QUANTILES = {"quantiles": st.just(LEVELS)}


def forecasts(width: int) -> st.SearchStrategy[Pair]:
    """A target and a matrix."""
    made = st.one_of(columns(*[plain] * (width + 1)), columns(*[few] * (width + 1)))
    return made.map(lambda found: (found[0], np.column_stack(found[1:])))


def sizeable(forecast: Pair) -> bool:
    """Below, a quotient leaves the range in which digits can be compared."""
    return float(np.abs(forecast[0]).sum()) > 1e-3


def mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def crps_quantiles(target: Any, matrix: Any, quantiles: Sequence[float]) -> float:
    losses = [mean_pinball_loss(target, matrix[:, n], alpha=level) for n, level in enumerate(quantiles)]
    return 2 * mean(losses)


def weighted_quantile_loss(target: Any, matrix: Any, quantiles: Sequence[float]) -> float:
    return crps_quantiles(target, matrix, quantiles) * len(target) / math.fsum(map(abs, target.tolist()))


def crps_samples(target: Any, matrix: Any) -> float:
    each = []
    for t, draws in zip(target.tolist(), matrix.tolist(), strict=True):
        apart = mean([abs(one - other) for one in draws for other in draws])
        each.append(mean([abs(x - t) for x in draws]) - apart / 2)
    return mean(each)


def interval_score(target: Any, bounds: Any, alpha: float) -> float:
    rows = zip(target.tolist(), bounds.tolist(), strict=True)
    return mean([u - low + 2 / alpha * (max(low - t, 0) + max(t - u, 0)) for t, (low, u) in rows])


def laplace_log_likelihood(target: Any, given: Any, smallest_spread: float, largest_error: float) -> float:
    """As the competition put it."""
    each = []
    for t, (p, spread) in zip(target.tolist(), given.tolist(), strict=True):
        clipped, error = max(spread, smallest_spread), min(abs(t - p), largest_error)
        each.append(-math.sqrt(2) * error / clipped - math.log(math.sqrt(2) * clipped))
    return mean(each)


ZEROS = np.zeros(2)

ORACLES = {
    "weighted_quantile_loss": Oracle(
        weighted_quantile_loss,
        forecasts(len(LEVELS)).filter(sizeable),
        QUANTILES,
        [
            edge(ZEROS, np.ones((2, 1)), gives=UndefinedByReference, quantiles=[0.5]),
            edge([2.0, 2.0], [[3.0, 1.0]] * 2, gives=0.625, quantiles=[0.5, 0.75]),
        ],
    ),
    "crps_quantiles": Oracle(
        crps_quantiles,
        forecasts(len(LEVELS)),
        QUANTILES,
        [
            edge([1.0, 3.0], [2.0, 5.0], gives=1.5, quantiles=[0.5]),
            edge(ZEROS, [[2.0, -2.0]] * 2, gives=3, quantiles=[0.25, 0.75]),
        ],
    ),
    "crps_samples": Oracle(
        crps_samples,
        st.integers(1, 7).flatmap(forecasts),
        edges=[
            edge(ZEROS, [[2.0], [-1.0]], gives=1.5),
            edge(ZEROS, [[2.0, 2.0, 2.0]] * 2, gives=2),
        ],
    ),
    "interval_score": Oracle(
        interval_score,
        forecasts(2),
        {"alpha": st.floats(0.01, 0.99)},
        [
            edge(ZEROS, [[-1.0, 1.0]] * 2, gives=2, alpha=0.5),
            edge(ZEROS, [[0.0, 0.0]] * 2, gives=0, alpha=0.5),
            edge(ZEROS, [[1.0, -1.0]] * 2, gives=6, alpha=0.5),
        ],
    ),
    "laplace_log_likelihood": Oracle(
        laplace_log_likelihood,
        forecasts(2),
        {"smallest_spread": st.sampled_from([0.5, 70]), "largest_error": st.sampled_from([1000, math.inf])},
        [
            edge(ZEROS, [[0.0, -5.0]] * 2, gives=-math.log(2) / 2, smallest_spread=1),
            edge(ZEROS, [[0.0, 2.0]] * 2, gives=-math.log(8) / 2, smallest_spread=1),
        ],
    ),
}
