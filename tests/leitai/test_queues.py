"""The seam to the broker, with a real Valkey."""

import subprocess
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from leitai import db, queues
from leitai.accounts.models import Person
from leitai.launch import valkey
from leitai.settings import Settings
from tests.leitai.factories import make_person


@pytest.fixture
def broker(database: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server of this test's own, on a socket."""
    command = valkey.prepare(database)
    monkeypatch.setenv("LEITAI_REDIS_URL", f"unix://{valkey.socket_place(database)}")
    server = subprocess.Popen(command)
    queues.load_settings.cache_clear()
    queues.broker.cache_clear()
    until = time.monotonic() + 10
    while not valkey.socket_place(database).exists() and time.monotonic() < until:
        time.sleep(0.02)
    yield
    server.kill()
    server.wait()


def waiting() -> int:
    return queues.scoring_queue().count


@pytest.mark.usefixtures("broker")
def test_a_job_names_the_work_and_no_submission() -> None:
    queues.wake()
    (job,) = queues.scoring_queue().jobs
    assert job.func_name == "leitai.scoring.jobs.score_next"
    assert job.args == ()
    assert job.kwargs == {}


@pytest.mark.usefixtures("broker")
def test_workers_are_woken_only_once_the_transaction_is_in_the_database() -> None:
    with db.transaction() as session:
        queues.wake_after_commit(session)
        make_person(session)
        assert waiting() == 0
    assert waiting() == 1


@pytest.mark.usefixtures("broker")
def test_a_transaction_that_queues_three_wakes_three_times() -> None:
    with db.transaction() as session:
        for _ in range(3):
            queues.wake_after_commit(session)
        make_person(session)
    assert waiting() == 3


@pytest.mark.usefixtures("broker")
def test_what_is_rolled_back_wakes_nobody() -> None:
    def fail() -> None:
        with db.transaction() as session:
            queues.wake_after_commit(session)
            make_person(session)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert waiting() == 0


def test_a_broker_that_is_down_is_told_and_loses_nothing(database: Settings) -> None:
    with capture_logs() as logs, db.transaction() as session:
        for _ in range(3):
            queues.wake_after_commit(session)
        make_person(session, email="kept@example.org")
    assert [row["event"] for row in logs] == ["broker unreachable, the sweeper will wake the workers"]
    with db.reading() as session:
        assert session.scalars(select(Person.email)).all() == ["kept@example.org"]
