"""Handing in, taking back, and queueing again."""

import secrets

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leitai import db, queues
from leitai.accounts.models import Person
from leitai.competitions.models import Task
from leitai.errors import N_, Conflict, NotAllowed, TooLarge
from leitai.storage import Artefact
from leitai.submissions.admission import Allowance, bind, check
from leitai.submissions.detail import show
from leitai.submissions.intake import MESSAGE_LENGTH, TOO_LARGE, check_name, clean_line, clean_name
from leitai.submissions.models import FINAL, Run, State, Submission
from leitai.submissions.viewing import Sight, handed_in, mine, sight_of, view
from leitai.submissions.waiting import place_in_queue

__all__ = [
    "Allowance",
    "cancel",
    "check",
    "handed_in",
    "mine",
    "place_in_queue",
    "requeue",
    "show",
    "submit",
    "view",
]


def submit(
    session: Session,
    person: Person,
    task: Task,
    artefact: Artefact,
    file_name: str,
    message: str = "",
    team: str | None = None,
) -> Submission:
    """Queue what a person hands in for their team; workers hear of it after the commit.

    Raises:
        Refusal: the person may not submit now, nothing is left of the quota, or the file is not suitable.
    """
    # Read again: the organizers may have changed it while the file came in.
    task = session.get_one(Task, task.id)
    allowance = check(session, person, task, team, lock=True)
    if allowance.refusal or not allowance.entry or not allowance.phase:
        raise allowance.refusal or Conflict(N_("Nothing can be handed in now."))
    name = clean_name(file_name)
    check_name(task.kind, name)
    if artefact.size > allowance.upload_bytes:
        raise TooLarge(TOO_LARGE, limit=f"{allowance.upload_bytes:,}")
    if not allowance.bound:
        bind(session, person, allowance.entry)
    moment = db.now()
    submission = Submission(
        task_id=task.id, phase_id=allowance.phase.id, team_id=allowance.entry.team_id, person_id=person.id,
        kind=task.kind, file_name=name, digest=artefact.digest, size=artefact.size,
        message=clean_line(message, MESSAGE_LENGTH),
        state=State.QUEUED, created_at=moment, queued_at=moment,
    )  # fmt: skip
    session.add(submission)
    session.flush()
    queues.wake_after_commit(session)
    return submission


def cancel(session: Session, person: Person, submission_id: int) -> Submission:
    """Take a submission back: its team while it waits for its first run, an organizer also while it runs.

    The lease of a running run is dropped, so that its late result is thrown away. When a rescore is
    cancelled, the earlier result stands; so no place on a board changes.

    Raises:
        NotFound: there is none that the person may see.
        NotAllowed: the person may see it, and not cancel it.
        Conflict: it is too late for that.
    """
    submission, sight = sight_of(session, person, submission_id)
    if sight is Sight.JUDGE:
        raise NotAllowed(N_("Only the team and the organizers of the competition may cancel a submission."))
    if sight is Sight.ORGANIZER:
        _drop_runs(session, submission)
    submission = _locked(session, submission.id)
    _refuse_late(submission, sight)
    _take_back(session, submission)
    return submission


def _drop_runs(session: Session, submission: Submission) -> None:
    # The run before the submission, as results are recorded: so that neither waits for the other.
    moment = db.now()
    session.execute(
        update(Run)
        .where(Run.submission_id == submission.id, Run.state == State.RUNNING)
        .values(
            state=State.CANCELLED,
            lease=secrets.token_urlsafe(32),
            lease_expires_at=moment,
            finished_at=moment,
        )
    )


def _locked(session: Session, submission_id: int) -> Submission:
    statement = select(Submission).where(Submission.id == submission_id).with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def _refuse_late(submission: Submission, sight: Sight) -> None:
    if submission.state in FINAL:
        raise Conflict(N_("This submission has its result already. It cannot be cancelled."))
    if sight is Sight.TEAM and submission.state == State.RUNNING:
        raise Conflict(N_("This submission is being scored already. Wait for its result."))
    if sight is Sight.TEAM and submission.run_id is not None:
        raise Conflict(N_("The organizers have this submission scored again. It cannot be cancelled."))


def _take_back(session: Session, submission: Submission) -> None:
    earlier = session.get(Run, submission.run_id) if submission.run_id else None
    submission.state = earlier.state if earlier else State.CANCELLED
    submission.finished_at = earlier.finished_at if earlier else db.now()
    session.flush()


def requeue(session: Session, submission: Submission) -> None:
    """Have a submission scored again by a new run; its result stays until the new one is recorded.

    Raises:
        Conflict: it was cancelled, or has no result yet.
    """
    submission = _locked(session, submission.id)
    if submission.state == State.CANCELLED:
        raise Conflict(
            N_("Submission %(number)s was cancelled. It cannot be scored again."), number=submission.id
        )
    if submission.state not in FINAL:
        raise Conflict(N_("Submission %(number)s waits for its result already."), number=submission.id)
    submission.state = State.QUEUED
    submission.attempts = 0
    submission.queued_at = db.now()
    submission.finished_at = None
    session.flush()
    queues.wake_after_commit(session)
