"""The seam to the database: SQLite in WAL mode or PostgreSQL, one session factory for every process."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any, ClassVar

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Connection, DateTime, Engine, MetaData, Select, create_engine, event
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

from leitai.settings import load_settings

# Stable names let a migration drop what an earlier one made, on either database.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(TypeDecorator[datetime]):
    """A point in time, stored in UTC; a time without a zone is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 SQLAlchemy's signature
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 SQLAlchemy's signature
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """What every table stands on."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Moment(),
        dict[str, Any]: JSON(),
        dict[str, str]: JSON(),
        dict[str, float]: JSON(),
        list[str]: JSON(),
        list[dict[str, Any]]: JSON(),
    }


def now() -> datetime:
    """This moment, in UTC; tests replace it here."""
    return datetime.now(UTC)


def make_engine(url: str) -> Engine:
    """An engine; on SQLite a writing transaction begins with the write lock, so that none fails half-way."""
    # Errors are logged, and shown to organizers: without the values, for sealed scores are among them.
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)
    wait = {"timeout": 30, "check_same_thread": False}
    engine = create_engine(url, connect_args=wait, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _prepare_sqlite(connection: Any, record: object) -> None:  # noqa: ARG001 SQLAlchemy's signature
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")


@cache
def engine() -> Engine:
    """The engine of this process."""
    settings = load_settings()
    if not settings.database_url:
        settings.path("").mkdir(parents=True, exist_ok=True)
    return make_engine(settings.database)


@cache
def factory() -> sessionmaker[Session]:
    """The one session factory."""
    return sessionmaker(engine(), expire_on_commit=False)


@contextmanager
def transaction() -> Iterator[Session]:
    """A session that commits at the end, or rolls everything back."""
    with factory().begin() as session:
        yield session


@contextmanager
def reading() -> Iterator[Session]:
    """A session that only reads; on SQLite it waits for no writer."""
    with factory()() as session:
        session.connection(execution_options={"reading": True})
        yield session


def lock(session: Session, rows: Select[Any], given: dict[str, Any]) -> None:
    """Let nobody else write these rows before the commit; on SQLite a writing transaction has them all."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(rows, given)


def migration_config(connection: Any = None) -> Config:
    """Alembic's settings; the connection is passed, for a URL as text gets percent signs wrong."""
    config = Config()
    config.set_main_option("script_location", str(files("leitai") / "migrations"))
    config.attributes["connection"] = connection
    return config


def migrate() -> str:
    """Bring the database to the newest revision and name it."""
    with engine().connect() as connection:
        command.upgrade(migration_config(connection), "head")
        connection.commit()
    return current_revision() or ""


def current_revision() -> str | None:
    """The revision that the database is at; None for an empty one."""
    with engine().connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str | None:
    """The revision that this code expects."""
    return ScriptDirectory.from_config(migration_config()).get_current_head()
