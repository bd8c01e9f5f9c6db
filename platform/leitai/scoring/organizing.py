"""What organizers do with the submissions of their tasks: see them, have them scored again, cancel them."""

from dataclasses import dataclass

from sqlalchemy import CursorResult, Select, select, update
from sqlalchemy.orm import Session, joinedload

from leitai import db, queues
from leitai.accounts.models import Person
from leitai.competitions.models import Task
from leitai.competitions.roles import require_organizer
from leitai.competitions.stage import Stage, stage
from leitai.errors import N_, Invalid, NotFound
from leitai.submissions import service as submissions
from leitai.submissions.models import Run, State, Submission
from leitai.submissions.viewing import RUNS
from leitai.teams.models import Team
from leitai.web.paging import Page, paginate

# What has a result, and so can be scored again.
ENDED = (State.SCORED, State.REJECTED, State.FAILED)


@dataclass(frozen=True)
class Filter:
    """Which submissions an organizer wants to see; empty means all."""

    state: str = ""
    team: str = ""
    phase: str = ""
    trouble: bool = False


def organized(session: Session, person: Person, competition: str, task: str) -> Stage:
    """The stage of a task for one of its organizers.

    Raises:
        NotFound: no such task.
        NotAllowed: the person does not organize it.
    """
    found = stage(session, person, competition, task)
    require_organizer(session, person, found.task)
    return found


def listed(session: Session, found: Stage, wanted: Filter, number: int) -> Page[Submission]:
    """A page of a task's submissions with their runs, newest first."""
    statement = _filtered(select(Submission).where(Submission.task_id == found.task.id), found, wanted)
    return paginate(session, with_runs(statement).order_by(Submission.id.desc()), number)


def with_runs(statement: Select[Submission]) -> Select[Submission]:
    """Load whatever a list of submissions shows."""
    return statement.options(joinedload(Submission.team), joinedload(Submission.phase), RUNS)


def _filtered(statement: Select[Submission], found: Stage, wanted: Filter) -> Select[Submission]:
    if wanted.state in set(State):
        statement = statement.where(Submission.state == wanted.state)
    if wanted.team.strip():
        named = Team.name.icontains(wanted.team.strip(), autoescape=True)
        statement = statement.where(Submission.team_id.in_(select(Team.id).where(named)))
    if chosen := [view.phase.id for view in found.phases if view.phase.slug == wanted.phase]:
        statement = statement.where(Submission.phase_id == chosen[0])
    if wanted.trouble:
        troubled = select(Run.submission_id).where(Run.trouble != "")
        statement = statement.where(Submission.id.in_(troubled))
    return statement


def rescore(session: Session, person: Person, submission_id: int, address: tuple[str, str]) -> Submission:
    """Have one submission scored again; its result stands until the new one is recorded.

    Raises:
        NotFound: no such submission.
        NotAllowed: the person does not organize its task.
        Conflict: it waits for its result, or was cancelled.
    """
    submission = _own(session, person, submission_id, address)
    submissions.requeue(session, submission)
    return submission


def rescore_all(session: Session, person: Person, task: Task, phase_slug: str = "") -> int:
    """Have every submission with a result scored again, of one phase or of all. Returns their number.

    Raises:
        NotAllowed: the person does not organize the task.
        Invalid: the task has no such phase.
    """
    require_organizer(session, person, task)
    phases = [phase.id for phase in task.phases if phase_slug in ("", phase.slug)]
    if not phases:
        raise Invalid(N_("There is no such phase. Choose one from the list."))
    again = update(Submission).where(Submission.phase_id.in_(phases), Submission.state.in_(ENDED))
    values = {"state": State.QUEUED, "attempts": 0, "queued_at": db.now(), "finished_at": None}
    changed = session.execute(again.values(values), execution_options={"synchronize_session": False})
    assert isinstance(changed, CursorResult)
    queues.wake_after_commit(session)
    return changed.rowcount


def cancel(session: Session, person: Person, submission_id: int, address: tuple[str, str]) -> Submission:
    """Cancel a submission that waits or is being scored; a late result of it is thrown away.

    Raises:
        NotFound: no such submission.
        NotAllowed: the person does not organize its task.
        Conflict: it has its result already.
    """
    _own(session, person, submission_id, address)
    return submissions.cancel(session, person, submission_id)


def _own(session: Session, person: Person, submission_id: int, address: tuple[str, str]) -> Submission:
    task = organized(session, person, *address).task
    submission = session.get(Submission, submission_id)
    if submission is None or submission.task_id != task.id:
        raise NotFound(N_("The task has no such submission."))
    return submission
