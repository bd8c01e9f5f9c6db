"""Metrics of forecasts that say how sure they are, by other ways to them, and tasks with several columns."""

import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluators.formulas import forecasts as ours
from tests.evaluators.arrays import CLOSE
from tests.evaluators.trial import Row, answers, evaluated, spec


@given(st.floats(-50, 50), st.lists(st.floats(-50, 50), min_size=1, max_size=6))
def test_crps_of_samples_is_the_integral_over_their_distribution(t: float, draws: list[float]) -> None:
    """Of (share of draws up to x - [t up to x])², exact between the places where it jumps."""
    places = sorted([t, *draws])
    integral = 0.0
    for low, high in pairwise(places):
        share = sum(x <= low for x in draws) / len(draws)
        integral += (high - low) * (share - (t <= low)) ** 2
    assert ours.crps_samples(np.array([t]), np.array([draws])) == pytest.approx(integral, **CLOSE)


@given(st.floats(-9, 9), st.floats(-9, 9), st.floats(0.01, 9), st.floats(0.01, 0.99))
def test_bounds_that_cross_cost_more_than_in_order(t: float, low: float, by: float, alpha: float) -> None:
    crossed, in_order = (
        ours.interval_score(np.array([t]), np.array([bounds]), alpha=alpha)
        for bounds in ([low + by, low], [low, low + by])
    )
    assert crossed > in_order * (1 - 1e-12) > 0


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
