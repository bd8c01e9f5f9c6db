"""Where the figures of one submission gather, metric by metric."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from evaluators.figures.kinds import Figure
from evaluators.spec.figures import Figures

if TYPE_CHECKING:  # heavy
    import polars as pl

    from evaluators.contents.answers import Answers
    from evaluators.formulas.guard import Array
    from evaluators.spec.measures import Measure


@dataclass
class Gathered:
    """What is ``found`` of the ``wanted`` figures. Public rows come first, and are the only ones looked at.

    ``rows`` are those of the submission where the public ones stand, ``ids`` the ids of all of its rows.
    """

    wanted: Figures
    rows: "Array"
    ids: "pl.Series"
    found: list[Figure] = field(default_factory=list)

    def add(self, measure: "Measure", answers: "Answers", predicted: "Array") -> None:
        """Make the figures of one metric."""
        names = self.wanted.get(measure.name, ())
        if not names:
            return
        from evaluators.figures.comparing import Compared
        from evaluators.figures.making import made

        public = slice(0, len(self.rows))
        compared = Compared(measure, answers, answers.values[public], predicted[public], self.rows, self.ids)
        self.found += made(names, compared)
