"""What a metric is held to: another implementation on made input, and known scores on degenerate input.

A theme's oracles stand in ``tests/evaluators/oracles/<theme>.py`` as ``ORACLES``, by the name of the metric;
``test_oracles.py`` tries them all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tests.evaluators.arrays import CLOSE

Trouble = type[Exception]


@dataclass(frozen=True)
class Edge:
    """Degenerate input, and the score or the trouble that comes of it."""

    columns: tuple[Any, ...]
    gives: float | Trouble
    settings: Mapping[str, Any]


def edge(*columns: Any, gives: float | Trouble, **settings: Any) -> Edge:
    """Columns may be lists; they become arrays."""
    return Edge(tuple(np.asarray(column) for column in columns), gives, settings)


@dataclass(frozen=True)
class Oracle:
    """Another implementation: it is called just as the formula is.

    ``columns`` makes the positional arguments, ``settings`` those by name. ``edges`` are degenerate input.
    """

    score: Callable[..., Any]
    columns: st.SearchStrategy[Any]
    settings: Mapping[str, st.SearchStrategy[Any]] = field(default_factory=dict)
    edges: Sequence[Edge] = ()
    close: Mapping[str, float] = field(default_factory=lambda: CLOSE)


def oracle_of(theme: str, name: str) -> Oracle | None:
    """The oracle of a metric, where its theme has one."""
    try:
        module = import_module(f"tests.evaluators.oracles.{theme}")
    except ModuleNotFoundError:
        return None
    oracles: Mapping[str, Oracle] = module.ORACLES
    return oracles.get(name)
