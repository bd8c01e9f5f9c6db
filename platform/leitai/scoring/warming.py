"""Keeps containers waiting for the phases that are open, from the moment when a phase opens."""

import threading
from collections.abc import Sequence
from functools import lru_cache

import structlog
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from leitai import db
from leitai.competitions.models import Kind, Phase
from leitai.scoring import service, stages
from leitai.scoring.parts import Parts
from leitai.scoring.scorer import Scorer
from leitai.scoring.work import ImageTrouble, Work
from leitai.scoring.workers import living_workers
from leitai.settings import Settings
from leitai.submissions.models import State, Submission
from sandbox.job import SandboxUnavailable
from sandbox.keeping import Wanted

# How often to look when nothing was scored meanwhile; and at most, for a look takes as long as a small run.
LOOK_S = 2.0
PAUSE_S = 0.4
# One that fills a container may take longer; then its container is removed as well.
END_S = 0.2
MOST_OF_A_SHAPE = 16

log = structlog.get_logger()


class Warmer:
    """A thread beside a worker, from when it is entered until it is left.

    The last worker of an engine leaves nothing on it.
    """

    def __init__(self, scorer: Scorer, settings: Settings) -> None:
        self._scorer, self._sandbox = scorer, scorer.parts.sandbox
        self._gone_s = settings.scoring.worker_gone_s
        self._done = threading.Event()
        self._failing = ""
        self._pause_s = PAUSE_S
        self._thread = threading.Thread(target=self._keep_on, name="warming", daemon=True)

    def __enter__(self) -> "Warmer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._scorer.ended.set()
        self._thread.join(END_S)
        self._sandbox.let_go()
        try:
            engine = self._sandbox.engine_id
            with db.reading() as session:
                others = living_workers(session, self._gone_s, engine)
            if not others:
                self._sandbox.drain()
        except (SandboxUnavailable, SQLAlchemyError) as trouble:
            log.info("the warm containers stay for the next worker", why=str(trouble))

    def _keep_on(self) -> None:
        while not self._done.is_set():
            if not self._kept():
                self._done.wait(self._pause_s)
                self._scorer.ended.wait(LOOK_S)
            self._scorer.ended.clear()

    def _kept(self) -> bool:
        """One step; whether another may follow at once."""
        if self._scorer.unready():
            return False
        try:
            engine = self._sandbox.engine_id
            with db.reading() as session:
                found = open_phases(session)
                busy = self._busy(session, engine)
            # Runs that wait want the cores for themselves.
            self._pause_s = LOOK_S if any(waiting for _, waiting in found) else PAUSE_S
            filled = self._sandbox.keep(wanted(found, self._scorer.parts), busy)
        except (SandboxUnavailable, SQLAlchemyError) as error:
            self._tell(str(error))
            return False
        self._tell("")
        return filled

    def _tell(self, trouble: str) -> None:
        if trouble and trouble != self._failing and not self._done.is_set():
            log.warning("cannot warm containers, runs start cold", why=trouble)
        self._failing = trouble

    def _busy(self, session: Session, engine: str) -> int:
        """Cores of this engine that runs need now: of those that wait, as many as it has workers."""
        needed = select(func.count()).where(Submission.state.in_((State.QUEUED, State.RUNNING)))
        return min(session.scalar(needed) or 0, living_workers(session, self._gone_s, engine))


def open_phases(session: Session) -> list[tuple[Work, int]]:
    """What scores a submission in each phase that is open now, and how many wait; the busiest first."""
    waiting = (
        select(Submission.phase_id, func.count().label("waiting"))
        .where(Submission.state == State.QUEUED)
        .group_by(Submission.phase_id)
        .subquery()
    )
    now = db.now()
    rows = session.execute(
        select(Phase, func.coalesce(waiting.c.waiting, 0))
        .outerjoin(waiting, waiting.c.phase_id == Phase.id)
        .where(Phase.starts_at <= now, Phase.ends_at > now)
        .order_by(func.coalesce(waiting.c.waiting, 0).desc(), Phase.id)
    ).all()
    return [(service.work_in(session, phase), count) for phase, count in rows]


def wanted(found: Sequence[tuple[Work, int]], parts: Parts) -> list[Wanted]:
    """One container of each kind for each phase, and more while submissions wait."""
    rows = []
    for work, waiting in found:
        count = min(1 + waiting, MOST_OF_A_SHAPE)
        if work.kind == Kind.CODE and work.hidden_input:
            rows += _predicting(work, parts, 0 if work.alone else count)
        if work.reference:
            rows += _scoring(work, parts, count)
    return rows


def _predicting(work: Work, parts: Parts, count: int) -> list[Wanted]:
    """Brings the task's own image to the engine too; one that is no good is no reason to warm nothing."""
    try:
        return [Wanted(stages.predicting(work, parts), count)]
    except ImageTrouble as trouble:
        _say_once(str(trouble))
        return []


def _scoring(work: Work, parts: Parts, count: int) -> list[Wanted]:
    try:
        return [Wanted(stages.scoring(work, parts), count)]
    except ImageTrouble as trouble:
        _say_once(str(trouble))
        return []


@lru_cache(100)
def _say_once(trouble: str) -> None:
    log.warning("no container waits for submissions to a task", why=trouble)
