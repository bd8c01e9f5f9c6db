"""What stands above every tab of a task: where am I, how long have I got, what gets me further."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

import evaluators
from leitai import db
from leitai.accounts.models import Person
from leitai.competitions.limits import Limits, in_force
from leitai.competitions.models import Competition, Entry, EntryMember, Phase, Task, Track
from leitai.competitions.roles import is_judge, is_organizer
from leitai.errors import N_, NotFound
from leitai.teams.models import Membership, Team

PhaseState = Literal["done", "now", "coming"]


@dataclass(frozen=True)
class PhaseView:
    """A phase on the rail: its state, the share of its time gone by, and the time to its next edge."""

    phase: Phase
    state: PhaseState
    share: float
    left: timedelta


@dataclass(frozen=True)
class Stage:
    """A task, as one reader finds it now. ``phase`` is the open one, else the last begun, else the first."""

    competition: Competition
    track: Track
    task: Task
    phases: tuple[PhaseView, ...]
    phase: Phase
    entry: Entry | None
    team: Team | None
    may_organize: bool
    may_judge: bool
    teams: int
    countries: int
    columns: tuple[evaluators.ScoreColumn, ...]

    @property
    def primary(self) -> evaluators.ScoreColumn:
        """The score that ranks."""
        return self.columns[0]

    @property
    def choosing(self) -> evaluators.ScoreColumn:
        """The score by which a team's submission counts, and whose progress is drawn."""
        return evaluators.choosing(self.task.evaluation)

    @property
    def open(self) -> bool:
        """Whether submissions are taken now."""
        return any(view.state == "now" for view in self.phases)

    @property
    def over(self) -> bool:
        """Whether the last phase has ended."""
        return all(view.state == "done" for view in self.phases)

    @property
    def limits(self) -> Limits:
        """What one run may use in the phase."""
        return in_force(self.task, self.phase)

    @property
    def other_limits(self) -> tuple[tuple[Phase, Limits], ...]:
        """The phases whose limits are others, each with those that differ."""
        found = []
        for phase in self.task.phases:
            of_phase = in_force(self.task, phase)
            differing = {name: value for name, value in of_phase.items() if value != self.limits[name]}
            if differing:
                found.append((phase, differing))
        return tuple(found)

    @property
    def address(self) -> dict[str, str]:
        """What url_for needs for every page of the task."""
        return {"competition": self.competition.slug, "task": self.task.slug}


def stage(session: Session, person: Person | None, competition_slug: str, task_slug: str) -> Stage:
    """The stage of a task for whoever reads.

    Raises:
        NotFound: no such task.
    """
    return stage_of(session, person, find_task(session, competition_slug, task_slug))


def stage_of(session: Session, person: Person | None, task: Task) -> Stage:
    """The stage of a task that is at hand already."""
    entry = entry_of(session, person, task.id)
    teams, countries = _turnout(session, task.id)
    return Stage(
        competition=task.competition,
        track=task.track,
        task=task,
        phases=phase_views(task.phases, db.now()),
        phase=current_phase(task.phases, db.now()),
        entry=entry,
        team=entry.team if entry else None,
        may_organize=is_organizer(session, person, task.competition_id),
        may_judge=is_judge(session, person, task.id),
        teams=teams,
        countries=countries,
        columns=tuple(evaluators.columns(task.evaluation)),
    )


# Made once, for every page of a task asks for it.
_by_slugs = (
    select(Task)
    .join(Task.competition)
    .where(Competition.slug == bindparam("competition"), Task.slug == bindparam("task"))
    .options(joinedload(Task.competition), joinedload(Task.track), selectinload(Task.phases))
)


def find_task(session: Session, competition_slug: str, task_slug: str) -> Task:
    """A task by the two slugs of its address.

    Raises:
        NotFound: no such task.
    """
    slugs = {"competition": competition_slug, "task": task_slug}
    if task := session.scalars(_by_slugs, slugs).one_or_none():
        return task
    raise NotFound(N_("There is no such task. The competition's page lists all of them."))


def phase_views(phases: Sequence[Phase], moment: datetime) -> tuple[PhaseView, ...]:
    """The rail."""
    return tuple(_phase_view(phase, moment) for phase in phases)


def _phase_view(phase: Phase, moment: datetime) -> PhaseView:
    if moment >= phase.ends_at:
        return PhaseView(phase, "done", 1.0, timedelta(0))
    if moment < phase.starts_at:
        return PhaseView(phase, "coming", 0.0, phase.starts_at - moment)
    share = (moment - phase.starts_at) / (phase.ends_at - phase.starts_at)
    return PhaseView(phase, "now", share, phase.ends_at - moment)


def current_phase(phases: Sequence[Phase], moment: datetime) -> Phase:
    """The open phase, else the last that began, else the first."""
    begun = [phase for phase in phases if phase.starts_at <= moment]
    return begun[-1] if begun else phases[0]


def entry_of(session: Session, person: Person | None, task_id: int) -> Entry | None:
    """The entry of the team in which this person takes part in the task now."""
    if person is None:
        return None
    # Who left the team keeps a place in the entry, and sees nothing of it any more.
    statement = (
        select(Entry)
        .join(EntryMember, EntryMember.entry_id == Entry.id)
        .join(Membership, Membership.team_id == Entry.team_id)
        .where(Entry.task_id == task_id, EntryMember.person_id == person.id)
        .where(Membership.person_id == person.id)
        .options(joinedload(Entry.team))
    )
    return session.scalars(statement).one_or_none()


def _turnout(session: Session, task_id: int) -> tuple[int, int]:
    statement = (
        select(func.count(Entry.id), func.count(func.distinct(func.nullif(Team.country, ""))))
        .join(Team, Team.id == Entry.team_id)
        .where(Entry.task_id == task_id)
    )
    teams, countries = session.execute(statement).one()
    return teams, countries
