"""A task in figures, for its organizers."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from leitai import db
from leitai.competitions.models import Entry
from leitai.competitions.stage import Stage
from leitai.leaderboards import history
from leitai.leaderboards.models import Standing
from leitai.scoring.organizing import with_runs
from leitai.submissions.models import Run, Split, State, Submission
from leitai.teams.models import Team
from leitai.web.paging import Page, paginate

DAYS = 30
COUNTRIES = 8
LATEST = 8
# As many of the newest results tell how long scoring takes.
SAMPLE = 1000


@dataclass(frozen=True)
class Times:
    """Seconds from the queue to the result, of the newest results."""

    median_s: float | None
    p95_s: float | None
    today: bool


@dataclass(frozen=True)
class Overview:
    """What the organizers' first page shows."""

    entries: int
    entries_today: int
    countries: list[tuple[str, int]]
    submissions: int
    submissions_today: int
    waiting: int
    times: Times
    cpu_s: float
    failed_cpu_s: float
    per_day: list[tuple[date, int]]
    best: list[tuple[datetime, float]]
    latest: Sequence[Submission]


@dataclass(frozen=True)
class EntryRow:
    """An entry, how much its team handed in, and where it stands on the public board of the phase."""

    entry: Entry
    submissions: int
    last_at: datetime | None
    score: float | None


def overview(session: Session, found: Stage) -> Overview:
    """The task's figures now."""
    task_id, day_ago = found.task.id, db.now() - timedelta(days=1)
    of_task, entered = Submission.task_id == task_id, Entry.task_id == task_id
    # Says nothing new; it lets the index leave out all that have their result.
    unfinished = Submission.finished_at.is_(None)
    cpu_s, failed_cpu_s = _cpu(session, task_id)
    return Overview(
        entries=_count(session, entered),
        entries_today=_count(session, entered, Entry.entered_at > day_ago),
        countries=_countries(session, task_id),
        submissions=_count(session, of_task),
        submissions_today=_count(session, of_task, Submission.created_at > day_ago),
        waiting=_count(session, of_task, unfinished, Submission.state.in_((State.QUEUED, State.RUNNING))),
        times=_times(session, task_id, day_ago),
        cpu_s=cpu_s,
        failed_cpu_s=failed_cpu_s,
        per_day=_per_day(session, task_id),
        best=history.best_over_time(session, found.phase, found.choosing),
        latest=latest(session, found),
    )


def latest(session: Session, found: Stage) -> Sequence[Submission]:
    """The newest submissions of the task."""
    statement = with_runs(select(Submission).where(Submission.task_id == found.task.id))
    return session.scalars(statement.order_by(Submission.id.desc()).limit(LATEST)).unique().all()


def _count(session: Session, *conditions: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).where(*conditions)) or 0


def _cpu(session: Session, task_id: int) -> tuple[float, float]:
    """Seconds of all runs, and of those that failed on our side."""
    ours = Run.state.not_in((State.SCORED, State.REJECTED, State.RUNNING))
    statement = (
        select(func.sum(Run.cpu_s), func.sum(case((ours, Run.cpu_s))))
        .join(Submission, Submission.id == Run.submission_id)
        .where(Submission.task_id == task_id)
    )
    used, failed = session.execute(statement).one()
    return float(used or 0.0), float(failed or 0.0)


def _countries(session: Session, task_id: int) -> list[tuple[str, int]]:
    """The countries with the most entries; the others together as the last, under no name."""
    number = func.count(Entry.id)
    statement = (
        select(Team.country, number)
        .join(Entry, Entry.team_id == Team.id)
        .where(Entry.task_id == task_id)
        .group_by(Team.country)
        .order_by(number.desc(), Team.country)
    )
    rows = [(country, count) for country, count in session.execute(statement)]
    if rest := sum(count for _, count in rows[COUNTRIES:]):
        return [*rows[:COUNTRIES], ("", rest)]
    return rows


def _times(session: Session, task_id: int, day_ago: datetime) -> Times:
    statement = (
        select(Submission.queued_at, Submission.finished_at)
        .where(
            Submission.task_id == task_id,
            Submission.state.in_((State.SCORED, State.REJECTED)),
            Submission.queued_at.is_not(None),
            Submission.finished_at.is_not(None),
        )
        .order_by(Submission.finished_at.desc())
        .limit(SAMPLE)
    )
    today = session.execute(statement.where(Submission.finished_at > day_ago)).all()
    rows = today or session.execute(statement).all()
    took = sorted((ended - began).total_seconds() for began, ended in rows if began and ended)
    if not took:
        return Times(None, None, today=True)
    return Times(statistics.median(took), took[min(len(took) - 1, len(took) * 95 // 100)], bool(today))


def _per_day(session: Session, task_id: int) -> list[tuple[date, int]]:
    """Submissions of each of the last days, days without any too; it begins with the first submission."""
    today = db.now().date()
    day = _day(session, Submission.created_at)
    statement = (
        select(day, func.count())
        .where(Submission.task_id == task_id, Submission.created_at > db.now() - timedelta(days=DAYS))
        .group_by(day)
    )
    counts = {date.fromisoformat(str(at)): count for at, count in session.execute(statement)}
    if not counts:
        return []
    days = (today - min(counts)).days
    return [(at, counts.get(at, 0)) for at in (today - timedelta(days=n) for n in range(days, -1, -1))]


def _day(session: Session, column: InstrumentedAttribute[datetime]) -> ColumnElement[Any]:
    if session.get_bind().dialect.name == "postgresql":
        return func.date(func.timezone("UTC", column))
    return func.date(column)


def entries(session: Session, found: Stage, number: int) -> tuple[Page[Entry], list[EntryRow]]:
    """A page of the entries, newest first."""
    team = joinedload(Entry.team)
    statement = (
        select(Entry)
        .where(Entry.task_id == found.task.id)
        .options(team.joinedload(Team.captain), team.selectinload(Team.memberships))
        .order_by(Entry.id.desc())
    )
    page: Page[Entry] = paginate(session, statement, number)
    teams = [entry.team_id for entry in page.items]
    handed_in = _handed_in(session, found.task.id, teams)
    scores = _standings(session, found.phase.id, teams)
    return page, [
        EntryRow(entry, *handed_in.get(entry.team_id, (0, None)), scores.get(entry.team_id))
        for entry in page.items
    ]


def _handed_in(session: Session, task_id: int, teams: list[int]) -> dict[int, tuple[int, datetime | None]]:
    statement = (
        select(Submission.team_id, func.count(), func.max(Submission.created_at))
        .where(Submission.task_id == task_id, Submission.team_id.in_(teams))
        .group_by(Submission.team_id)
    )
    return {team: (count, last) for team, count, last in session.execute(statement)}


def _standings(session: Session, phase_id: int, teams: list[int]) -> dict[int, float]:
    statement = select(Standing.team_id, Standing.value).where(
        Standing.phase_id == phase_id, Standing.split == Split.PUBLIC, Standing.team_id.in_(teams)
    )
    return dict(session.execute(statement).all())
