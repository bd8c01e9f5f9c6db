"""Which workers live: those that have told of themselves lately."""

from datetime import timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from leitai import db
from leitai.scoring.models import Worker


def living_workers(session: Session, gone_s: float) -> int:
    """How many workers live."""
    return session.scalar(select(func.count()).select_from(Worker).where(_lately(gone_s))) or 0


def lives(session: Session, worker: str, gone_s: float) -> bool:
    """Whether this worker does."""
    return session.scalar(select(Worker.name).where(Worker.name == worker, _lately(gone_s))) is not None


def _lately(gone_s: float) -> ColumnElement[bool]:
    return Worker.seen_at > db.now() - timedelta(seconds=gone_s)
