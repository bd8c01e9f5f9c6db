"""Competitions and tasks at a glance: the home page, a competition's page, and the API's list."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session, selectinload

import evaluators
from leitai import db
from leitai.competitions.models import Competition, Entry, EntryMember, Task, Track
from leitai.competitions.stage import PhaseView, phase_views
from leitai.errors import N_, NotFound
from leitai.teams.models import Team

TaskState = Literal["open", "coming", "between", "over", "revealed"]
# The boards lie in a higher slice: whoever keeps them gives the best score of each of these phases, by id.
best_scores: list[Callable[[Session, Collection[int]], Mapping[int, float]]] = []


@dataclass(frozen=True)
class TaskCard:
    """A task in a list. ``view`` is the phase that the reader cares about: open, else next, else last."""

    task: Task
    track: Track
    view: PhaseView
    state: TaskState
    teams: int
    primary: evaluators.ScoreColumn
    best: float | None


@dataclass(frozen=True)
class Turnout:
    """Who takes part in a competition."""

    teams: int
    today: int
    people: int
    countries: int


@dataclass(frozen=True)
class Edition:
    """A competition with its tasks and turnout."""

    competition: Competition
    state: Literal["running", "coming", "over"]
    cards: tuple[TaskCard, ...]
    turnout: Turnout

    @property
    def sponsors(self) -> int:
        """How many enterprises set tasks."""
        return len({tuple(sorted(card.task.sponsor.items())) for card in self.cards})

    def of_track(self, slug: str | None) -> tuple[TaskCard, ...]:
        """The tasks of one track, or all."""
        return tuple(card for card in self.cards if slug is None or card.track.slug == slug)


def editions(session: Session) -> list[Edition]:
    """All competitions: running ones first, then those to come, then the past, newest first."""
    found = [_edition(session, competition) for competition in session.scalars(_competitions())]
    order = ("running", "coming", "over")
    found.sort(key=lambda edition: edition.competition.starts_at, reverse=True)
    return sorted(found, key=lambda edition: order.index(edition.state))


def edition(session: Session, slug: str) -> Edition:
    """One competition.

    Raises:
        NotFound: no such competition.
    """
    competition = session.scalars(_competitions().where(Competition.slug == slug)).one_or_none()
    if competition is None:
        raise NotFound(N_("There is no such competition. The home page lists all of them."))
    return _edition(session, competition)


def _competitions() -> Select[Competition]:
    tasks = selectinload(Competition.tracks).selectinload(Track.tasks)
    # A card shows none of the long texts.
    texts = (tasks.defer(text) for text in (Task.statement, Task.rules, Task.agreement))
    return select(Competition).options(tasks.selectinload(Task.phases), tasks.joinedload(Task.track), *texts)


def _edition(session: Session, competition: Competition) -> Edition:
    teams = _teams_by_task(session, competition.id)
    now = db.now()
    tasks = [task for track in competition.tracks for task in track.tasks]
    states = [_state(phase_views(task.phases, now)) for task in tasks]
    best = _best(session, [view.phase.id for _, view in states])
    cards = [
        TaskCard(task, task.track, view, state, teams.get(task.id, 0), primary(task), best.get(view.phase.id))
        for task, (state, view) in zip(tasks, states, strict=True)
    ]
    state: Literal["running", "coming", "over"] = "running"
    if now < competition.starts_at:
        state = "coming"
    elif now >= competition.ends_at:
        state = "over"
    return Edition(competition, state, tuple(cards), _turnout(session, competition.id))


def primary(task: Task) -> evaluators.ScoreColumn:
    """The metric that decides."""
    return evaluators.columns(task.evaluation)[0]


def _best(session: Session, phases: Collection[int]) -> dict[int, float]:
    return {phase: value for give in best_scores for phase, value in give(session, phases).items()}


def _state(views: Sequence[PhaseView]) -> tuple[TaskState, PhaseView]:
    for view in views:
        if view.state == "now":
            return "open", view
    if views[-1].state == "done":
        return ("revealed" if views[-1].phase.revealed_at else "over"), views[-1]
    following = next(view for view in views if view.state == "coming")
    return ("coming" if following is views[0] else "between"), following


def _teams_by_task(session: Session, competition_id: int) -> Mapping[int, int]:
    statement = (
        select(Entry.task_id, func.count(Entry.id))
        .join(Task, Task.id == Entry.task_id)
        .where(Task.competition_id == competition_id)
        .group_by(Entry.task_id)
    )
    return dict(session.execute(statement).all())


def _turnout(session: Session, competition_id: int) -> Turnout:
    lately = Entry.entered_at > db.now() - timedelta(days=1)
    entries = (
        select(
            func.count(func.distinct(Entry.team_id)),
            func.count(func.distinct(case((lately, Entry.team_id)))),
            func.count(func.distinct(func.nullif(Team.country, ""))),
        )
        .select_from(Entry)
        .join(Task, Task.id == Entry.task_id)
        .join(Team, Team.id == Entry.team_id)
        .where(Task.competition_id == competition_id)
    )
    people = (
        select(func.count(func.distinct(EntryMember.person_id)))
        .join(Task, Task.id == EntryMember.task_id)
        .where(Task.competition_id == competition_id)
    )
    teams, today, countries = session.execute(entries).one()
    return Turnout(teams, today, session.scalar(people) or 0, countries)
