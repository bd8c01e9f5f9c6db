"""Deviances by scikit-learn."""

from hypothesis import strategies as st
from sklearn import metrics as oracle

from evaluators.errors import UndefinedByReference, UndefinedBySubmission
from tests.evaluators.arrays import columns, positive
from tests.evaluators.oracle import Edge, Oracle, edge

mean = st.one_of(st.floats(0.01, 1e4), st.sampled_from([1.0, 2.0, 5.0]))


def outside(power: float, answer: float) -> Edge:
    """An answer that no member of the family gives."""
    return edge([1.0, answer], [1.0, 1.0], gives=UndefinedByReference, power=power)


ORACLES = {
    "poisson_deviance": Oracle(
        oracle.mean_poisson_deviance,
        columns(st.one_of(positive, st.just(0.0)), positive),
        edges=[
            edge([0.0, 0.0], [1.0, 2.0], gives=3),
            edge([4.0, 4.0], [4.0, 4.0], gives=0),
            edge([1.0, -1.0], [1.0, 1.0], gives=UndefinedByReference),
            edge([1.0, 0.0], [1.0, 0.0], gives=UndefinedBySubmission),
        ],
    ),
    "gamma_deviance": Oracle(
        oracle.mean_gamma_deviance,
        columns(positive, positive),
        edges=[
            edge([4.0, 4.0], [4.0, 4.0], gives=0),
            edge([1.0, 0.0], [1.0, 1.0], gives=UndefinedByReference),
            edge([1.0, 1.0], [1.0, 0.0], gives=UndefinedBySubmission),
        ],
    ),
    "tweedie_deviance": Oracle(
        oracle.mean_tweedie_deviance,
        columns(mean, mean),
        {"power": st.sampled_from([0, 1, 1.1, 1.5, 1.9, 2, 2.5, 3, 4.5])},
        edges=[
            *(outside(power, -1.0) for power in (1, 1.5, 2.5)),
            *(outside(power, 0.0) for power in (2, 3)),
            edge([1.0, 2.0], [1.0, -0.0], gives=UndefinedBySubmission, power=1.5),
            edge([0.0, -1.0], [0.0, 1.0], gives=2, power=0),
        ],
    ),
}
