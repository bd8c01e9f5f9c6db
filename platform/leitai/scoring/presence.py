"""What a worker tells of itself: that it lives, its engine, its disk; and it sweeps before its own door."""

import dataclasses
import shutil
import threading
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from leitai import db
from leitai.scoring import strays
from leitai.scoring.models import Worker
from leitai.scoring.scorer import Scorer
from leitai.settings import Settings
from sandbox.job import SandboxUnavailable

log = structlog.get_logger()


class Presence:
    """A thread that tells, from when it is entered until it is left."""

    def __init__(self, scorer: Scorer, settings: Settings) -> None:
        self._scorer, self._settings = scorer, settings
        self._every_s = settings.scoring.worker_gone_s / 4
        self._started_at = db.now()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._tell_on, name="presence", daemon=True)

    def __enter__(self) -> "Presence":
        self._tell()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        try:
            with db.transaction() as session:
                if row := session.get(Worker, self._scorer.worker):
                    session.delete(row)
        except SQLAlchemyError:
            log.warning("could not sign off; the sweeper removes our row")

    def _tell_on(self) -> None:
        while not self._done.wait(self._every_s):
            self._tell()
            self._clear()

    def _tell(self) -> None:
        try:
            engine = self._engine()
            with db.transaction() as session:
                if not self._done.is_set():
                    session.merge(self._row(engine))
        except (SQLAlchemyError, OSError) as error:
            log.warning("could not tell of ourselves", error=str(error))

    def _row(self, engine: dict[str, Any]) -> Worker:
        return Worker(
            name=self._scorer.worker,
            started_at=self._started_at,
            seen_at=db.now(),
            run_id=self._scorer.run_id,
            runs_done=self._scorer.runs_done,
            engine=engine,
            disk=disk(self._settings),
        )

    def _engine(self) -> dict[str, Any]:
        state = self._scorer.parts.sandbox.state()
        told: dict[str, Any] = dataclasses.asdict(state) if dataclasses.is_dataclass(state) else {}
        return told | {"answers": state.answers, "unready": self._scorer.unready()}

    def _clear(self) -> None:
        try:
            strays.clear(self._scorer.parts.sandbox, self._settings)
        except (SandboxUnavailable, SQLAlchemyError) as error:
            log.info("strays stay for now", why=str(error))


def disk(settings: Settings) -> dict[str, int]:
    """Bytes of the disk that holds the data folder."""
    usage = shutil.disk_usage(settings.path("") if settings.path("").exists() else "/")
    return {"total": usage.total, "free": usage.free}
