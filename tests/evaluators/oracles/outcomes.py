"""Samples that pass, by every choice of k of them."""

from itertools import combinations
from typing import Any

import numpy as np
from hypothesis import strategies as st

from evaluators.errors import UndefinedByReference
from tests.evaluators.arrays import columns
from tests.evaluators.oracle import Oracle, edge

MANY = [1] * 200


def pass_at_k(target: Any, prediction: Any, groups: Any, k: int) -> float:
    chances = []
    for problem in set(groups):
        passes = [a == b for a, b, c in zip(target, prediction, groups, strict=True) if c == problem]
        chosen = [any(choice) for choice in combinations(passes, k)]
        chances.append(sum(chosen) / len(chosen))
    return float(np.mean(chances))


def sampled(most: int) -> st.SearchStrategy[Any]:
    """Three samples or more of each problem."""
    column = columns(st.just(1), st.sampled_from([0, 1, -1]), st.integers(0, most), least=1, most=12)
    return column.map(
        lambda made: tuple(
            np.concatenate(
                [side, np.repeat(more, 3 * (most + 1)) if more is not None else np.repeat(range(most + 1), 3)]
            )
            for side, more in zip(made, (1, 0, None), strict=True)
        )
    )


ORACLES = {
    "pass_at_k": Oracle(
        pass_at_k,
        sampled(2),
        settings={"k": st.integers(1, 3)},
        edges=[
            edge(np.zeros(0, int), np.zeros(0, int), np.zeros(0, int), gives=UndefinedByReference, k=1),
            edge([1, 1], [1, 1], [0, 1], gives=UndefinedByReference, k=2),
            edge([1, 1], [0, -1], [0, 0], gives=0, k=1),
            edge([1, 1, 1], [1, 1, 0], [0, 0, 0], gives=1, k=2),
            # Chen et al. 2021: 1 - C(n - c, k) / C(n, k), where factorials would overflow
            edge(MANY, [1] * 50 + [0] * 150, [0] * 200, gives=0.25, k=1),
            edge(MANY, [1] + [0] * 199, [0] * 200, gives=0.5, k=100),
        ],
    ),
}
