"""Labels in a tree, right in part where they share ancestors: both sides are nodes, the top first."""

from collections import Counter

import numpy as np

from evaluators.formulas.guard import Array
from evaluators.formulas.texts import of_texts


@of_texts
def hierarchical_f(
    target: Array,
    prediction: Array,
    beta: float = 1.0,
    parents: object = None,  # noqa: ARG001 both sides have been read by them
) -> float:
    """F of labels with all their ancestors, counted over all rows (Kiritchenko et al. 2006).

    The top counts as every other node does. Range 0..1, higher is better.
    """
    shared = known = said = 0
    for (way, other), rows in Counter(zip(target.tolist(), prediction.tolist(), strict=True)).items():
        # In a tree the ancestors of both are those above the first node in which they differ.
        shared += rows * int(np.cumprod([a == b for a, b in zip(way, other, strict=False)]).sum())
        known += rows * len(way)
        said += rows * len(other)
    return (1 + beta**2) * shared / (beta**2 * known + said)
