"""Who may see which submission, and what there is to see of it."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from unicodedata import category

from flask_babel import gettext
from sqlalchemy import Select, bindparam, exists, select
from sqlalchemy.orm import Session, defer, joinedload, selectinload

import evaluators
from leitai.accounts.models import Person
from leitai.competitions.models import Task
from leitai.competitions.roles import is_judge, is_organizer
from leitai.errors import N_, NotFound
from leitai.submissions import messages, receipts
from leitai.submissions.models import FINAL, Run, Score, Split, State, Submission
from leitai.submissions.waiting import Waiting, place_in_queue
from leitai.teams.models import Membership
from leitai.web.filters import size
from leitai.web.paging import Page, paginate

# Escape sequences of terminals: CSI, OSC up to its end, other strings, and the short ones.
ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[PX^_][^\x1b]*\x1b\\|.?)")
LOG_CUT = N_(
    "Your team has seen %(most)s of its programs' output in this task. More is kept back, so that hidden "
    "data cannot be carried out piece by piece."
)
_AROUND = (joinedload(Submission.person), joinedload(Submission.phase), joinedload(Submission.team))
_TASK = joinedload(Submission.task).joinedload(Task.competition)
# Made once: whoever waits asks every few seconds.
_one = select(Submission).where(Submission.id == bindparam("submission")).options(*_AROUND, _TASK)
# For lists: every run, among them the one that counts, without what only the page of a submission tells.
RUNS = selectinload(Submission.runs).options(
    defer(Run.stdout), defer(Run.log), defer(Run.receipt), selectinload(Run.scores)
)
UNKNOWN = N_("There is no such submission, or none that you may see.")


def plain_log(log: str) -> str:
    """What a program wrote, without what steers a terminal or turns the direction of writing."""
    lines = ESCAPES.sub("", log).split("\n")
    return "\n".join(line if line.isprintable() else _printable(line) for line in lines)


def _printable(line: str) -> str:
    return "".join(sign for sign in line if sign == "\t" or category(sign)[0] != "C")


class Sight(StrEnum):
    """What gives a person the sight of a submission."""

    ORGANIZER = "organizer"
    TEAM = "team"
    JUDGE = "judge"


@dataclass(frozen=True)
class Shown:
    """A score as pages and programs get it, with the ends of its interval where it has one."""

    column: evaluators.ScoreColumn
    value: float
    low: float | None = None
    high: float | None = None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Both ends."""
        return None if self.low is None or self.high is None else (self.low, self.high)


@dataclass(frozen=True)
class View:
    """A submission as one reader finds it now. ``run`` is the one that runs, else the one that counts."""

    submission: Submission
    sight: Sight
    run: Run | None
    waiting: Waiting | None
    public: tuple[Shown, ...]
    private: tuple[Shown, ...]

    @property
    def final(self) -> bool:
        """Whether nothing more will change by itself."""
        return self.submission.state in FINAL

    @property
    def receipt_digest(self) -> str:
        """The SHA-256 of the receipt; empty before there is one."""
        return receipts.digest(self.submission.run)

    @property
    def figures(self) -> list[dict[str, Any]]:
        """Details of the public scores, where these are shown; read from the database when asked for."""
        run = self.submission.run
        return run.figures if run and self.public else []

    @property
    def told(self) -> str:
        """The message for the team."""
        if self.submission.state != State.REJECTED or self.run is None:
            return ""
        return messages.text(self.run.code, self.run.params)

    @property
    def log(self) -> str:
        """What the team may see of its program's error output."""
        return plain_log(self.run.log) if self.run else ""

    @property
    def stdout(self) -> str:
        """What the team may see of its program's standard output."""
        return plain_log(self.run.stdout) if self.run else ""

    @property
    def log_note(self) -> str:
        """Why some of the output is kept back; empty when none is."""
        if self.run is None or not self.run.log_cut:
            return ""
        return str(gettext(LOG_CUT, most=size(self.submission.task.log_budget)))


def sight_of(session: Session, person: Person | None, submission_id: int) -> tuple[Submission, Sight]:
    """A submission, and why this person may see it.

    Raises:
        NotFound: there is none, or this person may not know of it.
    """
    submission = session.scalar(_one, {"submission": submission_id})
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


def view(session: Session, person: Person | None, submission_id: int) -> View:
    """A submission as this person may see it.

    Raises:
        NotFound: there is none, or this person may not know of it.
    """
    submission, sight = sight_of(session, person, submission_id)
    return view_of(session, submission, sight)


def handed_in(session: Session, submission: Submission) -> View:
    """A submission as the team finds it that has just handed it in."""
    return view_of(session, session.scalars(_one, {"submission": submission.id}).one(), Sight.TEAM)


def view_of(session: Session, submission: Submission, sight: Sight) -> View:
    """What there is to see of a submission at hand."""
    run = current_run(submission)
    revealed = submission.phase.revealed_at is not None
    return View(
        submission=submission,
        sight=sight,
        run=run,
        waiting=place_in_queue(session, submission),
        public=scores(submission, Split.PUBLIC),
        private=scores(submission, Split.PRIVATE) if revealed else (),
    )


def primary(task: Task) -> str:
    """The name of the score by which a team's submission counts."""
    return evaluators.choosing(task.evaluation).name


def history(phase_id: int, team_id: int, metric: str) -> Select[datetime, float]:
    """When a team handed in what was scored in a phase, and its public score, the oldest first."""
    return (
        select(Submission.created_at, Score.value)
        .join(Score, Score.run_id == Submission.run_id)
        .where(Submission.phase_id == phase_id, Submission.team_id == team_id)
        .where(Score.split == Split.PUBLIC, Score.metric == metric, Submission.state == State.SCORED)
        .order_by(Submission.id)
    )


def current_run(submission: Submission) -> Run | None:
    """The run that is under way, else the one that counts, else the last; none before a first attempt."""
    if submission.state == State.QUEUED and submission.run_id is None and not submission.attempts:
        return None
    if submission.state == State.RUNNING or submission.run is None:
        return submission.runs[-1] if submission.runs else None
    return submission.run


def scores(submission: Submission, split: str) -> tuple[Shown, ...]:
    """The scores of the run that counts, the primary one first. Private ones are rows only once revealed."""
    if submission.run is None:
        return ()
    found = {score.metric: score for score in submission.run.scores if score.split == split}
    columns = evaluators.columns(submission.task.evaluation)
    rows = [(column, found[column.name]) for column in columns if column.name in found]
    return tuple(Shown(column, row.value, row.low, row.high) for column, row in rows)


def mine(session: Session, person: Person, task: Task, number: int = 1) -> Page[Submission]:
    """What the person's teams have handed in for a task, newest first."""
    teams = select(Membership.team_id).where(Membership.person_id == person.id)
    statement = (
        select(Submission)
        .where(Submission.task_id == task.id, Submission.team_id.in_(teams))
        .options(*_AROUND, RUNS)
        .order_by(Submission.id.desc())
    )
    return paginate(session, statement, number)
