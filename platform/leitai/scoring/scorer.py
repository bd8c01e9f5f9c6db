"""Scores the next submission: claims it, holds the lease, brings the result home."""

import threading
import time
from enum import StrEnum
from functools import partial

import structlog
from sqlalchemy.exc import SQLAlchemyError

from leitai import db
from leitai.scoring import pipeline, service, strays
from leitai.scoring.cleaning import plain
from leitai.scoring.leases import LeaseKeeper, LeaseLost
from leitai.scoring.parts import Parts
from leitai.scoring.work import Claim, ImageTrouble, Result, ScoringTrouble
from leitai.settings import Settings
from sandbox.job import SandboxUnavailable

READY_S = 2.0
STOPPED = "The worker was stopped."

log = structlog.get_logger()


class Stopped(BaseException):
    """Somebody asked this process to end; no handler of errors may take it for one."""


class Said(StrEnum):
    """What came of asking for the next submission."""

    DONE = "done"
    IDLE = "idle"
    UNREADY = "unready"


class Scorer:
    """One worker's way of scoring; it does one submission at a time."""

    def __init__(self, parts: Parts, settings: Settings, worker: str) -> None:
        self.parts, self.worker = parts, worker
        self.run_id: int | None = None
        self.runs_done = 0
        # Set whenever a run has ended: what it used up may be replaced.
        self.ended = threading.Event()
        self.stopping = False
        self._options = settings.scoring
        self._installation = strays.installation(settings)
        self._ready_until = 0.0
        # Images of tasks that were no good, and until when they are not asked for again.
        self._held: dict[str, float] = {}

    def score_next(self) -> Said:
        """Score one submission. Without an engine or its images nothing is claimed: no attempt is burnt."""
        if why := self.unready():
            log.warning("not ready to score, submissions wait", why=why)
            return Said.UNREADY
        try:
            return self._score_next()
        except SQLAlchemyError as error:
            # A run that could not be ended is returned to the queue when its lease runs out.
            log.warning("the database does not answer", error=str(error))
            return Said.UNREADY

    def _score_next(self) -> Said:
        with db.transaction() as session:
            claim = service.claim(
                session, self.worker, self._options.lease_s, self._installation, self._held_images()
            )
        if claim is None:
            self.parts.sandbox.let_go()
            return Said.IDLE
        self.run_id = claim.run_id
        try:
            self._score(claim)
        finally:
            self.run_id = None
            self.runs_done += 1
            self.ended.set()
        return Said.DONE

    def unready(self) -> str:
        """What keeps this worker from scoring; empty when nothing does. Asked again after two seconds."""
        if time.monotonic() < self._ready_until:
            return ""
        try:
            if not self.parts.sandbox.state().answers:
                return "the Docker engine does not answer"
            for image in (self.parts.runtime, self.parts.scorer):
                if not self.parts.sandbox.present(image):
                    return f"the image {image} is missing: leitai images build"
        except SandboxUnavailable as error:
            return str(error)
        self._ready_until = time.monotonic() + READY_S
        return ""

    def _score(self, claim: Claim) -> None:
        began = time.monotonic()
        abandon = partial(strays.remove, self.parts.sandbox, claim.lease)
        with LeaseKeeper(partial(self._renew, claim), abandon, self._options.lease_s) as keeper:
            try:
                self._record(claim, self._result(claim, keeper), began)
            except LeaseLost:
                log.warning("lease lost, work abandoned", run=claim.run_id)
            except ImageTrouble as trouble:
                self._hold(claim, trouble)
            except ScoringTrouble as trouble:
                self._give_back(claim, str(trouble), stages=trouble.stages)
            except SandboxUnavailable as error:
                self._ready_until = 0.0
                self._give_back(claim, str(error), burn=not self.unready())
            except Exception as error:
                log.exception("scoring failed on our side", run=claim.run_id)
                self._give_back(claim, f"{type(error).__name__}: {error}")
            except BaseException:
                self._give_back(claim, STOPPED, burn=False)
                raise

    def _hold(self, claim: Claim, trouble: ImageTrouble) -> None:
        """No submission is to blame for the image of its task, so they wait until it is mended."""
        if claim.work.image is None:  # one of ours is missing, which only an operator can mend
            self._give_back(claim, str(trouble))
            return
        self._held[claim.work.image.digest] = time.monotonic() + trouble.wait_s
        self._give_back(claim, str(trouble), burn=False)

    def _held_images(self) -> set[str]:
        now = time.monotonic()
        self._held = {digest: until for digest, until in self._held.items() if until > now}
        return set(self._held)

    def _result(self, claim: Claim, keeper: LeaseKeeper) -> Result:
        return pipeline.score(claim.work, claim.lease, self.parts, partial(self._enter, claim, keeper))

    def _enter(self, claim: Claim, keeper: LeaseKeeper, stage: str) -> None:
        keeper.require()
        if stage == claim.work.first_stage:
            return  # the claim has said so
        with db.transaction() as session:
            if not service.enter(session, claim, stage):
                raise LeaseLost

    def _renew(self, claim: Claim) -> bool:
        with db.transaction() as session:
            return service.renew(session, claim, self._options.lease_s)

    def _record(self, claim: Claim, result: Result, began: float) -> None:
        with db.transaction() as session:
            kept = service.record(session, claim, result)
        said = log.info if kept else log.warning
        said(
            result.state if kept else "late result thrown away",
            submission=claim.submission_id,
            run=claim.run_id,
            code=result.code or None,
            seconds=round(time.monotonic() - began, 3),
        )

    def _give_back(
        self, claim: Claim, trouble: str, *, burn: bool = True, stages: tuple[dict[str, object], ...] = ()
    ) -> None:
        trouble = plain(trouble)
        with db.transaction() as session:
            ours = service.give_back(
                session, claim, trouble, self._options.attempts, burn=burn, stages=stages
            )
        said = "run given back" if ours else "lease lost, work abandoned"
        log.warning(said, submission=claim.submission_id, run=claim.run_id, trouble=trouble)
