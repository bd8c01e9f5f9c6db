"""The verbs of scoring: claim, enter, renew, record, give back, return what was lost.

Whoever scores holds a lease; every verb after the claim is a compare-and-swap on its token, and says False
when the lease is no longer held. Then the work is to be abandoned: somebody else has it, or nobody should.
"""

import secrets
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import CursorResult, Update, bindparam, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, joinedload

from evaluators.programs.spec import in_phase
from leitai import db
from leitai.competitions import keeping
from leitai.competitions.limits import in_force
from leitai.competitions.models import DataFile, Kind, Phase, Role, Task
from leitai.leaderboards import service as leaderboards
from leitai.leaderboards.revealing import score_rows
from leitai.scoring import logs
from leitai.scoring.models import Turn
from leitai.scoring.picking import waiting, without_images
from leitai.scoring.work import Claim, ImageSource, Result, Work
from leitai.submissions.models import Run, Score, Split, State, Submission

LOST = "lost"
EXPIRED = "The worker was silent until its lease ran out."
CANCELLED = "The submission was cancelled meanwhile."
# Statements are made once: to put one together takes longer than to carry it out.
# With a submission comes what scores it, without the pages that people read.
_whole = (
    select(Submission)
    .where(Submission.id == bindparam("submission"))
    .options(
        joinedload(Submission.phase),
        joinedload(Submission.task).defer(Task.statement).defer(Task.rules).defer(Task.agreement),
    )
    .execution_options(populate_existing=True)
)
# The newest of what teams must not see.
_hidden_files = (
    select(DataFile.role, DataFile.digest, DataFile.name)
    .where(
        DataFile.task_id == bindparam("task"),
        DataFile.role != Role.OPEN,
        or_(DataFile.phase_id == bindparam("phase"), DataFile.phase_id.is_(None)),
        DataFile.retired_at.is_(None),
    )
    .order_by(DataFile.version)
)
# What a run has nothing of whose result came too late.
_WITHDRAWN: dict[str, Any] = {
    "state": State.CANCELLED, "trouble": CANCELLED, "params": {}, "stdout": "", "log": "", "log_bytes": 0,
    "log_cut": False, "tails": {}, "sealed": {}, "sealed_intervals": {}, "replicates": None,
    "sealed_replicates": None, "figures": [],
}  # fmt: skip


def claim(
    session: Session,
    worker: str,
    lease_s: float,
    installation: str = "",
    held_images: Collection[str] = (),
) -> Claim | None:
    """Take the next submission, fairly picked; None when nothing waits.

    The installation marks the lease, so that sweepers that share an engine tell their containers apart.
    Submissions to tasks with an image of these digests go on waiting.
    """
    statement = without_images(waiting(), held_images).limit(1)
    while (picked := session.scalar(statement)) is not None:
        taken = update(Submission).where(Submission.id == picked, Submission.state == State.QUEUED)
        if _changed(session, taken.values(state=State.RUNNING, attempts=Submission.attempts + 1)):
            submission = session.scalars(_whole, {"submission": picked}).one()
            return _claimed(session, submission, worker, lease_s, installation)
    return None


def _claimed(
    session: Session, submission: Submission, worker: str, lease_s: float, installation: str
) -> Claim:
    work = work_of(session, submission)
    run = Run(
        stage=work.first_stage,
        submission_id=submission.id,
        team_id=submission.team_id,
        attempt=submission.attempts,
        worker=worker,
        lease=f"{installation}.{secrets.token_urlsafe(24)}",
        lease_expires_at=db.now() + timedelta(seconds=lease_s),
        started_at=db.now(),
    )
    session.add(run)
    _take_turn(session, submission.team_id)
    session.flush()
    return Claim(run.id, submission.id, run.lease, run.attempt, work)


def _take_turn(session: Session, team_id: int) -> None:
    upsert = _served_now(session.get_bind().dialect.name)
    session.execute(upsert, {"team_id": team_id, "served_at": db.now()})


@cache
def _served_now(dialect: str) -> sqlite.Insert | postgresql.Insert:
    """Two workers may serve a new team at once; only an upsert lets both."""
    made = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(Turn)
    return made.on_conflict_do_update(index_elements=["team_id"], set_={"served_at": made.excluded.served_at})


def work_of(session: Session, submission: Submission) -> Work:
    """A submission and what scores it now."""
    found = work_in(session, submission.phase)
    return replace(found, kind=submission.kind, digest=submission.digest, file_name=submission.file_name)


def work_in(session: Session, phase: Phase) -> Work:
    """What scores a submission in a phase; which one it is stays open."""
    hidden = _hidden(session, phase)
    reference, _ = hidden.get(Role.REFERENCE, ("", ""))
    hidden_input, _ = hidden.get(Role.INPUT, ("", ""))
    image, image_name = hidden.get(Role.IMAGE, ("", ""))
    return Work(
        kind=phase.task.kind,
        digest="",
        file_name="",
        evaluation=in_phase(phase.task.evaluation, phase.slug),
        limits=in_force(phase.task, phase),
        reference=reference,
        hidden_input=hidden_input,
        alone=phase.alone,
        image=ImageSource(image, keeping.image_kind(image_name)) if image else None,
        preload=tuple(phase.task.preload),
        program=hidden.get(Role.PROGRAM, ("", ""))[0],
        ingestion=hidden.get(Role.INGESTION, ("", ""))[0],
    )


def _hidden(session: Session, phase: Phase) -> dict[str, tuple[str, str]]:
    """Digest and name of the newest of what teams must not see, by role."""
    rows = session.execute(_hidden_files, {"task": phase.task_id, "phase": phase.id})
    return {role: (digest, name) for role, digest, name in rows}


def enter(session: Session, claim: Claim, stage: str) -> bool:
    """Show that the run has come to this stage."""
    values: dict[str, Any] = {"stage": stage}
    if stage == "scoring" and claim.work.kind == Kind.CODE:
        values["predicted_at"] = db.now()
    return _changed(session, _held(claim).values(values))


def renew(session: Session, claim: Claim, lease_s: float) -> bool:
    """Hold the lease for a while longer."""
    return _changed(session, _held(claim).values(lease_expires_at=db.now() + timedelta(seconds=lease_s)))


def record(session: Session, claim: Claim, result: Result) -> bool:
    """Write a run's end: the run, its scores, the submission, the standings. A late result is thrown away."""
    submission = session.scalars(_whole, {"submission": claim.submission_id}).one()
    outcome = _outcome(result) | logs.told(session, submission, result)
    if not _changed(session, _held(claim).values(outcome)):
        return False
    ended = update(Submission).where(Submission.id == claim.submission_id, Submission.state == State.RUNNING)
    values = {"state": result.state, "finished_at": outcome["finished_at"], "run_id": claim.run_id}
    if not _changed(session, ended.values(values)):
        _changed(session, update(Run).where(Run.id == claim.run_id).values(_WITHDRAWN))
        return False
    _publish(session, submission, claim.run_id, result)
    return True


def _outcome(result: Result) -> dict[str, Any]:
    usage = result.usage
    return {
        "state": result.state,
        "stage": "done",
        "finished_at": db.now(),
        "code": result.code,
        "stages": list(result.stages),
        "wall_s": usage and usage.wall_s,
        "cpu_s": usage and usage.cpu_s,
        "peak_memory_bytes": usage and usage.peak_memory_bytes,
        "output_bytes": usage and usage.output_bytes,
        "receipt": result.receipt,
        "sealed": result.private,
        "sealed_intervals": result.private_spread.intervals,
        "replicates": result.public_spread.replicates,
        "sealed_replicates": result.private_spread.replicates,
        "figures": list(result.figures),
    }


def _publish(session: Session, submission: Submission, run_id: int, result: Result) -> None:
    if result.state == "rejected":
        leaderboards.withdraw(session, submission)
        return
    intervals = result.public_spread.intervals
    session.execute(insert(Score), score_rows(run_id, Split.PUBLIC, result.public, intervals))
    leaderboards.place(session, submission, run_id)


def give_back(
    session: Session,
    claim: Claim,
    trouble: str,
    attempts: int,
    *,
    burn: bool = True,
    stages: tuple[dict[str, Any], ...] = (),
) -> bool:
    """End a run that failed on our side, and queue its submission again unless its attempts are used up.

    Without ``burn`` nothing was tried (a worker that stops, an engine that went away): the attempt is not
    counted.
    """
    values = {
        "state": State.FAILED if burn else LOST,
        "trouble": trouble,
        "stages": list(stages),
        "cpu_s": sum(stage.get("cpu_s", 0.0) for stage in stages),
        "finished_at": db.now(),
    }
    if not _changed(session, _held(claim).values(values)):
        return False
    _return(session, claim.submission_id, attempts, burn=burn)
    return True


def return_lost(session: Session, attempts: int) -> int:
    """End every run whose lease ran out, and queue the submissions again. Returns their number."""
    expired = select(Run.id, Run.submission_id).where(
        Run.state == State.RUNNING, Run.lease_expires_at < db.now()
    )
    found = 0
    for run_id, submission_id in session.execute(expired).all():
        lost = update(Run).where(
            Run.id == run_id, Run.state == State.RUNNING, Run.lease_expires_at < db.now()
        )
        if _changed(session, lost.values(state=LOST, trouble=EXPIRED, finished_at=db.now())):
            _return(session, submission_id, attempts, burn=True)
            found += 1
    return found


def _return(session: Session, submission_id: int, attempts: int, *, burn: bool) -> None:
    """A verdict of an earlier run stands: our failure takes no score away."""
    submission = session.get_one(Submission, submission_id, populate_existing=True, with_for_update=True)
    if submission.state != State.RUNNING:
        return
    if not burn:
        submission.attempts -= 1
    if submission.attempts < attempts:
        submission.state = State.QUEUED
        return
    submission.state = submission.run.state if submission.run else State.FAILED
    submission.finished_at = db.now()


def living(session: Session, lease: str) -> bool:
    """Whether somebody scores under this lease."""
    return session.scalar(select(Run.id).where(Run.lease == lease, Run.state == State.RUNNING)) is not None


def _held(claim: Claim) -> Update:
    return update(Run).where(Run.id == claim.run_id, Run.lease == claim.lease, Run.state == State.RUNNING)


def _changed(session: Session, statement: Update) -> bool:
    found = session.execute(statement, execution_options={"synchronize_session": False})
    assert isinstance(found, CursorResult)
    return found.rowcount == 1
