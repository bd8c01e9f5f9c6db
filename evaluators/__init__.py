"""Tables in, scores out.

This module is light: names, directions, checks of specifications. What computes is imported where a
submission is scored: ``python -m evaluators.score SPEC.json REFERENCE_DIR PREDICTIONS OUT.json``.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from math import isfinite
from typing import Any

from evaluators.catalogue import METRICS, Direction, MetricInfo
from evaluators.efficiency import Usage
from evaluators.errors import REJECTIONS, SpecError
from evaluators.packing import source
from evaluators.programs.columns import Column
from evaluators.spec.measures import Measure
from evaluators.spec.scores import Score
from evaluators.spec.task import Spec, parse

PROGRAM = "program"
__all__ = [
    "PROGRAM",
    "REJECTIONS",
    "MetricInfo",
    "ScoreColumn",
    "SpecError",
    "choosing",
    "columns",
    "computed",
    "metrics",
    "source",
    "validate",
]


@dataclass(frozen=True)
class ScoreColumn:
    """A score as boards show it; ``low`` and ``high`` are None where it has no bound.

    ``metric`` is ``PROGRAM`` where a program of the organizer computes it; ``precision`` is digits to show.
    It is the way of combining where it is made of other scores. A mean of ``ranks`` is made on the board, of
    these scores with their weights; then the team's submission with the best score ``choose`` counts.
    """

    name: str
    metric: str
    direction: Direction
    low: float | None
    high: float | None
    precision: int | None = None
    ranks: Mapping[str, float] = field(default_factory=dict)
    choose: str = ""
    unit: str = ""


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
    try:
        written = json.dumps(spec)
    except TypeError:  # a date in YAML, say
        return _listed(parse(spec))
    return _columns_of(written)


@lru_cache(maxsize=256)  # a page of a hundred submissions asks as often, for one task
def _columns_of(written: str) -> tuple[ScoreColumn, ...]:
    return _listed(parse(json.loads(written)))


def _listed(parsed: Spec) -> tuple[ScoreColumn, ...]:
    if parsed.program:
        return tuple(found for score in parsed.program.listed for found in _columns(score))
    return tuple(column for score in parsed.scores for column in _columns(score))


def computed(spec: Mapping[str, Any], measured: Collection[str] | None = None) -> list[str]:
    """The names of the scores that the scoring container gives: not those that a board makes.

    Where only these things were ``measured``, nor what the others are scored for or go into.

    Raises:
        SpecError: the specification cannot be used.
    """
    parsed = parse(spec)
    lost = {usage.name for usage in parsed.usages if measured is not None and usage.quantity not in measured}
    for combination in parsed.combinations:
        if not lost.isdisjoint(combination.parts):
            lost.add(combination.name)
    return [column.name for column in columns(spec) if not column.ranks and column.name not in lost]


def choosing(spec: Mapping[str, Any]) -> ScoreColumn:
    """The score by which one of a team's submissions counts: the primary one, unless ranks are.

    Raises:
        SpecError: the specification cannot be used.
    """
    found = columns(spec)
    return next(column for column in found if column.name == (found[0].choose or found[0].name))


def _columns(score: Score | Column) -> list[ScoreColumn]:
    if isinstance(score, Column):
        return [ScoreColumn(score.name, PROGRAM, score.direction, score.low, score.high, score.precision)]
    low, high = _bound(score.range.low), _bound(score.range.high)
    direction = score.range.direction
    if isinstance(score, Usage):
        return [ScoreColumn(score.name, score.info.name, direction, low, high, unit=score.unit)]
    if isinstance(score, Measure):
        return [ScoreColumn(name, score.info.name, direction, low, high) for name in score.names]
    ranks = {term.score: term.weight for term in score.terms} if score.on_board else {}
    return [ScoreColumn(score.name, score.kind, direction, low, high, ranks=ranks, choose=score.choose)]


def _bound(value: float) -> float | None:
    """None for what is infinite; a whole number without a point."""
    if not isfinite(value):
        return None
    return int(value) if value == int(value) else value
