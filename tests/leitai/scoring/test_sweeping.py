"""The sweeper returns what was lost, wakes, shows boards that are due, and clears; with a real broker."""

import subprocess
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from leitai import db, queues
from leitai.competitions.models import Phase
from leitai.scoring import jobs, service
from leitai.scoring.models import Worker
from leitai.scoring.sweeping import Sweeper
from leitai.settings import Settings
from leitai.submissions.models import State, Submission
from tests.leitai.factories import make_phase, make_run, make_submission
from tests.leitai.scoring.doubles import ENGINE, ToldSandbox


def test_a_run_whose_worker_died_is_queued_again_and_somebody_is_woken(
    database: Settings, broker: object
) -> None:
    with db.transaction() as session:
        submission = make_submission(session, state=State.RUNNING, attempts=1)
        make_run(session, submission, lease_expires_at=db.now() - timedelta(seconds=1))
    found = Sweeper(ToldSandbox(), database).sweep()
    assert found["lost runs returned"] == 1
    assert found["workers woken"] == 1
    assert queues.scoring_queue().count == 1
    with db.reading() as session:
        assert session.get_one(Submission, submission.id).state == State.QUEUED


def test_as_many_jobs_as_workers_can_use_and_no_more(database: Settings, broker: object) -> None:
    with db.transaction() as session:
        session.add_all(Worker(name=name) for name in "abc")
        session.add(Worker(name="gone", seen_at=db.now() - timedelta(minutes=2)))
        phase = make_phase(session)
        for _ in range(5):
            make_submission(session, phase)
    sweeper = Sweeper(ToldSandbox(), database)
    assert sweeper.sweep()["workers woken"] == 3
    assert sweeper.sweep()["workers woken"] == 0
    assert queues.scoring_queue().count == 3


def test_a_broker_that_is_down_stops_no_other_step(
    database: Settings, broker: "subprocess.Popen[bytes]"
) -> None:
    with db.transaction() as session:
        submission = make_submission(session, state=State.RUNNING, attempts=1)
        make_run(session, submission, lease_expires_at=db.now() - timedelta(seconds=1))
    broker.kill()
    broker.wait()
    found = Sweeper(ToldSandbox(), database).sweep()
    assert (found["lost runs returned"], found["workers woken"]) == (1, 0)
    with db.reading() as session:
        assert session.get_one(Submission, submission.id).state == State.QUEUED


def test_a_private_board_that_is_due_is_shown(database: Settings, broker: object) -> None:
    past = db.now() - timedelta(hours=1)
    with db.transaction() as session:
        due = make_phase(session, ends_at=past, private_from=past)
        later = make_phase(session)
    assert Sweeper(ToldSandbox(), database).sweep()["private boards shown"] == 1
    with db.reading() as session:
        assert session.get_one(Phase, due.id).revealed_at is not None
        assert session.get_one(Phase, later.id).revealed_at is None


def test_strays_are_cleared_now_and_then_and_workers_long_gone_forgotten(
    database: Settings, broker: object
) -> None:
    with db.transaction() as session:
        session.add(Worker(name="long gone", seen_at=db.now() - timedelta(hours=1)))
        session.add(Worker(name="gone", seen_at=db.now() - timedelta(minutes=2)))
    sandbox = ToldSandbox()
    sweeper = Sweeper(sandbox, database)
    for _ in range(6):
        sweeper.sweep()
    assert len(sandbox.cleared) == 2
    with db.reading() as session:
        assert session.scalars(select(Worker.name)).all() == ["gone"]


def test_a_step_that_fails_keeps_no_other_from_its_turn(
    database: Settings, broker: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> int:
        raise OperationalError("x", {}, Exception())

    with db.transaction() as session:
        make_submission(session)
    monkeypatch.setattr(service, "return_lost", broken)
    found = Sweeper(ToldSandbox(), database).sweep()
    assert (found["lost runs returned"], found["workers woken"]) == (None, 1)


def test_nothing_waiting_wakes_nobody(database: Settings, broker: object) -> None:
    assert jobs.wake_for_waiting(5) == 0
    assert queues.scoring_queue().count == 0


def test_containers_that_wait_go_when_the_last_worker_was_killed(database: Settings, broker: object) -> None:
    with db.transaction() as session:
        session.add(Worker(name="gone", seen_at=db.now() - timedelta(minutes=2)))
    sandbox = ToldSandbox()
    Sweeper(sandbox, database).sweep()
    assert sandbox.drained == 1
    with db.transaction() as session:
        session.add(Worker(name="elsewhere", engine={"id": "another engine"}))
    Sweeper(sandbox, database).sweep()
    assert sandbox.drained == 2
    with db.transaction() as session:
        session.add(Worker(name="alive", engine={"id": ENGINE}))
    Sweeper(sandbox, database).sweep()
    assert sandbox.drained == 2
