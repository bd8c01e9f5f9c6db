"""The order of a board: by the primary score, then the earlier submission, then its number."""

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session

import evaluators
from leitai.competitions.models import Task
from leitai.leaderboards.models import Standing

COLUMNS = (Standing.sort_key, Standing.submitted_at, Standing.submission_id)


def primary(task: Task) -> evaluators.ScoreColumn:
    """The metric that decides."""
    return evaluators.columns(task.evaluation)[0]


def sort_key(value: float, direction: str) -> float:
    """A number that is smaller for a better score; zero has no sign."""
    return (-value if direction == "higher" else value) + 0.0


def on(phase_id: int, split: str) -> ColumnElement[bool]:
    """The rows of one board."""
    return (Standing.phase_id == phase_id) & (Standing.split == split)


def before(row: Standing) -> ColumnElement[bool]:
    """The rows of the same board that stand above."""
    place = tuple_(row.sort_key, row.submitted_at, row.submission_id, types=[c.type for c in COLUMNS])
    return on(row.phase_id, row.split) & (tuple_(*COLUMNS) < place)


def rank(session: Session, row: Standing) -> int:
    """The place of a row, counted from 1."""
    return 1 + (session.scalar(select(func.count()).select_from(Standing).where(before(row))) or 0)


def total(session: Session, phase_id: int, split: str) -> int:
    """How many teams stand on a board."""
    return session.scalar(select(func.count()).select_from(Standing).where(on(phase_id, split))) or 0
