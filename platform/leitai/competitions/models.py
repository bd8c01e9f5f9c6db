"""Competition, track, task, phase and their data; entries and who downloaded what.

Texts that people read are kept in both languages: ``{"en": …, "zh": …}``.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from leitai.accounts.models import Person
from leitai.db import Base, now
from leitai.teams.models import Team


class Kind(StrEnum):
    """What teams hand in for a task."""

    PREDICTIONS = "predictions"
    CODE = "code"


class Role(StrEnum):
    """What a data file is for."""

    OPEN = "open"
    INPUT = "input"
    REFERENCE = "reference"
    IMAGE = "image"
    PROGRAM = "program"
    INGESTION = "ingestion"


class Logs(StrEnum):
    """How much of what its program wrote a team sees after a run."""

    FULL = "full"
    TAIL = "tail"
    ERROR_CLASS = "error-class"


class Competition(Base):
    """One edition of the event, with its dates."""

    __tablename__ = "competitions"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[dict[str, str]]
    summary: Mapped[dict[str, str]]
    place: Mapped[dict[str, str]]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]

    tracks: Mapped[list["Track"]] = relationship(back_populates="competition", order_by="Track.position")
    organizers: Mapped[list[Person]] = relationship(secondary="organizers")


class Organizer(Base):
    """A person who runs a competition."""

    __tablename__ = "organizers"

    competition_id: Mapped[int] = mapped_column(ForeignKey("competitions.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)


class Track(Base):
    """A theme inside a competition."""

    __tablename__ = "tracks"
    __table_args__ = (UniqueConstraint("competition_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    competition_id: Mapped[int] = mapped_column(ForeignKey("competitions.id"))
    slug: Mapped[str] = mapped_column(String(60))
    title: Mapped[dict[str, str]]
    position: Mapped[int] = mapped_column(default=0)

    competition: Mapped[Competition] = relationship(back_populates="tracks")
    tasks: Mapped[list["Task"]] = relationship(back_populates="track", order_by="Task.position")


class Task(Base):
    """One problem, set by a sponsor: statement, open data, hidden data, evaluator.

    ``evaluation`` is what ``evaluators.validate`` takes; ``limits`` is read by ``competitions.limits``.
    ``log_budget`` is how many bytes of their programs' output a team may see over all its submissions.
    ``preload`` is what interpreters import before a program comes; the usual libraries when it is empty.
    ``validation`` names the open data by which teams score themselves, for each file of a submission
    or, where that is one table, under no name.
    """

    __tablename__ = "tasks"
    __table_args__ = (UniqueConstraint("competition_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    competition_id: Mapped[int] = mapped_column(ForeignKey("competitions.id"))
    track_id: Mapped[int] = mapped_column(ForeignKey("tracks.id"), index=True)
    slug: Mapped[str] = mapped_column(String(60))
    position: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[dict[str, str]]
    sponsor: Mapped[dict[str, str]]
    prize: Mapped[dict[str, str]]
    statement: Mapped[dict[str, str]]
    rules: Mapped[dict[str, str]]
    agreement: Mapped[dict[str, str]]
    evaluation: Mapped[dict[str, Any]]
    limits: Mapped[dict[str, Any]]
    log_budget: Mapped[int] = mapped_column(default=1_000_000)
    preload: Mapped[list[str]] = mapped_column(default=list)
    team_size_max: Mapped[int] = mapped_column(default=5)
    validation: Mapped[dict[str, str]] = mapped_column(default=dict)

    competition: Mapped[Competition] = relationship()
    track: Mapped[Track] = relationship(back_populates="tasks")
    phases: Mapped[list["Phase"]] = relationship(back_populates="task", order_by="Phase.position")
    data: Mapped[list["DataFile"]] = relationship(back_populates="task", order_by="DataFile.id")
    judges: Mapped[list[Person]] = relationship(secondary="judges")


class Judge(Base):
    """A person who reviews the finalists of a task."""

    __tablename__ = "judges"

    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)


class Phase(Base):
    """A period of a task with its own data, limits and board.

    ``advance`` says who goes on: ``{"share": 0.2, "most": 60}``, or nothing. ``revealed_at`` is set once,
    when the private board has been written after ``private_from``. ``limits`` holds those that differ from
    the task's. In a phase that ranks by speed, programs run ``alone`` on their cores.
    """

    __tablename__ = "phases"
    __table_args__ = (UniqueConstraint("task_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id"))
    slug: Mapped[str] = mapped_column(String(60))
    position: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[dict[str, str]]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    private_from: Mapped[datetime]
    revealed_at: Mapped[datetime | None]
    daily_limit: Mapped[int]
    total_limit: Mapped[int]
    rejected_counts: Mapped[bool] = mapped_column(default=False)
    advance: Mapped[dict[str, Any]] = mapped_column(default=dict)
    limits: Mapped[dict[str, Any]] = mapped_column(default=dict)
    logs: Mapped[str] = mapped_column(String(12), default=Logs.ERROR_CLASS)
    alone: Mapped[bool] = mapped_column(default=False)

    task: Mapped[Task] = relationship(back_populates="phases")


class DataFile(Base):
    """One version of a file of a task, kept in the artefact store under its digest.

    Open data belongs to the task; hidden input and reference belong to a phase and are tar archives. An
    image for a task's programs belongs to the task; only workers get it, and its name says what it is. So do
    the program that evaluates and the one that ingests, which are tars. A changed file is a new row with the
    next version; the old row keeps ``retired_at``.
    """

    __tablename__ = "data_files"
    __table_args__ = (Index("ix_data_files_current", "task_id", "phase_id", "role", "retired_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id"))
    phase_id: Mapped[int | None] = mapped_column(ForeignKey("phases.id"))
    role: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[dict[str, str]] = mapped_column(default=dict)
    digest: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=now)
    retired_at: Mapped[datetime | None]

    task: Mapped[Task] = relationship(back_populates="data")


class Entry(Base):
    """A team registered for a task, with the digests of the rules and the data agreement it accepted."""

    __tablename__ = "entries"
    __table_args__ = (UniqueConstraint("task_id", "team_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    entered_at: Mapped[datetime] = mapped_column(default=now)
    rules_digest: Mapped[str] = mapped_column(String(64))
    agreement_digest: Mapped[str] = mapped_column(String(64))

    task: Mapped[Task] = relationship()
    team: Mapped[Team] = relationship()


class EntryMember(Base):
    """Whoever takes part in a task. The row stays when the person leaves: one task, one team, for good."""

    __tablename__ = "entry_members"
    __table_args__ = (UniqueConstraint("task_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), index=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)


class Download(Base):
    """Somebody took one version of an open data file."""

    __tablename__ = "downloads"

    id: Mapped[int] = mapped_column(primary_key=True)
    data_file_id: Mapped[int] = mapped_column(ForeignKey("data_files.id"), index=True)
    version: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entries.id"))
    at: Mapped[datetime] = mapped_column(default=now)
