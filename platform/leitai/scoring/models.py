"""What workers tell of themselves, and when each team was served last."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from leitai.db import Base, now


class Worker(Base):
    """A worker process, as it told of itself last: what it keeps of the pool is its own while it tells."""

    __tablename__ = "workers"

    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now, index=True)
    run_id: Mapped[int | None]
    runs_done: Mapped[int] = mapped_column(default=0)
    engine: Mapped[dict[str, Any]] = mapped_column(default=dict)
    disk: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Turn(Base):
    """When a team was served last, for the fair pick."""

    __tablename__ = "turns"

    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), primary_key=True)
    served_at: Mapped[datetime]
