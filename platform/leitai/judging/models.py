"""What judges rule on places, and the final lists that they sign."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from leitai.accounts.models import Person
from leitai.competitions.models import Phase
from leitai.db import Base, now
from leitai.teams.models import Team


class Decision(StrEnum):
    """What a judge says of a team's place."""

    CONFIRMED = "confirmed"
    CONTESTED = "contested"


class Ruling(Base):
    """A judge's word on the place of one team; a judge's newest counts, the older ones stay on record."""

    __tablename__ = "rulings"

    id: Mapped[int] = mapped_column(primary_key=True)
    phase_id: Mapped[int] = mapped_column(ForeignKey("phases.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    judge_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    decision: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(2000))
    at: Mapped[datetime] = mapped_column(default=now)

    phase: Mapped[Phase] = relationship()
    team: Mapped[Team] = relationship()
    judge: Mapped[Person] = relationship()


class Signature(Base):
    """A judge's signature under the final list of a phase; ``rows`` is the list as it was signed.

    A list that changed is signed anew; the older signature stays on record.
    """

    __tablename__ = "signatures"
    __table_args__ = (UniqueConstraint("phase_id", "judge_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    phase_id: Mapped[int] = mapped_column(ForeignKey("phases.id"))
    judge_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    rows: Mapped[list[dict[str, Any]]]
    digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(default=now)

    judge: Mapped[Person] = relationship()
