"""Teams, their members and the invitations to them."""

import unicodedata
from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship

from leitai.accounts.models import Person
from leitai.db import Base, now


def essence(name: str) -> str:
    """What two names share that nobody could tell apart: without case, width and spaces."""
    folded = "".join(unicodedata.normalize("NFKC", name).casefold().split())
    # Once more while it changes: without a space between them, a letter and an accent become one sign.
    return folded if folded == name else essence(folded)


def _essence_of_row(context: DefaultExecutionContext) -> str:
    return essence(context.current_parameters["name"])  # type: ignore[index]  # filled while inserting


class Team(Base):
    """Who takes part; one person is a team of one. ``essence`` keeps names apart that look the same."""

    __tablename__ = "teams"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    # NFKC may make eighteen signs of one.
    essence: Mapped[str] = mapped_column(String(1440), unique=True, default=_essence_of_row)
    country: Mapped[str] = mapped_column(String(2))
    affiliation: Mapped[str] = mapped_column(String(120), default="")
    captain_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)

    captain: Mapped[Person] = relationship()
    memberships: Mapped[list["Membership"]] = relationship(
        back_populates="team", cascade="all, delete-orphan", order_by="Membership.id"
    )
    invitations: Mapped[list["Invitation"]] = relationship(
        back_populates="team", cascade="all, delete-orphan", order_by="Invitation.id"
    )


class Membership(Base):
    """A person in a team; the captain is a member too."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("team_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    joined_at: Mapped[datetime] = mapped_column(default=now)

    team: Mapped[Team] = relationship(back_populates="memberships")
    person: Mapped[Person] = relationship()


class Invitation(Base):
    """A way into a team: for one e-mail address, or for whoever has the link while it is valid."""

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"), index=True)
    email: Mapped[str | None] = mapped_column(String(254))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    team: Mapped[Team] = relationship(back_populates="invitations")
