"""A worker is woken by the broker; without one it finds the work itself, and a signal ends it at once."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select

from leitai import db, queues
from leitai.scoring import jobs, listening
from leitai.settings import Settings
from leitai.submissions.models import Run, State, Submission
from sandbox.job import Job
from tests.leitai.scoring.conftest import make_scorer
from tests.leitai.scoring.doubles import ToldSandbox


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    """The handlers of the test run come back."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


def states() -> list[str]:
    with db.reading() as session:
        return list(session.scalars(select(Submission.state).order_by(Submission.id)))


def tell_to_stop_when(condition: Callable[[], bool]) -> None:
    def watch() -> None:
        until = time.monotonic() + 15
        while not condition() and time.monotonic() < until:
            time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


def test_a_burst_scores_all_that_waits_though_one_job_woke_it(
    database: Settings, broker: object, waits: Callable[[], int]
) -> None:
    for _ in range(3):
        waits()
    queues.wake()
    listening.serve(make_scorer(database, ToldSandbox()), burst=True)
    assert states() == [State.SCORED] * 3
    assert queues.scoring_queue().count == 0


def test_without_a_broker_the_database_is_looked_into(database: Settings, number: int) -> None:
    listening.serve(make_scorer(database, ToldSandbox()), burst=True)
    assert states() == [State.SCORED]


def test_a_worker_without_broker_polls_until_told_to_stop(
    database: Settings, waits: Callable[[], int]
) -> None:
    threading.Timer(0.5, waits).start()
    tell_to_stop_when(lambda: states() == [State.SCORED])
    listening.serve(make_scorer(database, ToldSandbox()), burst=False)
    assert states() == [State.SCORED]


def test_a_broker_that_dies_while_a_worker_waits_costs_nothing(
    database: Settings, broker: "subprocess.Popen[bytes]", waits: Callable[[], int]
) -> None:
    def die() -> None:
        broker.kill()
        broker.wait()
        waits()

    threading.Timer(0.7, die).start()
    tell_to_stop_when(lambda: states() == [State.SCORED])
    listening.serve(make_scorer(database, ToldSandbox()), burst=False)
    assert states() == [State.SCORED]


def test_a_broker_that_dies_during_a_run_costs_nothing(
    database: Settings, broker: "subprocess.Popen[bytes]", waits: Callable[[], int]
) -> None:
    for _ in range(2):
        waits()
    queues.wake()

    def die(job: Job) -> None:
        broker.kill()
        broker.wait()

    tell_to_stop_when(lambda: states() == [State.SCORED] * 2)
    listening.serve(make_scorer(database, ToldSandbox(during=die)), burst=False)
    assert states() == [State.SCORED] * 2
    with db.reading() as session:
        assert len(session.scalars(select(Run)).all()) == 2


def test_told_to_stop_in_the_middle_of_a_run_it_gives_the_work_back(
    database: Settings, broker: object, number: int
) -> None:
    queues.wake()
    sandbox = ToldSandbox(during=lambda _: time.sleep(30))
    tell_to_stop_when(lambda: bool(sandbox.jobs))
    began = time.monotonic()
    listening.serve(make_scorer(database, sandbox), burst=False)
    assert time.monotonic() - began < 5
    with db.reading() as session:
        found = session.get_one(Submission, number)
        assert (found.state, found.attempts) == (State.QUEUED, 0)


def test_told_to_stop_while_it_waits_it_ends_at_once(database: Settings, broker: object) -> None:
    scorer = make_scorer(database, ToldSandbox())
    threading.Timer(0.7, os.kill, (os.getpid(), signal.SIGTERM)).start()
    began = time.monotonic()
    listening.serve(scorer, burst=False)
    assert time.monotonic() - began < 5
    assert scorer.stopping


def test_one_job_is_enough_for_all_that_waits(
    database: Settings, broker: object, waits: Callable[[], int]
) -> None:
    for _ in range(3):
        waits()
    sandbox = ToldSandbox()
    make_scorer(database, sandbox)
    assert jobs.score_next() == "idle"
    assert len(sandbox.jobs) == 3


def test_no_more_jobs_are_queued_than_wake_all_workers(database: Settings, broker: object) -> None:
    for _ in range(queues.ENOUGH + 5):
        assert queues.wake()
    assert queues.scoring_queue().count == queues.ENOUGH
