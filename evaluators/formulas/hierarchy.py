"""Labels in a tree, right in part where they share ancestors: both sides are nodes, the top first."""

import numpy as np

from evaluators.formulas.guard import Array, Floats
from evaluators.formulas.tallies import Tally, of_columns, of_tally

Way = tuple[str, ...]


@of_tally
def hierarchical_f(
    target: Array,
    prediction: Array,
    beta: float = 1.0,
    parents: object = None,  # noqa: ARG001 both sides have been read by them
) -> Tally:
    """F of labels with all their ancestors, counted over all rows (Kiritchenko et al. 2006).

    The top counts as every other node does. Range 0..1, higher is better.
    """
    pairs = list(zip(target.tolist(), prediction.tolist(), strict=True))
    counts = {pair: (_shared(*pair), *map(len, pair)) for pair in set(pairs)}

    def of_means(means: Array) -> Floats:
        shared, known, said = np.moveaxis(means, -1, 0)
        found: Floats = (1 + beta**2) * shared / (beta**2 * known + said)
        return found

    return of_columns(np.array([counts[pair] for pair in pairs]), of_means)


def _shared(way: Way, other: Way) -> int:
    """In a tree the ancestors of both are those above the first node in which they differ."""
    return int(np.cumprod([a == b for a, b in zip(way, other, strict=False)]).sum())
