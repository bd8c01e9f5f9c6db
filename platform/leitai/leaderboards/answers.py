"""What the API says of boards."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel

import evaluators
from leitai.leaderboards.reading import Board, Row
from leitai.submissions.models import Split


class PlaceOut(BaseModel):
    """A team's place. ``scores`` has the score that ranks first.

    ``low`` and ``high`` are the ends of its interval, ``rank_low`` and ``rank_high`` those of the rank.
    ``apart`` says whether it can be told apart from the place above. All are null where nothing is known.
    """

    rank: int
    moved: int | None
    team: str
    team_id: int
    country: str
    affiliation: str
    value: float
    low: float | None = None
    high: float | None = None
    rank_low: int | None = None
    rank_high: int | None = None
    apart: bool | None = None
    scores: dict[str, float]
    tries: int
    submitted_at: datetime
    own: bool

    @classmethod
    def of(cls, row: Row, columns: tuple[evaluators.ScoreColumn, ...]) -> Self:
        standing, team = row.standing, row.standing.team
        found = {column.name: standing.score(column) for column in columns}
        return cls(
            rank=row.rank,
            moved=row.moved,
            team=team.name,
            team_id=team.id,
            country=team.country,
            affiliation=team.affiliation,
            value=standing.value,
            low=row.certainty.low,
            high=row.certainty.high,
            rank_low=row.certainty.ranks and row.certainty.ranks[0],
            rank_high=row.certainty.ranks and row.certainty.ranks[1],
            apart=row.certainty.apart,
            scores={name: value for name, value in found.items() if value is not None},
            tries=standing.tries,
            submitted_at=standing.submitted_at,
            own=row.own,
        )


class BoardOut(BaseModel):
    """A page of a board. ``cut`` is the last rank that goes on, ``own`` the rank of your team."""

    phase: str
    split: Split
    total: int
    page: int
    pages: int
    cut: int | None
    own: int | None
    rows: list[PlaceOut]

    @classmethod
    def of(cls, board: Board, columns: tuple[evaluators.ScoreColumn, ...]) -> Self:
        return cls(
            phase=board.phase.slug,
            split=board.query.split,
            total=board.total,
            page=board.page.number,
            pages=board.page.pages,
            cut=board.cut,
            own=board.own.rank if board.own else None,
            rows=[PlaceOut.of(row, columns) for row in board.page.items],
        )
