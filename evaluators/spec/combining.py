"""Scores made of other scores of a task: sums, means, the worst of them, and ranks averaged on the board."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluators.catalogue import Direction
from evaluators.spec.scales import Range, Scale

MEAN_RANK = "mean_rank"
KINDS = ("mean", "sum", "geometric_mean", "worst", MEAN_RANK)


@dataclass(frozen=True)
class Term:
    """One score as it goes into a combination."""

    score: str
    weight: float = 1.0
    scale: Scale | None = None

    def of(self, score: float) -> float:
        """What goes in."""
        return self.scale.of(score) if self.scale else score


@dataclass(frozen=True)
class Combination:
    """A score made of others; ``unscaled`` is where it lies before its own ``scale``.

    A ``mean_rank`` is worked out on the board, from the scores of all teams; a team's submission with the
    best score ``choose`` counts there.
    """

    kind: str
    name: str
    terms: tuple[Term, ...]
    unscaled: Range
    scale: Scale | None = None
    choose: str = ""

    @property
    def names(self) -> list[str]:
        """Its own."""
        return [self.name]

    @property
    def parts(self) -> list[str]:
        """The scores that it is made of."""
        return [term.score for term in self.terms]

    @property
    def range(self) -> Range:
        """Where it lies as it is shown."""
        return self.unscaled.scaled(self.scale)

    @property
    def on_board(self) -> bool:
        """Whether it takes the scores of all teams."""
        return self.kind == MEAN_RANK

    def value(self, scores: Mapping[str, float]) -> float:
        """What these scores of one submission are together."""
        values = [term.of(scores[term.score]) for term in self.terms]
        weights = [term.weight for term in self.terms]
        combined = combine(self.kind, values, weights, self.unscaled.direction)
        return self.scale.of(combined) if self.scale else combined


def combine(kind: str, values: Sequence[float], weights: Sequence[float], direction: Direction) -> float:
    """The values as one; with rising values it rises, so that it makes bounds of bounds too.

    Sums are rounded once, so that the order of the values makes no difference.
    """
    match kind:
        case "worst":
            return min(values) if direction == "higher" else max(values)
        case "sum":
            return _sum(values, weights)
        case "geometric_mean":
            return _geometric_mean(values, weights)
        case _:
            return _sum(values, weights) / math.fsum(weights)


def _sum(values: Sequence[float], weights: Sequence[float]) -> float:
    return math.fsum(value * weight for value, weight in zip(values, weights, strict=True))


def _geometric_mean(values: Sequence[float], weights: Sequence[float]) -> float:
    if min(values) <= 0:
        return 0.0
    return math.exp(_sum([math.log(value) for value in values], weights) / math.fsum(weights))
