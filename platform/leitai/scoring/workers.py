"""Which workers live: those that have told of themselves lately."""

from datetime import timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from leitai import db
from leitai.scoring.models import Worker


def living_workers(session: Session, gone_s: float, engine: str | None = None) -> int:
    """How many workers live; with ``engine`` those that score on the engine of this name."""
    found = select(func.count()).select_from(Worker).where(_lately(gone_s))
    if engine is not None:
        found = found.where(Worker.engine["id"].as_string() == engine)
    return session.scalar(found) or 0


def lives(session: Session, worker: str, gone_s: float) -> bool:
    """Whether this worker does."""
    return session.scalar(select(Worker.name).where(Worker.name == worker, _lately(gone_s))) is not None


def _lately(gone_s: float) -> ColumnElement[bool]:
    return Worker.seen_at > db.now() - timedelta(seconds=gone_s)
