"""Metrics of clusters against scikit-learn."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sklearn

from evaluators.formulas import clustering as ours
from tests.evaluators.arrays import CLOSE, Metric, Pair, columns

clusters = st.one_of(st.integers(0, 2), st.integers(0, 40))
pairs = columns(clusters, clusters)
of_one = columns(st.just(3), clusters)

ORACLES: list[tuple[Metric, Callable[..., float]]] = [
    (ours.adjusted_rand, sklearn.adjusted_rand_score),
    (ours.normalized_mutual_information, sklearn.normalized_mutual_info_score),
    (ours.homogeneity, sklearn.homogeneity_score),
    (ours.completeness, sklearn.completeness_score),
    (ours.v_measure, sklearn.v_measure_score),
]
EACH = pytest.mark.parametrize(("metric", "oracle"), ORACLES)


@EACH
@given(st.one_of(pairs, of_one, of_one.map(lambda pair: pair[::-1])))
def test_a_metric_of_clusters_is_that_of_scikit_learn(
    metric: Metric, oracle: Callable[..., float], pair: Pair
) -> None:
    assert metric(*pair) == pytest.approx(oracle(*pair), **CLOSE)


@given(pairs, st.sampled_from(["arithmetic", "geometric", "min", "max"]))
def test_mutual_information_is_divided_by_the_mean_that_is_named(pair: Pair, mean: str) -> None:
    expected = sklearn.normalized_mutual_info_score(*pair, average_method=mean)
    assert ours.normalized_mutual_information(*pair, mean=mean) == pytest.approx(expected, **CLOSE)


@given(pairs, st.sampled_from([0.25, 1.0, 3.0]))
def test_v_measure_weighs_completeness_with_beta(pair: Pair, beta: float) -> None:
    expected = sklearn.v_measure_score(*pair, beta=beta)
    assert ours.v_measure(*pair, beta=beta) == pytest.approx(expected, **CLOSE)


@EACH
@given(columns(clusters), st.permutations(range(41)))
def test_the_names_of_clusters_mean_nothing(
    metric: Metric, oracle: Callable[..., float], found: tuple[np.ndarray, ...], names: list[int]
) -> None:
    (target,) = found
    assert metric(target, np.array(names)[target]) == pytest.approx(1, abs=1e-12)
    assert metric(target, target) == pytest.approx(oracle(target, target), abs=1e-12)


@pytest.mark.parametrize(
    ("target", "prediction", "ari", "nmi", "h", "c"),
    [
        ([0], [5], 1, 1, 1, 1),
        ([0, 0, 0], [1, 1, 1], 1, 1, 1, 1),
        ([0, 0, 1, 1], [0, 0, 0, 0], 0, 0, 0, 1),
        ([0, 0, 0, 0], [0, 0, 1, 1], 0, 0, 1, 0),
        ([0, 0, 1, 1], [0, 1, 2, 3], 0, 2 / 3, 1, 1 / 2),
        ([0, 0, 1, 1], [0, 1, 0, 1], -1 / 2, 0, 0, 0),
    ],
)
def test_one_cluster_and_none_alike_have_a_score(
    target: list[int], prediction: list[int], ari: float, nmi: float, h: float, c: float
) -> None:
    pair = np.array(target), np.array(prediction)
    assert ours.adjusted_rand(*pair) == pytest.approx(ari, abs=1e-12)
    assert ours.normalized_mutual_information(*pair) == pytest.approx(nmi, abs=1e-12)
    assert ours.homogeneity(*pair) == pytest.approx(h, abs=1e-12)
    assert ours.completeness(*pair) == pytest.approx(c, abs=1e-12)
    assert ours.v_measure(*pair) == pytest.approx(2 * h * c / (h + c) if h + c else 0, abs=1e-12)


def test_half_a_million_rows_leave_no_64_bits() -> None:
    target = np.arange(500_000) % 3
    assert ours.adjusted_rand(target, np.where(target == 2, 1, target)) == pytest.approx(0.57142, abs=1e-3)
    assert ours.adjusted_rand(target, target + 7) == 1
