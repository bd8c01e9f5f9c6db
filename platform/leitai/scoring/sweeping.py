"""The sweeper: finds what a process that died left lying, and does what is due."""

from collections.abc import Callable
from datetime import timedelta

import structlog
from redis.exceptions import RedisError
from sqlalchemy import delete
from sqlalchemy.exc import SQLAlchemyError

from leitai import db
from leitai.leaderboards import service as leaderboards
from leitai.scoring import jobs, service, strays
from leitai.scoring.models import Worker
from leitai.scoring.parts import Sandbox
from leitai.scoring.workers import living_workers
from leitai.settings import Settings
from sandbox.job import SandboxUnavailable

# Every so many sweeps the engine is asked too.
CLEAR_EVERY = 5
WOKEN = "workers woken"
# A worker that is gone stays in the operators' list for this many times what makes it gone.
REMEMBERED = 20

log = structlog.get_logger()


class Sweeper:
    """One sweep after another; a step that fails does not keep the others from theirs."""

    def __init__(self, sandbox: Sandbox, settings: Settings) -> None:
        self._sandbox, self._settings = sandbox, settings
        self._sweeps = 0
        self._failing: set[str] = set()

    def sweep(self) -> dict[str, object]:
        """Do every step once. Returns what each found."""
        steps: dict[str, Callable[[], object]] = {
            "lost runs returned": self._return_lost,
            WOKEN: self._wake,
            "private boards shown": self._reveal,
            "dead workers forgotten": self._forget_workers,
        }
        if self._sweeps % CLEAR_EVERY == 0:
            steps["strays cleared"] = lambda: strays.clear(self._sandbox, self._settings)
            steps["warm containers removed"] = self._drain
        self._sweeps += 1
        found = {name: self._do(name, step) for name, step in steps.items()}
        # Waking is daily business while more waits than there are workers.
        told = {name.replace(" ", "_"): what for name, what in found.items() if what and name != WOKEN}
        if told:
            log.info("swept", **told)
        return found

    def _do(self, name: str, step: Callable[[], object]) -> object:
        try:
            found = step()
        except (SQLAlchemyError, RedisError, SandboxUnavailable) as error:
            if name not in self._failing:
                log.warning("a step of the sweep failed, it is tried again", step=name, error=str(error))
            self._failing.add(name)
            return None
        self._failing.discard(name)
        return found

    def _return_lost(self) -> int:
        with db.transaction() as session:
            return service.return_lost(session, self._settings.scoring.attempts)

    def _wake(self) -> int:
        with db.reading() as session:
            workers = living_workers(session, self._settings.scoring.worker_gone_s)
        return jobs.wake_for_waiting(max(workers, 1))

    def _drain(self) -> None:
        """When the last worker here was killed, nobody else removes the containers that wait for one."""
        engine, gone_s = self._sandbox.engine_id, self._settings.scoring.worker_gone_s
        with db.reading() as session:
            workers = living_workers(session, gone_s, engine)
        if not workers:
            self._sandbox.drain()

    def _reveal(self) -> int:
        with db.transaction() as session:
            return leaderboards.reveal_due(session)

    def _forget_workers(self) -> int:
        long_gone = db.now() - timedelta(seconds=REMEMBERED * self._settings.scoring.worker_gone_s)
        with db.transaction() as session:
            gone = delete(Worker).where(Worker.seen_at < long_gone).returning(Worker.name)
            return len(session.scalars(gone).all())
