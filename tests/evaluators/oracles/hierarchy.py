"""Labels in a tree by sets of their ancestors, as the paper counts them."""

from typing import Any

from hypothesis import strategies as st

from tests.evaluators.oracle import Edge, Oracle
from tests.evaluators.writing import cells

path = st.lists(st.sampled_from("abc"), min_size=1, max_size=4).map(tuple)
columns = st.lists(st.tuples(path, path), min_size=1, max_size=30).map(
    lambda rows: tuple(cells(side) for side in zip(*rows, strict=True))
)


def with_ancestors(way: tuple[str, ...]) -> set[tuple[str, ...]]:
    """A node is told by its way from the top: the same name elsewhere is another node."""
    return {way[: depth + 1] for depth in range(len(way))}


def hierarchical_f(target: Any, prediction: Any, beta: float) -> float:
    pairs = [(with_ancestors(t), with_ancestors(p)) for t, p in zip(target, prediction, strict=True)]
    shared = sum(len(known & said) for known, said in pairs)
    precision = shared / sum(len(said) for _, said in pairs)
    recall = shared / sum(len(known) for known, _ in pairs)
    return (beta**2 + 1) * precision * recall / (beta**2 * precision + recall) if shared else 0.0


def labels(target: list[str], prediction: list[str], gives: float) -> Edge:
    return Edge(tuple(cells(map(tuple, side)) for side in (target, prediction)), gives, {})


ORACLES = {
    "hierarchical_f": Oracle(
        hierarchical_f,
        columns,
        {"beta": st.floats(0.1, 10)},
        [
            labels(["ab", "ab"], ["ab", "ab"], gives=1),
            labels(["ab", "ab"], ["ba", "b"], gives=0),
            labels(["ab", "ab"], ["ac", "a"], gives=4 / 7),
            labels(["ab"], ["cb"], gives=0),
        ],
    ),
}
