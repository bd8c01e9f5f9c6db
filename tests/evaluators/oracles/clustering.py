"""Clusters by scikit-learn."""

from hypothesis import strategies as st
from sklearn import metrics as sklearn

from tests.evaluators.arrays import columns
from tests.evaluators.oracle import Edge, Oracle, edge

clusters = st.one_of(st.integers(0, 2), st.integers(0, 40))
one = st.just(3)
pairs = st.one_of(columns(clusters, clusters), columns(one, clusters), columns(clusters, one))


def edges(**gives: float) -> list[Edge]:
    """Both sides as one cluster, one of them, the target cut in half, and halves across halves."""
    return [
        edge([0], [5], gives=1),
        edge([0, 0, 0], [1, 1, 1], gives=1),
        edge([0, 1, 2], [2, 0, 1], gives=1),
        edge([0, 0, 1, 1], [0, 0, 0, 0], gives=gives["joined"]),
        edge([0, 0, 0, 0], [0, 0, 1, 1], gives=gives["parted"]),
        edge([0, 0, 1, 1], [0, 1, 2, 3], gives=gives["halved"]),
        edge([0, 0, 1, 1], [0, 1, 0, 1], gives=gives["crossed"]),
    ]


def mutual_information(*pair: object, mean: str) -> float:
    return sklearn.normalized_mutual_info_score(*pair, average_method=mean)


ORACLES = {
    "adjusted_rand": Oracle(
        sklearn.adjusted_rand_score, pairs, edges=edges(joined=0, parted=0, halved=0, crossed=-1 / 2)
    ),
    "normalized_mutual_information": Oracle(
        mutual_information,
        pairs,
        {"mean": st.sampled_from(["arithmetic", "geometric", "min", "max"])},
        edges=edges(joined=0, parted=0, halved=2 / 3, crossed=0),
    ),
    "homogeneity": Oracle(
        sklearn.homogeneity_score, pairs, edges=edges(joined=0, parted=1, halved=1, crossed=0)
    ),
    "completeness": Oracle(
        sklearn.completeness_score, pairs, edges=edges(joined=1, parted=0, halved=1 / 2, crossed=0)
    ),
    "v_measure": Oracle(
        sklearn.v_measure_score,
        pairs,
        {"beta": st.sampled_from([0.25, 1.0, 3.0])},
        edges=edges(joined=0, parted=0, halved=2 / 3, crossed=0),
    ),
}
