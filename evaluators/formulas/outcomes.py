"""Metrics of samples that pass or fail: rows are samples, ``groups`` the codes of their problems.

A sample passes where the prediction equals the target.
"""

import numpy as np

from evaluators.errors import UndefinedByReference
from evaluators.formulas.averages import Worth, mean_of_groups
from evaluators.formulas.guard import Array


@mean_of_groups
def pass_at_k(target: Array, prediction: Array, groups: Array, k: int) -> Worth:
    """Mean over problems of 1 - C(n - c, k) / C(n, k), with c of n samples that pass (Chen et al. 2021).

    It is the chance that one of k samples passes, drawn without putting back.
    """
    samples = np.bincount(groups)
    passed = np.bincount(groups, weights=target == prediction).astype(np.int64)
    held = samples > 0
    if samples[held].min() < k:
        raise UndefinedByReference(f"a problem has fewer than {k} samples")
    cases, rows = np.unique(np.column_stack([samples, passed])[held], axis=0, return_inverse=True)
    chances = np.zeros(len(samples))
    chances[held] = np.array([_chance(int(n), int(c), k) for n, c in cases])[rows.ravel()]
    return Worth(chances, 1.0 * held)


def _chance(n: int, c: int, k: int) -> float:
    """As a product, whose factors never leave the range of a double."""
    if n - c < k:
        return 1.0
    return float(1 - np.prod(1 - k / np.arange(n - c + 1, n + 1)))
