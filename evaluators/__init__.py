"""Tables in, scores out.

This module is light: names, directions, checks of specifications. What computes is imported where a
submission is scored: ``python -m evaluators.score SPEC.json REFERENCE_DIR PREDICTIONS OUT.json``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evaluators.catalogue import METRICS, Direction, MetricInfo
from evaluators.errors import REJECTIONS, SpecError
from evaluators.packing import source
from evaluators.spec import parse

PROGRAM = "program"
__all__ = [
    "PROGRAM",
    "REJECTIONS",
    "MetricInfo",
    "ScoreColumn",
    "SpecError",
    "columns",
    "metrics",
    "source",
    "validate",
]


@dataclass(frozen=True)
class ScoreColumn:
    """A score as boards show it; ``low`` and ``high`` are None where it has no bound.

    ``metric`` is ``PROGRAM`` where a program of the organizer computes it; ``precision`` is digits to show.
    """

    name: str
    metric: str
    direction: Direction
    low: float | None
    high: float | None
    precision: int | None = None


def metrics() -> Mapping[str, MetricInfo]:
    """Every metric by name."""
    return METRICS


def validate(spec: Any) -> None:
    """Check the `evaluation` of a task.

    Raises:
        SpecError: it cannot be used; problem, remedy and key are told apart.
    """
    parse(spec)


def columns(spec: Mapping[str, Any]) -> tuple[ScoreColumn, ...]:
    """The scores that a specification gives, the primary one first.

    Raises:
        SpecError: the specification cannot be used.
    """
    parsed = parse(spec)
    if parsed.program:
        return tuple(
            ScoreColumn(column.name, PROGRAM, column.direction, column.low, column.high, column.precision)
            for column in parsed.program.columns
        )
    return tuple(
        ScoreColumn(
            measure.name, measure.info.name, measure.info.direction, measure.info.low, measure.info.high
        )
        for measure in parsed.measures
    )
