"""The seam to the database, on SQLite and on PostgreSQL."""

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, StatementError

from leitai import db
from leitai.accounts.models import Person
from leitai.migrations.tables import metadata
from leitai.settings import Settings
from tests.leitai.factories import make_person


def test_the_migrations_make_exactly_the_tables_of_the_models(both_databases: Settings) -> None:
    with db.engine().connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    assert db.current_revision() == db.newest_revision()


def test_a_time_comes_back_in_utc_whatever_zone_it_was_given_in(both_databases: Settings) -> None:
    guangzhou = timezone(timedelta(hours=8))
    with db.transaction() as session:
        at = datetime(2026, 3, 1, 9, 0, tzinfo=guangzhou)
        number = make_person(session, created_at=at).id
    with db.reading() as session:
        found = session.get_one(Person, number).created_at
    assert found == datetime(2026, 3, 1, 1, 0, tzinfo=UTC)
    assert found.utcoffset() == timedelta(0)


def test_a_time_without_a_zone_is_refused(both_databases: Settings) -> None:
    with pytest.raises(StatementError, match="without a zone"), db.transaction() as session:
        make_person(session, created_at=datetime(2026, 3, 1, 9, 0))  # noqa: DTZ001 the fault under test


def test_an_error_in_a_transaction_leaves_nothing(both_databases: Settings) -> None:
    def fail() -> None:
        with db.transaction() as session:
            make_person(session, email="gone@example.org")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with db.reading() as session:
        assert session.scalar(select(Person).where(Person.email == "gone@example.org")) is None


def test_a_reader_waits_for_no_writer(both_databases: Settings) -> None:
    reached, release = threading.Event(), threading.Event()

    def write() -> None:
        with db.transaction() as session:
            make_person(session, email="slow@example.org")
            reached.set()
            release.wait(10)

    writer = threading.Thread(target=write)
    writer.start()
    assert reached.wait(10)
    with db.reading() as session:
        assert session.scalar(select(Person).where(Person.email == "slow@example.org")) is None
    release.set()
    writer.join()
    with db.reading() as session:
        assert session.scalar(select(Person.email).where(Person.email == "slow@example.org"))


def test_writers_of_one_database_wait_for_each_other_and_lose_nothing(both_databases: Settings) -> None:
    def write(number: int) -> None:
        with db.transaction() as session:
            make_person(session, email=f"writer{number}@example.org")

    writers = [threading.Thread(target=write, args=(number,)) for number in range(16)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with db.reading() as session:
        assert len(session.scalars(select(Person)).all()) == 16


def test_an_error_tells_no_values(both_databases: Settings) -> None:
    with db.transaction() as session:
        make_person(session, email="twice@example.org")
    with pytest.raises(IntegrityError) as caught, db.transaction() as session:
        make_person(session, email="twice@example.org", password_hash="a sealed value")
    assert "a sealed value" not in str(caught.value)
