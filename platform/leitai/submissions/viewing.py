"""Who may see which submission, and what there is to see of it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload, selectinload

import evaluators
from leitai.accounts.models import Person
from leitai.competitions.models import Entry, Task
from leitai.competitions.roles import is_judge, is_organizer
from leitai.errors import N_, NotFound
from leitai.submissions.models import FINAL, Run, Split, State, Submission
from leitai.submissions.stations import Station, stations
from leitai.submissions.waiting import Waiting, place_in_queue
from leitai.teams.models import Membership
from leitai.web.paging import Page, paginate

UNKNOWN = N_("There is no such submission, or none that you may see.")


class Sight(StrEnum):
    """What gives a person the sight of a submission."""

    ORGANIZER = "organizer"
    TEAM = "team"
    JUDGE = "judge"


@dataclass(frozen=True)
class Shown:
    """A score as pages and programs get it."""

    column: evaluators.ScoreColumn
    value: float


@dataclass(frozen=True)
class View:
    """A submission as one reader finds it now. ``run`` is the one that runs, else the one that counts."""

    submission: Submission
    sight: Sight
    run: Run | None
    waiting: Waiting | None
    stations: tuple[Station, ...]
    public: tuple[Shown, ...]
    private: tuple[Shown, ...]

    @property
    def final(self) -> bool:
        """Whether nothing more will change by itself."""
        return self.submission.state in FINAL

    @property
    def log(self) -> str:
        """The end of what the team's program wrote, when it ended with an error."""
        return self.run.log if self.run and self.run.code == "runtime_error" else ""

    @property
    def may_cancel(self) -> bool:
        """Whether this reader may take it back now."""
        if self.final or self.sight is Sight.JUDGE:
            return False
        first = self.submission.state == State.QUEUED and self.submission.run_id is None
        return first or self.sight is Sight.ORGANIZER


def sight_of(session: Session, person: Person | None, submission_id: int) -> tuple[Submission, Sight]:
    """A submission, and why this person may see it.

    Raises:
        NotFound: there is none, or this person may not know of it.
    """
    submission = session.scalar(select(Submission).where(Submission.id == submission_id))
    if person is None or submission is None:
        raise NotFound(UNKNOWN)
    if is_organizer(session, person, submission.task.competition_id):
        return submission, Sight.ORGANIZER
    if is_member(session, person, submission.team_id):
        return submission, Sight.TEAM
    if is_judge(session, person, submission.task_id):
        return submission, Sight.JUDGE
    raise NotFound(UNKNOWN)


def is_member(session: Session, person: Person, team_id: int) -> bool:
    """Whether the person is in the team now."""
    member = exists().where(Membership.team_id == team_id, Membership.person_id == person.id)
    return bool(session.scalar(select(member)))


def show(session: Session, person: Person | None, submission_id: int) -> View:
    """A submission with all that this person may see of it.

    Raises:
        NotFound: there is none, or this person may not know of it.
    """
    submission, sight = sight_of(session, person, submission_id)
    return view_of(session, submission, sight)


def view_of(session: Session, submission: Submission, sight: Sight) -> View:
    """What there is to see of a submission at hand."""
    run = current_run(submission)
    queued = submission.state == State.QUEUED
    waiting = place_in_queue(session, submission) if queued else None
    revealed = submission.phase.revealed_at is not None
    return View(
        submission=submission,
        sight=sight,
        run=run,
        waiting=waiting,
        stations=stations(submission, None if queued else run),
        public=scores(submission, Split.PUBLIC),
        private=scores(submission, Split.PRIVATE) if revealed else (),
    )


def current_run(submission: Submission) -> Run | None:
    """The run that is under way, else the one that counts, else the last."""
    if submission.state == State.RUNNING or submission.run is None:
        return submission.runs[-1] if submission.runs else None
    return submission.run


def scores(submission: Submission, split: str) -> tuple[Shown, ...]:
    """The scores of the run that counts, the primary one first. Private ones are rows only once revealed."""
    if submission.run is None:
        return ()
    found = {score.metric: score.value for score in submission.run.scores if score.split == split}
    columns = evaluators.columns(submission.task.evaluation)
    return tuple(Shown(column, found[column.name]) for column in columns if column.name in found)


def mine(session: Session, entry: Entry, number: int = 1) -> Page[Any]:
    """What a team has handed in for a task, newest first."""
    statement = (
        select(Submission)
        .where(Submission.task_id == entry.task_id, Submission.team_id == entry.team_id)
        .options(joinedload(Submission.person), joinedload(Submission.phase))
        .options(joinedload(Submission.run).selectinload(Run.scores), selectinload(Submission.runs))
        .order_by(Submission.id.desc())
    )
    return paginate(session, statement, number)


def entry_in_sight(session: Session, person: Person, task: Task) -> Entry | None:
    """The entry of the task in whose team this person is now."""
    statement = (
        select(Entry)
        .join(Membership, Membership.team_id == Entry.team_id)
        .where(Entry.task_id == task.id, Membership.person_id == person.id)
    )
    return session.scalars(statement.order_by(Entry.id)).first()
