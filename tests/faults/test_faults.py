"""Whatever dies in the middle of a run: it is scored once, and nothing is lost or left behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from leitai import db
from leitai.competitions.models import Phase
from leitai.launch import engine
from leitai.leaderboards.models import Standing
from leitai.submissions.models import Score
from tests.faults.conftest import Installation, wait_for

pytestmark = pytest.mark.engine


def scored_once(installation: Installation) -> None:
    """One run was scored, its scores are there once, and no container is left."""
    runs = installation.runs()
    assert [run.state for run in runs].count("scored") == 1
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Score)) == 2
        assert session.scalar(select(func.count()).select_from(Standing)) == 2
    wait_for(lambda: not installation.at_work(), 30)


def test_a_worker_killed_in_the_middle_of_a_run_loses_nothing(
    installation: Installation, phase: Phase
) -> None:
    installation.start("sweeper")
    first = installation.start("worker")
    installation.submit(phase, 3)
    wait_for(installation.predicting)
    installation.kill(first)
    installation.start("worker")
    wait_for(lambda: installation.states() == ["scored"])
    assert [run.state for run in installation.runs()] == ["lost", "scored"]
    assert [run.attempt for run in installation.runs()] == [1, 2]
    scored_once(installation)


def test_a_dead_workers_container_ends_before_anybody_sweeps(
    installation: Installation, phase: Phase
) -> None:
    worker = installation.start("worker")
    installation.submit(phase, 60)
    wait_for(installation.predicting)
    installation.kill(worker)
    wait_for(lambda: not [one for one in installation.containers() if "leitai.lease" in one.labels
                          and one.status == "running"], 10)  # fmt: skip
    assert installation.states() == ["running"]


def test_a_supervisor_killed_in_the_middle_of_a_run_is_ours_and_the_run_is_tried_again(
    installation: Installation, phase: Phase
) -> None:
    installation.start("sweeper")
    worker = installation.start("worker")
    wait_for(installation.warm)
    installation.submit(phase, 2)
    (running,) = wait_for(lambda: installation.predicting() and installation.at_work())
    running.kill()
    wait_for(lambda: installation.states() == ["scored"])
    assert [(run.state, run.attempt) for run in installation.runs()] == [("failed", 1), ("scored", 2)]
    assert worker.poll() is None
    scored_once(installation)


def test_a_worker_killed_with_warm_containers_leaves_them_to_the_next(
    installation: Installation, phase: Phase
) -> None:
    first = installation.start("worker")
    before = {one.id for one in wait_for(installation.warm)}
    installation.kill(first)
    second = installation.start("worker")
    installation.submit(phase, 0)
    wait_for(lambda: installation.states() == ["scored"])
    # The one that scores lasts; it was taken over, not made anew.
    assert before & {one.id for one in installation.containers()}
    installation.kill(second)
    installation.start("sweeper")
    wait_for(lambda: not installation.containers(), 30)


def test_a_worker_frozen_longer_than_its_lease_comes_too_late(
    installation: Installation, phase: Phase
) -> None:
    installation.start("sweeper")
    first = installation.start("worker")
    installation.submit(phase, 2)
    wait_for(installation.predicting)
    os.killpg(first.pid, signal.SIGSTOP)
    installation.start("worker")
    wait_for(lambda: installation.states() == ["scored"])
    os.killpg(first.pid, signal.SIGCONT)
    installation.submit(phase, 0)
    wait_for(lambda: installation.states() == ["scored"] * 2)
    assert [run.state for run in installation.runs()] == ["lost", "scored", "scored"]
    assert first.poll() is None
    wait_for(lambda: not installation.at_work(), 30)


def test_a_broker_killed_in_the_middle_of_a_run_loses_nothing(
    installation: Installation, phase: Phase
) -> None:
    broker = installation.broker
    installation.start("sweeper")
    worker = installation.start("worker")
    installation.submit(phase, 2)
    wait_for(installation.predicting)
    broker.kill()
    broker.wait()
    installation.submit(phase, 0)
    wait_for(lambda: installation.states() == ["scored"] * 2)
    installation.start_broker()
    installation.submit(phase, 0)
    wait_for(lambda: installation.states() == ["scored"] * 3)
    assert [run.state for run in installation.runs()] == ["scored"] * 3
    assert worker.poll() is None


def test_a_broker_that_hangs_only_makes_scores_later(installation: Installation, phase: Phase) -> None:
    installation.start("sweeper")
    worker = installation.start("worker")
    installation.submit(phase, 0)
    wait_for(lambda: installation.states() == ["scored"])
    installation.broker.send_signal(signal.SIGSTOP)
    installation.submit(phase, 0)
    wait_for(lambda: installation.states() == ["scored"] * 2)
    installation.broker.send_signal(signal.SIGCONT)
    installation.submit(phase, 0)
    wait_for(lambda: installation.states() == ["scored"] * 3)
    assert [run.state for run in installation.runs()] == ["scored"] * 3
    assert worker.poll() is None


def test_a_worker_asked_to_end_gives_its_run_back_and_leaves_no_container(
    installation: Installation, phase: Phase
) -> None:
    worker = installation.start("worker")
    installation.submit(phase, 20)
    wait_for(installation.predicting)
    worker.terminate()
    assert worker.wait(5) == 0
    assert installation.states() == ["queued"]
    assert [(run.state, run.attempt) for run in installation.runs()] == [("lost", 1)]
    assert installation.containers() == []


def test_an_engine_that_goes_away_and_comes_back_burns_no_attempt(
    installation: Installation, phase: Phase, cut: Path
) -> None:
    def lay() -> "subprocess.Popen[bytes]":
        cut.unlink(missing_ok=True)
        real = engine.address(installation.settings).removeprefix("unix://")
        way = installation.keep(
            subprocess.Popen([sys.executable, str(Path(__file__).with_name("way.py")), str(cut), real])
        )
        wait_for(cut.exists, 10)
        return way

    way = lay()
    host = f"unix://{cut}"
    installation.start("sweeper", LEITAI_SANDBOX__DOCKER_HOST=host)
    worker = installation.start("worker", LEITAI_SANDBOX__DOCKER_HOST=host)
    installation.submit(phase, 3)
    wait_for(installation.predicting)
    way.kill()
    way.wait()
    wait_for(lambda: installation.states() == ["queued"])
    lay()
    wait_for(lambda: installation.states() == ["scored"])
    assert [(run.state, run.attempt) for run in installation.runs()] == [("lost", 1), ("scored", 1)]
    assert worker.poll() is None
    scored_once(installation)
