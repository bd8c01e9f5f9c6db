"""Metrics of forecasts that say how sure they are, against their definitions, row by row."""

import math
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import mean_pinball_loss

from evaluators.errors import UndefinedByReference
from evaluators.formulas import forecasts as ours
from tests.evaluators.arrays import CLOSE, columns, few, plain
from tests.evaluators.trial import Row, answers, evaluated, spec

LEVELS = (0.05, 0.3, 0.5, 0.9)

Forecast = tuple[np.ndarray, np.ndarray]
Columns = tuple[np.ndarray, ...]


def forecasts(width: int) -> st.SearchStrategy[Forecast]:
    """A target and a matrix."""
    made = st.one_of(columns(*[plain] * (width + 1)), columns(*[few] * (width + 1)))
    return made.map(lambda found: (found[0], np.column_stack(found[1:])))


def mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


@given(forecasts(len(LEVELS)))
def test_crps_of_quantiles_is_twice_the_mean_pinball_loss_of_scikit_learn(forecast: Forecast) -> None:
    target, matrix = forecast
    losses = [mean_pinball_loss(target, matrix[:, n], alpha=level) for n, level in enumerate(LEVELS)]
    assert ours.crps_quantiles(*forecast, quantiles=list(LEVELS)) == pytest.approx(2 * mean(losses), **CLOSE)


@given(forecasts(len(LEVELS)))
def test_weighted_quantile_loss_is_its_definition(forecast: Forecast) -> None:
    target, matrix = forecast
    size = math.fsum(map(abs, target.tolist()))
    assume(size > 1e-3)  # below, the quotient itself leaves the range in which digits can be compared
    sums = [
        len(target) * mean_pinball_loss(target, matrix[:, n], alpha=level) for n, level in enumerate(LEVELS)
    ]
    expected = mean([2 * total / size for total in sums])
    found = ours.weighted_quantile_loss(*forecast, quantiles=list(LEVELS))
    assert found == pytest.approx(expected, **CLOSE)


def test_weighted_quantile_loss_is_undefined_where_all_answers_are_zero() -> None:
    with pytest.raises(UndefinedByReference, match="all answers are zero"):
        ours.weighted_quantile_loss(np.zeros(2), np.ones((2, 1)), quantiles=[0.5])


def test_one_quantile_may_come_without_a_matrix() -> None:
    assert ours.crps_quantiles(np.array([1.0, 3.0]), np.array([2.0, 5.0]), quantiles=[0.5]) == 1.5


@given(st.integers(1, 7).flatmap(forecasts))
def test_crps_of_samples_is_its_definition_draw_by_draw(forecast: Forecast) -> None:
    each = []
    for t, draws in zip(forecast[0].tolist(), forecast[1].tolist(), strict=True):
        apart = mean([abs(one - other) for one in draws for other in draws])
        each.append(mean([abs(x - t) for x in draws]) - apart / 2)
    assert ours.crps_samples(*forecast) == pytest.approx(mean(each), **CLOSE)


@given(st.floats(-50, 50), st.lists(st.floats(-50, 50), min_size=1, max_size=6))
def test_crps_of_samples_is_the_integral_over_their_distribution(t: float, draws: list[float]) -> None:
    """Of (share of draws up to x - [t up to x])², exact between the places where it jumps."""
    places = sorted([t, *draws])
    integral = 0.0
    for low, high in pairwise(places):
        share = sum(x <= low for x in draws) / len(draws)
        integral += (high - low) * (share - (t <= low)) ** 2
    assert ours.crps_samples(np.array([t]), np.array([draws])) == pytest.approx(integral, **CLOSE)


@given(columns(plain, plain, plain), st.floats(0.01, 0.99))
def test_the_interval_score_is_its_definition(found: Columns, alpha: float) -> None:
    rows = zip(*(column.tolist() for column in found), strict=True)
    each = [
        (u - low) + (2 / alpha * (low - t) if t < low else 0) + (2 / alpha * (t - u) if t > u else 0)
        for t, low, u in rows
    ]
    score = ours.interval_score(found[0], np.column_stack(found[1:]), alpha=alpha)
    assert score == pytest.approx(mean(each), **CLOSE)


@given(st.floats(-9, 9), st.floats(-9, 9), st.floats(0.01, 9), st.floats(0.01, 0.99))
def test_bounds_that_cross_cost_more_than_in_order(t: float, low: float, by: float, alpha: float) -> None:
    crossed, in_order = (
        ours.interval_score(np.array([t]), np.array([bounds]), alpha=alpha)
        for bounds in ([low + by, low], [low, low + by])
    )
    assert crossed > in_order * (1 - 1e-12) > 0


def laplace(t: float, p: float, spread: float, smallest: float, largest: float) -> float:
    """As the competition put it."""
    clipped, error = max(spread, smallest), min(abs(t - p), largest)
    return -math.sqrt(2) * error / clipped - math.log(math.sqrt(2) * clipped)


@given(columns(plain, plain, plain))
def test_laplace_log_likelihood_is_that_of_osic(found: Columns) -> None:
    rows = zip(*(column.tolist() for column in found), strict=True)
    each = [laplace(*row, smallest=70, largest=1000) for row in rows]
    score = ours.laplace_log_likelihood(
        found[0], np.column_stack(found[1:]), smallest_spread=70, largest_error=1000
    )
    assert score == pytest.approx(mean(each), **CLOSE)


@given(columns(few, few, few))
def test_without_a_largest_error_every_error_counts(found: Columns) -> None:
    rows = zip(*(column.tolist() for column in found), strict=True)
    each = [laplace(*row, smallest=0.5, largest=math.inf) for row in rows]
    score = ours.laplace_log_likelihood(found[0], np.column_stack(found[1:]), smallest_spread=0.5)
    assert score == pytest.approx(mean(each), **CLOSE)


QUANTILES = {"metric": "crps_quantiles", "target": "y", "prediction": ["a", "b"], "quantiles": [0.25, 0.75]}
INTERVAL = {"metric": "interval_score", "target": "y", "prediction": ["a", "b"], "alpha": 0.5}
SAMPLES = {"metric": "crps_samples", "target": "y", "prediction": ["b", "a"]}
PLACES = {"metric": "haversine_distance", "target": ["y", "x"], "prediction": ["a", "b"], "radius": 180}


def scored(folder: Path, *metrics: Row) -> dict[str, Any]:
    """Four rows that are zero, on a place where latitude and longitude are zero."""
    submission = [{"id": f"r{number}", "b": 2, "a": -2} for number in range(4)]
    reference = answers([0, 0, 0, 0], x=[2, 2, 2, 2])
    scores: dict[str, Any] = evaluated(folder, reference, submission, spec(*metrics))["scores"]["private"]
    return scores


def test_columns_reach_a_metric_in_the_order_of_the_specification(tmp_path: Path) -> None:
    scores = scored(tmp_path, QUANTILES, INTERVAL, SAMPLES, PLACES)
    expected = {"crps_quantiles": 1, "interval_score": 4, "crps_samples": 1}
    assert scores == pytest.approx(expected | {"haversine_distance": 2 * math.pi})
