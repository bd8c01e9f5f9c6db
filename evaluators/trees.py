"""Labels in a tree: paths like animal/cat, or names whose parents a task declares."""

from collections.abc import Callable, Mapping
from typing import Any

Way = tuple[str, ...]
DEEPEST = 100
MOST_NODES = 100_000


def are_parents(value: Any) -> bool:
    """A mapping of labels to labels that leads from each up to a top, and never back."""
    if not isinstance(value, Mapping) or not 0 < len(value) <= MOST_NODES:
        return False
    if not all(isinstance(label, str) and label for pair in value.items() for label in pair):
        return False
    return all(_up(label, value) for label in value)


def ways(parents: Mapping[str, str] | None) -> Callable[[str], Way | None]:
    """What gives the nodes from the top down to a label, and None for what is no label of the tree."""
    if parents is None:
        return _down
    known = {*parents, *parents.values()}
    return lambda label: _up(label, parents) if label in known else None


def _down(path: str) -> Way | None:
    if path.count("/") >= DEEPEST:
        return None
    nodes = tuple(path.split("/"))
    return nodes if all(nodes) else None


def _up(label: str, parents: Mapping[str, str]) -> Way | None:
    nodes = [label]
    while nodes[-1] in parents:
        if len(nodes) >= DEEPEST:
            return None
        nodes.append(parents[nodes[-1]])
    return tuple(reversed(nodes))
