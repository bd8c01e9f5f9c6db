"""People and the tokens that their programs sign in with."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from leitai.db import Base, now


class Person(Base):
    """Somebody with an account. The e-mail is kept in lower case, so that it is theirs alone."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    password_hash: Mapped[str] = mapped_column(String(255))
    country: Mapped[str] = mapped_column(String(2), default="")
    language: Mapped[str] = mapped_column(String(5), default="")
    is_operator: Mapped[bool] = mapped_column(default=False)
    # Part of every session cookie: a new one signs the person out everywhere.
    session_key: Mapped[str] = mapped_column(String(43))
    created_at: Mapped[datetime] = mapped_column(default=now)
    confirmed_at: Mapped[datetime | None]

    tokens: Mapped[list["Token"]] = relationship(back_populates="person", cascade="all, delete-orphan")


class Token(Base):
    """A bearer token for the API; only its SHA-256 is kept."""

    __tablename__ = "tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(back_populates="tokens")
