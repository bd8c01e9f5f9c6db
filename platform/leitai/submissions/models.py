"""What teams hand in, the attempts at scoring it, and the scores that may be seen."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from leitai.accounts.models import Person
from leitai.competitions.models import Phase, Task
from leitai.db import Base, now
from leitai.teams.models import Team


class State(StrEnum):
    """Where a submission is. Rejected is the team's doing, failed is ours."""

    RECEIVED = "received"
    QUEUED = "queued"
    RUNNING = "running"
    SCORED = "scored"
    REJECTED = "rejected"
    FAILED = "failed"
    CANCELLED = "cancelled"


FINAL = frozenset({State.SCORED, State.REJECTED, State.FAILED, State.CANCELLED})


class Split(StrEnum):
    """Public or private part of the reference."""

    PUBLIC = "public"
    PRIVATE = "private"


class Submission(Base):
    """What a team hands in once. ``attempts`` counts the tries since it was queued last."""

    __tablename__ = "submissions"
    __table_args__ = (
        Index("ix_submissions_waiting", "state", "queued_at", "id"),
        Index("ix_submissions_quota", "phase_id", "team_id", "created_at"),
        Index("ix_submissions_of_team", "task_id", "team_id", "created_at"),
        Index("ix_submissions_newest", "task_id", "finished_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id"), index=True)
    phase_id: Mapped[int] = mapped_column(ForeignKey("phases.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[str] = mapped_column(String(20))
    file_name: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    message: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[str] = mapped_column(String(10), default=State.RECEIVED)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=now)
    queued_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    # The run that counts: the newest one that ended with a verdict.
    run_id: Mapped[int | None] = mapped_column(
        ForeignKey("runs.id", use_alter=True, name="fk_submissions_run_id")
    )

    task: Mapped[Task] = relationship()
    phase: Mapped[Phase] = relationship()
    team: Mapped[Team] = relationship()
    person: Mapped[Person] = relationship()
    runs: Mapped[list["Run"]] = relationship(
        back_populates="submission", foreign_keys="Run.submission_id", order_by="Run.id"
    )
    run: Mapped["Run | None"] = relationship(foreign_keys=run_id, post_update=True)


class Run(Base):
    """One attempt at scoring a submission; a rescore is a new run.

    ``state`` is running, scored, rejected, failed or lost (its lease ran out). ``code`` and ``params`` are
    the message for the team, put into words by ``submissions.messages``. ``sealed`` holds the private scores:
    they do not leave this row before the phase's private board is shown. ``trouble`` is for operators and
    organizers.

    ``stdout`` and ``log`` (the error output) are what the team may see of its program's words, by the phase's
    policy; ``log_bytes`` is their size, and ``log_cut`` says that the team's budget kept some of it back.
    ``tails`` holds the end of both, for organizers alone.

    ``replicates`` are what resamples say of the public score that ranks, packed as the evaluator does; nobody
    is ever sent them. What is said of the private scores is sealed as these are.

    ``figures`` are made of the public split alone, in the form of ``evaluators.figures.kinds``.
    """

    __tablename__ = "runs"
    __table_args__ = (
        Index("ix_runs_lease", "state", "lease_expires_at"),
        Index("ix_runs_cost", "submission_id", "state", "cpu_s"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    attempt: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default=State.RUNNING)
    stage: Mapped[str] = mapped_column(String(20), default="claimed")
    worker: Mapped[str] = mapped_column(String(120))
    lease: Mapped[str] = mapped_column(String(43), unique=True)
    lease_expires_at: Mapped[datetime]
    started_at: Mapped[datetime] = mapped_column(default=now)
    predicted_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    code: Mapped[str] = mapped_column(String(40), default="")
    params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    stages: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    wall_s: Mapped[float | None]
    cpu_s: Mapped[float | None]
    peak_memory_bytes: Mapped[int | None]
    output_bytes: Mapped[int | None]
    stdout: Mapped[str] = mapped_column(default="")
    log: Mapped[str] = mapped_column(default="")
    log_bytes: Mapped[int] = mapped_column(default=0)
    log_cut: Mapped[bool] = mapped_column(default=False)
    tails: Mapped[dict[str, str]] = mapped_column(default=dict, deferred=True)
    trouble: Mapped[str] = mapped_column(default="")
    receipt: Mapped[dict[str, Any]] = mapped_column(default=dict)
    sealed: Mapped[dict[str, float]] = mapped_column(default=dict, deferred=True)
    replicates: Mapped[bytes | None] = mapped_column(deferred=True)
    sealed_replicates: Mapped[bytes | None] = mapped_column(deferred=True)
    sealed_intervals: Mapped[dict[str, Any]] = mapped_column(default=dict, deferred=True)
    figures: Mapped[list[dict[str, Any]]] = mapped_column(default=list, deferred=True)

    submission: Mapped[Submission] = relationship(back_populates="runs", foreign_keys=submission_id)
    scores: Mapped[list["Score"]] = relationship(back_populates="run", order_by="Score.id")


class Score(Base):
    """One metric's value on one split, with the ends of its interval where it has one.

    Private rows are written when the private board is shown.
    """

    __tablename__ = "scores"
    __table_args__ = (UniqueConstraint("run_id", "split", "metric"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"))
    split: Mapped[str] = mapped_column(String(10))
    metric: Mapped[str] = mapped_column(String(60))
    value: Mapped[float]
    low: Mapped[float | None]
    high: Mapped[float | None]

    run: Mapped[Run] = relationship(back_populates="scores")
