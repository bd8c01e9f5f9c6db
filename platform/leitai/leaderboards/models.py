"""Where a team stands in a phase, written when a score is recorded."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evaluators import ScoreColumn
from leitai.competitions.models import Phase
from leitai.db import Base
from leitai.submissions.models import Submission
from leitai.teams.models import Team


def score_in(column: ScoreColumn, value: float, scores: Mapping[str, float]) -> float | None:
    """What stands in a column of a board: of a place its ``value``, where that is a mean rank, or a score."""
    return value if column.ranks else scores.get(column.name)


class Standing(Base):
    """A team's row on one board: public (A) or private (B).

    ``sort_key`` is the primary score, negated where higher is better, so that the index in ascending order is
    the board; ties are broken by ``submitted_at``, then by the submission's number. A rank is a place in it.
    Where ranks are averaged, it is the mean rank, which changes with the scores of others.
    """

    __tablename__ = "standings"
    __table_args__ = (
        UniqueConstraint("phase_id", "split", "team_id"),
        Index("ix_standings_board", "phase_id", "split", "sort_key", "submitted_at", "submission_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    phase_id: Mapped[int] = mapped_column(ForeignKey("phases.id"))
    split: Mapped[str] = mapped_column(String(10))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    sort_key: Mapped[float]
    value: Mapped[float]
    scores: Mapped[dict[str, float]]
    submitted_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=1)
    previous_rank: Mapped[int | None]

    phase: Mapped[Phase] = relationship()
    team: Mapped[Team] = relationship()
    submission: Mapped[Submission] = relationship()

    def score(self, column: ScoreColumn) -> float | None:
        """What stands in a column of the board."""
        return score_in(column, self.value, self.scores)
