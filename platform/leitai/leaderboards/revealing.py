"""The private board: shown once its time has come and no submission of the phase is under way."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, bindparam, exists, func, insert, select, update
from sqlalchemy.orm import Session

from leitai import db
from leitai.competitions.models import Phase
from leitai.leaderboards.models import Standing
from leitai.leaderboards.ordering import COLUMNS, on
from leitai.leaderboards.settling import WITHOUT_SCORE
from leitai.submissions.models import Run, Score, Split, State, Submission

WAITING = (State.RECEIVED, State.QUEUED, State.RUNNING)
BATCH = 500
_revealed = select(Phase.revealed_at).where(Phase.id == bindparam("phase")).with_for_update(read=True)


def is_shown(phase: Phase) -> bool:
    """Whether private scores of a phase may be seen."""
    return phase.revealed_at is not None and phase.private_from <= db.now()


def reveal_due(session: Session) -> int:
    """Show the private boards whose time has come, each once; the number of those shown now."""
    due = (
        select(Phase.id).where(Phase.revealed_at.is_(None), Phase.private_from <= db.now()).order_by(Phase.id)
    )
    return sum(_reveal(session, phase_id, db.now()) for phase_id in session.scalars(due).all())


def lock_seal(session: Session, phase_id: int) -> bool:
    """Whether the private board of a phase was revealed; no other session changes that before the commit."""
    return session.scalar(_revealed, {"phase": phase_id}) is not None


def unseal(session: Session, runs: ColumnElement[bool]) -> None:
    """Write the private scores of runs that have none yet."""
    written = exists().where(Score.run_id == Run.id, Score.split == Split.PRIVATE)
    columns = (Run.id, Run.sealed, Run.sealed_intervals)
    sealed = session.execute(select(*columns).where(runs, ~written).order_by(Run.id))
    for batch in sealed.partitions(BATCH):
        rows = [
            row
            for run_id, scores, intervals in batch
            for row in score_rows(run_id, Split.PRIVATE, scores, intervals)
        ]
        if rows:
            session.execute(insert(Score), rows)


def score_rows(
    run_id: int, split: Split, scores: Mapping[str, float], intervals: Mapping[str, Mapping[str, float]]
) -> list[dict[str, Any]]:
    """Rows of the table of scores."""
    nothing = {"low": None, "high": None}
    same = {"run_id": run_id, "split": split}
    return [
        {**same, "metric": name, "value": value, **(intervals.get(name) or nothing)}
        for name, value in scores.items()
    ]


def _reveal(session: Session, phase_id: int, moment: datetime) -> bool:
    """A phase with submissions under way waits: a board that still changes by old work is no final board."""
    under_way = exists().where(Submission.phase_id == phase_id, Submission.state.in_(WAITING))
    claimed = session.execute(
        update(Phase)
        .where(Phase.id == phase_id, Phase.revealed_at.is_(None), ~under_way)
        .values(revealed_at=moment)
    )
    if not isinstance(claimed, CursorResult) or claimed.rowcount != 1:
        return False
    unseal(session, Run.id.in_(_counting_runs(phase_id)))
    _compare_with_public(session, phase_id)
    return True


def _counting_runs(phase_id: int) -> Any:
    return select(Submission.run_id).where(
        Submission.phase_id == phase_id,
        Submission.run_id.is_not(None),
        Submission.state.not_in(WITHOUT_SCORE),
    )


def _compare_with_public(session: Session, phase_id: int) -> None:
    """On the private board, movement is against the rank on the public one."""
    places = (
        select(Standing.team_id, func.row_number().over(order_by=COLUMNS).label("rank"))
        .where(on(phase_id, Split.PUBLIC))
        .subquery()
    )
    session.execute(
        update(Standing)
        .where(on(phase_id, Split.PRIVATE), Standing.team_id == places.c.team_id)
        .values(previous_rank=places.c.rank)
        .execution_options(synchronize_session=False)
    )
