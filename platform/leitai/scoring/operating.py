"""The machines as their operators see them: queue, workers, engines, disks, and what failed on our side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from redis.exceptions import RedisError
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from leitai import db, queues
from leitai.accounts.models import Person
from leitai.competitions.models import Task
from leitai.competitions.roles import require_operator
from leitai.scoring.models import Worker
from leitai.settings import load_settings
from leitai.submissions.models import Run, State, Submission

TROUBLES = 30


@dataclass(frozen=True)
class Queue:
    """How much waits and is being scored; ``jobs`` wake workers, None when the broker does not answer."""

    waiting: int
    running: int
    oldest_at: datetime | None
    jobs: int | None


@dataclass(frozen=True)
class Machines:
    """What the operators' page shows."""

    queue: Queue
    workers: Sequence[Worker]
    seen_since: datetime
    failed: int
    troubles: Sequence[Run]

    @property
    def alive(self) -> list[Worker]:
        """The workers that told of themselves lately."""
        return [worker for worker in self.workers if worker.seen_at > self.seen_since]

    @property
    def ready(self) -> bool:
        """Whether some worker can score."""
        return any(not worker.engine.get("unready") for worker in self.alive)


def machines(session: Session, person: Person | None) -> Machines:
    """The machines now.

    Raises:
        NotAllowed: the person is no operator.
    """
    require_operator(person)
    return Machines(
        queue=_queue(session),
        workers=session.scalars(select(Worker).order_by(Worker.name)).all(),
        seen_since=_seen_since(),
        failed=_number(session, State.FAILED),
        troubles=session.scalars(_troubles()).all(),
    )


def _troubles() -> Any:
    team_and_task = joinedload(Run.submission)
    return (
        select(Run)
        .where(Run.trouble != "")
        .order_by(Run.id.desc())
        .limit(TROUBLES)
        .options(
            team_and_task.joinedload(Submission.team),
            team_and_task.joinedload(Submission.task).joinedload(Task.competition),
        )
    )


def _queue(session: Session) -> Queue:
    oldest = select(func.min(Submission.queued_at)).where(Submission.state == State.QUEUED)
    return Queue(
        waiting=_number(session, State.QUEUED),
        running=_number(session, State.RUNNING),
        oldest_at=session.scalar(oldest),
        jobs=_jobs(),
    )


def _jobs() -> int | None:
    try:
        return int(queues.scoring_queue().count)
    except RedisError:
        return None


def _number(session: Session, state: State) -> int:
    return session.scalar(select(func.count()).where(Submission.state == state)) or 0


def _seen_since() -> datetime:
    return db.now() - timedelta(seconds=load_settings().scoring.worker_gone_s)


def health(session: Session) -> dict[str, Any]:
    """Parts of /healthz, as the workers told them: the portal itself asks no engine."""
    alive = session.scalars(select(Worker).where(Worker.seen_at > _seen_since())).all()
    oldest = session.scalar(select(func.min(Submission.queued_at)).where(Submission.state == State.QUEUED))
    why = sorted({str(worker.engine["unready"]) for worker in alive if worker.engine.get("unready")})
    return {
        "queue": {
            "ok": True,
            "waiting": _number(session, State.QUEUED),
            "running": _number(session, State.RUNNING),
            "oldest_waiting_s": round((db.now() - oldest).total_seconds(), 1) if oldest else None,
        },
        "workers": {"ok": bool(alive), "seen": len(alive)},
        "engine": {"ok": any(not worker.engine.get("unready") for worker in alive), "trouble": why},
    }
