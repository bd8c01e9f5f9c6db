"""Submissions to a phase that is over, which come along with a competition older than this portal."""

from datetime import datetime

from sqlalchemy.orm import Session

from leitai import db, queues
from leitai.accounts.models import Person
from leitai.competitions.models import Entry, Phase
from leitai.errors import N_, Conflict
from leitai.storage import Artefact
from leitai.submissions.intake import MESSAGE_LENGTH, check_name, clean_line, clean_name
from leitai.submissions.models import State, Submission


def bring(  # noqa: PLR0913, PLR0917 one value for each part of what was handed in
    session: Session,
    person: Person,
    entry: Entry,
    phase: Phase,
    artefact: Artefact,
    file_name: str,
    message: str,
    at: datetime,
) -> Submission:
    """Queue what a team handed in at an earlier moment of a phase. For set-up only: no page calls it.

    Raises:
        Conflict: the moment lies outside of the phase, or in the future.
    """
    if entry.task_id != phase.task_id or not phase.starts_at <= at < min(phase.ends_at, db.now()):
        raise Conflict(N_("This moment does not lie in the phase, or has not come yet."))
    name = clean_name(file_name)
    check_name(phase.task.kind, name)
    submission = Submission(
        task_id=phase.task_id, phase_id=phase.id, team_id=entry.team_id, person_id=person.id,
        kind=phase.task.kind, file_name=name, digest=artefact.digest, size=artefact.size,
        message=clean_line(message, MESSAGE_LENGTH),
        state=State.QUEUED, created_at=at, queued_at=db.now(),
    )  # fmt: skip
    session.add(submission)
    session.flush()
    queues.wake_after_commit(session)
    return submission
