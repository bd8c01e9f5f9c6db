"""What the API says of competitions and tasks."""

from datetime import datetime
from typing import Any, Literal, Self

from flask import url_for
from pydantic import BaseModel

import evaluators
from leitai.competitions.limits import in_force
from leitai.competitions.models import DataFile, Phase, Task
from leitai.competitions.overview import Edition, TaskCard, TaskState
from leitai.competitions.stage import PhaseState, PhaseView, Stage
from leitai.competitions.taking import suffixes, takes_programs

Words = dict[str, str]


class TaskLine(BaseModel):
    """A task in a list. ``phase`` is the open one, else the next, else the last."""

    slug: str
    title: Words
    track: str
    sponsor: Words
    prize: Words
    kind: Literal["predictions", "code"]
    state: TaskState
    phase: str
    phase_starts_at: datetime
    phase_ends_at: datetime
    metric: str
    direction: Literal["higher", "lower"]
    teams: int
    url: str

    @classmethod
    def of(cls, card: TaskCard, competition: str) -> Self:
        """The line of a card."""
        task, phase = card.task, card.view.phase
        return cls.model_validate(
            {
                "slug": task.slug,
                "title": task.title,
                "track": card.track.slug,
                "sponsor": task.sponsor,
                "prize": task.prize,
                "kind": task.kind,
                "state": card.state,
                "phase": phase.slug,
                "phase_starts_at": phase.starts_at,
                "phase_ends_at": phase.ends_at,
                "metric": card.primary.name,
                "direction": card.primary.direction,
                "teams": card.teams,
                "url": url_for("competitions.task", competition=competition, task=task.slug, _external=True),
            }
        )


class CompetitionOut(BaseModel):
    """A competition with its tasks."""

    slug: str
    title: Words
    summary: Words
    place: Words
    starts_at: datetime
    ends_at: datetime
    state: Literal["running", "coming", "over"]
    teams: int
    countries: int
    tasks: list[TaskLine]

    @classmethod
    def of(cls, edition: Edition) -> Self:
        """What an edition shows."""
        competition = edition.competition
        return cls(
            slug=competition.slug,
            title=competition.title,
            summary=competition.summary,
            place=competition.place,
            starts_at=competition.starts_at,
            ends_at=competition.ends_at,
            state=edition.state,
            teams=edition.turnout.teams,
            countries=edition.turnout.countries,
            tasks=[TaskLine.of(card, competition.slug) for card in edition.cards],
        )


class PhaseOut(BaseModel):
    """A phase of a task. ``limits`` are those of one run, ``logs`` is how much of its output a team sees.

    Where ``alone`` is true, programs run on cores that no other program uses.
    """

    slug: str
    kind: str
    title: Words
    state: PhaseState
    starts_at: datetime
    ends_at: datetime
    private_from: datetime
    daily_limit: int
    total_limit: int
    rejected_counts: bool
    limits: dict[str, float]
    logs: Literal["full", "tail", "error-class"]
    alone: bool

    @classmethod
    def of(cls, view: PhaseView, task: Task) -> Self:
        """What the rail shows, and the limits."""
        phase: Phase = view.phase
        kept = {name: getattr(phase, name) for name in cls.model_fields.keys() - {"state", "limits"}}
        return cls(state=view.state, limits=in_force(task, phase), **kept)


class MetricOut(BaseModel):
    """A score of the task; the first one ranks. What is measured has a ``unit``: s, bytes or rows/s."""

    name: str
    metric: str
    direction: Literal["higher", "lower"]
    low: float | None
    high: float | None
    unit: str

    @classmethod
    def of(cls, column: evaluators.ScoreColumn) -> Self:
        """A column of the board."""
        return cls(
            name=column.name,
            metric=column.metric,
            direction=column.direction,
            low=column.low,
            high=column.high,
            unit=column.unit,
        )


class TaskOut(BaseModel):
    """A task as the token's owner finds it; ``team`` is the one in which they take part.

    ``suffixes`` are the ends of names of what may be handed in; where ``runs_programs`` it is code with
    predict.py or run at its top. ``limits`` are those of the phase named in
    ``phase``. ``log_budget`` is how many bytes of its programs' output a team may see over all its
    submissions. ``validation`` is the open data file on which teams score
    themselves, and how they are compared; where a submission holds several files, for each the open data file
    in ``files``. Without validation data it is empty.
    """

    competition: str
    slug: str
    title: Words
    sponsor: Words
    prize: Words
    kind: Literal["predictions", "code"]
    statement: Words
    rules: Words
    agreement: Words
    team_size_max: int
    suffixes: list[str]
    runs_programs: bool
    limits: dict[str, float]
    log_budget: int
    metrics: list[MetricOut]
    validation: dict[str, Any]
    phases: list[PhaseOut]
    phase: str
    teams: int
    countries: int
    team: str | None
    url: str

    @classmethod
    def of_stage(cls, stage: Stage) -> Self:
        """What the task's pages show."""
        same = ("slug", "title", "sponsor", "prize", "kind", "statement", "rules", "agreement")
        return cls(
            competition=stage.competition.slug,
            **{name: getattr(stage.task, name) for name in same},
            team_size_max=stage.task.team_size_max,
            suffixes=list(suffixes(stage.task)),
            runs_programs=takes_programs(stage.task),
            limits=stage.limits,
            log_budget=stage.task.log_budget,
            metrics=[MetricOut.of(column) for column in stage.columns],
            validation=_validation(stage.task),
            phases=[PhaseOut.of(view, stage.task) for view in stage.phases],
            phase=stage.phase.slug,
            teams=stage.teams,
            countries=stage.countries,
            team=stage.team.name if stage.team else None,
            url=url_for("competitions.task", **stage.address, _external=True),
        )


def _validation(task: Task) -> dict[str, Any]:
    if not task.validation:
        return {}
    named = {"file": task.validation[""]} if "" in task.validation else {"files": task.validation}
    return {**named, "evaluation": task.evaluation}


class DataOut(BaseModel):
    """A file of open data; ``digest`` is its SHA-256."""

    id: int
    name: str
    description: Words
    size: int
    version: int
    digest: str
    since: datetime
    url: str

    @classmethod
    def of(cls, file: DataFile, competition: str, task: str) -> Self:
        """A row of the data page."""
        return cls(
            id=file.id,
            name=file.name,
            description=file.description,
            size=file.size,
            version=file.version,
            digest=file.digest,
            since=file.created_at,
            url=url_for(
                "competitions_api.download",
                competition=competition,
                task=task,
                data_id=file.id,
                _external=True,
            ),
        )
