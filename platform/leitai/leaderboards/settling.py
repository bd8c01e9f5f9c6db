"""Writes where a team stands, whenever one of its scores came, changed or went.

The submission with the best public score counts on both boards, so that nobody is chosen by hidden data;
where ranks are averaged, with the best public score of those that the task names for it.
Everything is worked out anew from the scores, under a lock on the team: the order in which workers record
does not matter, and neither does how often.
"""

from datetime import datetime
from functools import cache
from typing import NamedTuple

from sqlalchemy import Select, and_, bindparam, func, select
from sqlalchemy.orm import Session

import evaluators
from leitai.competitions.models import Phase
from leitai.leaderboards import averaging
from leitai.leaderboards.models import Standing
from leitai.leaderboards.ordering import rank, sort_key
from leitai.submissions.models import Run, Score, Split, State, Submission
from leitai.teams import service as teams

# A submission that is being scored once more keeps its earlier score until the new one is there.
WITHOUT_SCORE = (State.REJECTED, State.FAILED, State.CANCELLED)


class Counting(NamedTuple):
    """The submission that counts for a team, its private scores, and how many of the team's have a score."""

    submission_id: int
    run_id: int
    submitted_at: datetime
    sealed: dict[str, float]
    tries: int


# Made once: to put a statement together takes longer than to carry it out.
_standings = (
    select(Standing)
    .where(Standing.phase_id == bindparam("phase"), Standing.team_id == bindparam("team"))
    .execution_options(populate_existing=True)
)
_public_scores = select(Score.metric, Score.value).where(
    Score.run_id == bindparam("run"), Score.split == Split.PUBLIC
)


def settle(session: Session, phase: Phase, team_id: int, recorded: int | None = None) -> None:
    """Bring both standings of a team in line with its scores; ``recorded`` is the submission just scored."""
    session.flush()
    columns = evaluators.columns(phase.task.evaluation)
    if columns[0].ranks:
        averaging.take_turn(session, phase.id)
    teams.hold(session, team_id)
    column = evaluators.choosing(phase.task.evaluation)
    counting = _counting(session, phase.id, team_id, column)
    rows = {row.split: row for row in session.scalars(_standings, {"phase": phase.id, "team": team_id})}
    for split, scores in _scores(session, counting).items():
        row = rows.get(split)
        same = _is_same(row, counting, scores, recorded)
        if counting is not None and column.name in scores:
            row = row or Standing(phase_id=phase.id, split=split, team_id=team_id)
            _write(session, row, counting, scores, columns[0])
        elif row is not None:
            session.delete(row)
            row = None
        if columns[0].ranks and not same:
            _average(session, phase.id, split, columns, row)
        if row is not None:
            _come_in(session, row)
    session.flush()


def _is_same(
    row: Standing | None, counting: Counting | None, scores: dict[str, float], recorded: int | None
) -> bool:
    """Whether the scores on the board stay as they are; a submission scored again may have other metrics."""
    if row is None or counting is None:
        return row is None and counting is None
    same = (row.submission_id, row.scores) == (counting.submission_id, scores)
    return same and counting.submission_id != recorded


def _average(
    session: Session,
    phase_id: int,
    split: Split,
    columns: tuple[evaluators.ScoreColumn, ...],
    row: Standing | None,
) -> None:
    """Rank the board anew, for every team on it, when the scores of one are written."""
    session.flush()
    averaging.average_ranks(session, phase_id, split, columns)
    if row is not None:
        session.refresh(row)


def _counting(
    session: Session, phase_id: int, team_id: int, column: evaluators.ScoreColumn
) -> Counting | None:
    given = {"phase": phase_id, "team": team_id, "metric": column.name}
    row = session.execute(_best(column.direction), given).first()
    return Counting._make(row) if row else None


@cache
def _best(direction: str) -> Select[int, int | None, datetime, dict[str, float], int]:
    public = and_(
        Score.run_id == Submission.run_id, Score.split == Split.PUBLIC, Score.metric == bindparam("metric")
    )
    best = Score.value.desc() if direction == "higher" else Score.value.asc()
    return (
        select(Submission.id, Submission.run_id, Submission.created_at, Run.sealed, func.count().over())
        .join(Score, public)
        .join(Run, Run.id == Submission.run_id)
        .where(
            Submission.phase_id == bindparam("phase"),
            Submission.team_id == bindparam("team"),
            Submission.state.not_in(WITHOUT_SCORE),
        )
        .order_by(best, Submission.created_at, Submission.id)
        .limit(1)
    )


def _scores(session: Session, counting: Counting | None) -> dict[Split, dict[str, float]]:
    if counting is None:
        return {split: {} for split in Split}
    public = session.execute(_public_scores, {"run": counting.run_id}).all()
    return {Split.PUBLIC: dict(public), Split.PRIVATE: counting.sealed or {}}


def _write(
    session: Session,
    row: Standing,
    counting: Counting,
    scores: dict[str, float],
    column: evaluators.ScoreColumn,
) -> None:
    """On the public board, remember the rank before a change."""
    key, value = _placed(row, scores, column)
    before = row.submission_id, row.sort_key, row.scores if column.ranks else None
    now = counting.submission_id, key, scores if column.ranks else None
    if row.split == Split.PUBLIC and row.id is not None and before != now:
        row.previous_rank = rank(session, row)
    row.submission_id, row.submitted_at = counting.submission_id, counting.submitted_at
    row.sort_key, row.value, row.scores, row.tries = key, value, scores, counting.tries
    session.add(row)


def _placed(row: Standing, scores: dict[str, float], column: evaluators.ScoreColumn) -> tuple[float, float]:
    """The key and the value of a row; where ranks are averaged, that is done once the scores are written."""
    if column.ranks:
        return (0.0, 0.0) if row.id is None else (row.sort_key, row.value)
    value = scores[column.name]
    return sort_key(value, column.direction), value


def _come_in(session: Session, row: Standing) -> None:
    """A team that is new on the public board is compared with the rank it came in at."""
    if row.split == Split.PUBLIC and row.previous_rank is None:
        row.previous_rank = rank(session, row)
