"""What the scores of a submission would have been in each resample of its task."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from evaluators import measuring
from evaluators.contents.answers import Answers
from evaluators.formulas.guard import Array, Floats
from evaluators.spec.combining import Combination, combine
from evaluators.spec.measures import Measure
from evaluators.uncertainty.draws import FEWEST_UNITS, Draws
from evaluators.uncertainty.resampling import deviations, interval, is_resampled
from evaluators.uncertainty.settings import Uncertainty

Intervals = dict[str, dict[str, float]]


Of = frozenset[tuple[str, str]]
"""Files, and what was drawn of each."""


class Replicates(NamedTuple):
    """The score of each resample; those ``of`` the same draws belong together, and those of several files,
    whose draws have nothing to do with each other."""

    of: Of
    scores: Floats


def together(parts: Sequence[Replicates]) -> Of | None:
    """The draws of what is made of these; None where there are several of one file."""
    of: Of = frozenset().union(*(part.of for part in parts))
    return of if len({file for file, _ in of}) == len(of) else None


@dataclass
class Resampled:
    """The scores of the resamples of one split by name; a name that is missing has none that can be told.

    Where there are several files, the draws are those of one ``file``.
    """

    uncertainty: Uncertainty
    draws: Mapping[str, Draws]
    found: dict[str, Replicates] = field(default_factory=dict)
    file: str = ""

    def add(
        self, measure: Measure, answers: Answers, predicted: Array, split: str, part: slice, score: float
    ) -> None:
        """Those of a metric on this part of the rows, where it has this score."""
        group = measure.group or ""
        # where all rows are one ranked list, its score depends on their number
        whole_list = measure.info.needs == "ranking" and not group
        if group not in self.draws or whole_list or not is_resampled(measuring.formula(measure.info)):
            return
        own = _Own(measure, answers, predicted, part, self.uncertainty.level, self.file)
        draws, groups = self.draws[group], measure.groups
        if groups is None:
            self._keep(measure, measure.name, own.of(part, draws, None if measure.scale else score))
        elif draws.groups is None:
            by = answers.by[split].items()
            found = {name: own.of(rows, draws.within(rows - part.start)) for name, rows in by}
            self._keep(measure, measure.name, _combined(groups.over, list(found.values()), measure))
            for name, shown in zip(groups.names(measure.name), groups.shown, strict=True):
                self._keep(measure, name, found[shown])

    def combine(self, combination: Combination) -> None:
        """Those of a combination, where all that it is made of have them of the same draws."""
        names = [term.score for term in combination.terms]
        parts = [self.found[name] for name in names if name in self.found]
        of = together(parts)
        if len(parts) == len(names) and of is not None:
            rows = zip(*(part.scores for part in parts), strict=True)
            scores = [combination.value(dict(zip(names, row, strict=True))) for row in rows]
            self.found[combination.name] = Replicates(of, np.array(scores))

    def intervals(self) -> Intervals:
        """The ends of the interval of each score that has one."""
        ends = {name: interval(own.scores, self.uncertainty.level) for name, own in self.found.items()}
        return {name: {"low": end[0], "high": end[1]} for name, end in ends.items() if end}

    def _keep(self, measure: Measure, name: str, found: Replicates | None) -> None:
        if found is not None:
            scale = measure.scale
            scores = np.array([scale.of(score) for score in found.scores]) if scale else found.scores
            self.found[name] = Replicates(found.of, scores)


@dataclass(frozen=True)
class _Own:
    """One metric of one submission on one part of the rows."""

    measure: Measure
    answers: Answers
    predicted: Array
    part: slice
    level: float
    file: str

    def of(self, rows: slice | Array, draws: Draws, score: float | None = None) -> Replicates | None:
        """Of these rows, which the draws are of; for several targets the mean over them, as it is scored.

        The score is worked out again where it is not known before it was made points.
        """
        if draws.units < FEWEST_UNITS:
            return None
        if not self.answers.columns or self.measure.info.by_column:
            return self._of(self.answers, self.answers.values, self.predicted, rows, draws, score)
        pairs = zip(self.answers.columns, self.answers.values.T, self.predicted.T, strict=True)
        found = [self._of(*column, rows, draws) for column in pairs]
        return _combined("mean", found, self.measure)

    def _of(
        self,
        answers: Answers,
        target: Array,
        predicted: Array,
        rows: slice | Array,
        draws: Draws,
        score: float | None = None,
    ) -> Replicates | None:
        formula = measuring.formula(self.measure.info)
        named = measuring.named(self.measure, answers, self.part)
        found = deviations(formula, draws, (target[self.part], predicted[self.part], named), self.level)
        if found is None:
            return None
        if score is None:
            score = formula(target[rows], predicted[rows], **measuring.named(self.measure, answers, rows))
        of = frozenset({(self.file, f"{self.measure.group or ''} {found.drawn}")})
        return Replicates(of, score + np.nan_to_num(found.values))


def _combined(kind: str, found: Sequence[Replicates | None], measure: Measure) -> Replicates | None:
    parts = [part for part in found if part is not None]
    if len(parts) < len(found) or len({part.of for part in parts}) != 1:
        return None
    weights, direction = [1.0] * len(parts), measure.info.direction
    rows = zip(*(part.scores for part in parts), strict=True)
    scores = [combine(kind, list(row), weights, direction) for row in rows]
    return Replicates(parts[0].of, np.array(scores))
