"""A worker holds its lease, gives back what it could not do, and burns no attempt without an engine."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from leitai import db
from leitai.scoring import service, strays
from leitai.scoring.leases import LeaseKeeper
from leitai.scoring.models import Worker
from leitai.scoring.presence import Presence
from leitai.scoring.scorer import Said, Stopped
from leitai.settings import Settings
from leitai.submissions.models import Run, State, Submission
from sandbox.job import Job
from tests.leitai.scoring.conftest import make_scorer
from tests.leitai.scoring.doubles import ENGINE, ToldSandbox


def state(number: int) -> tuple[str, int]:
    with db.reading() as session:
        found = session.get_one(Submission, number)
        return found.state, found.attempts


def runs(number: int) -> list[Run]:
    with db.reading() as session:
        return list(session.scalars(select(Run).where(Run.submission_id == number).order_by(Run.id)))


def test_it_scores_what_waits_and_then_idles(database: Settings, number: int) -> None:
    scorer = make_scorer(database, ToldSandbox())
    assert scorer.score_next() == Said.DONE
    assert state(number)[0] == State.SCORED
    assert scorer.score_next() == Said.IDLE


@pytest.mark.parametrize("lacking", ["answers", "images"])
def test_without_an_engine_or_images_nothing_is_claimed(
    database: Settings, number: int, lacking: str
) -> None:
    scorer = make_scorer(database, ToldSandbox(**{lacking: False}))
    assert scorer.score_next() == Said.UNREADY
    assert state(number) == (State.QUEUED, 0)
    assert runs(number) == []


def test_an_engine_that_goes_away_in_the_middle_burns_no_attempt(database: Settings, number: int) -> None:
    sandbox = ToldSandbox(breaks=True)

    def die(job: Job) -> None:
        sandbox.answers = False

    sandbox.during = die
    scorer = make_scorer(database, sandbox)
    assert scorer.score_next() == Said.DONE
    assert scorer.score_next() == Said.UNREADY
    assert state(number) == (State.QUEUED, 0)
    sandbox.answers, sandbox.breaks, sandbox.during = True, False, lambda _: None
    assert scorer.score_next() == Said.DONE
    assert state(number) == (State.SCORED, 1)


def test_an_engine_that_is_there_and_fails_is_tried_three_times(database: Settings, number: int) -> None:
    scorer = make_scorer(database, ToldSandbox(breaks=True))
    assert [scorer.score_next() for _ in range(4)] == [Said.DONE] * 3 + [Said.IDLE]
    assert state(number)[0] == State.FAILED
    assert [run.trouble for run in runs(number)] == ["the engine broke"] * 3


def test_a_broken_evaluator_is_tried_three_times_and_told_to_organizers(
    database: Settings, number: int
) -> None:
    scorer = make_scorer(database, ToldSandbox(verdict=b"{}"))
    assert [scorer.score_next() for _ in range(4)] == [Said.DONE] * 3 + [Said.IDLE]
    assert state(number)[0] == State.FAILED
    assert "neither scores nor a rejection" in runs(number)[0].trouble
    assert runs(number)[0].stages[0]["stage"] == "scoring"


def test_a_fault_of_ours_is_given_back_and_the_worker_lives(database: Settings, number: int) -> None:
    sandbox = ToldSandbox()

    def fail(job: Job) -> None:
        raise ZeroDivisionError("oh")

    sandbox.during = fail
    assert make_scorer(database, sandbox).score_next() == Said.DONE
    assert (state(number)[0], runs(number)[0].trouble) == (State.QUEUED, "ZeroDivisionError: oh")


def test_a_worker_that_is_stopped_gives_its_work_back(database: Settings, number: int) -> None:
    sandbox = ToldSandbox()

    def stop(job: Job) -> None:
        raise Stopped

    sandbox.during = stop
    with pytest.raises(Stopped):
        make_scorer(database, sandbox).score_next()
    assert state(number) == (State.QUEUED, 0)
    assert runs(number)[0].state == "lost"


def test_the_stages_are_on_the_run_while_it_goes_on(database: Settings, number: int) -> None:
    seen: list[str] = []
    sandbox = ToldSandbox(during=lambda _: seen.append(runs(number)[0].stage))
    make_scorer(database, sandbox).score_next()
    assert seen == ["scoring"]


def wait_for(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.01)
    assert condition()


def test_a_lease_is_renewed_while_the_work_lasts(
    database: Settings, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.scoring.lease_s = 1.2
    sandbox = ToldSandbox(during=lambda _: time.sleep(2.5))
    done = threading.Thread(target=make_scorer(database, sandbox).score_next)
    done.start()
    while done.is_alive():
        with db.transaction() as session:
            assert service.return_lost(session, 3) == 0
        time.sleep(0.1)
    done.join()
    assert state(number) == (State.SCORED, 1)


def test_a_lost_lease_ends_the_work_and_its_result_is_thrown_away(database: Settings, number: int) -> None:
    database.scoring.lease_s = 1.0
    sandbox = ToldSandbox()

    def lose(job: Job) -> None:
        with db.transaction() as session:
            run = session.scalars(select(Run)).one()
            run.state = "lost"
            session.get_one(Submission, number).state = State.CANCELLED
        wait_for(lambda: bool(sandbox.cleared))

    sandbox.during = lose
    make_scorer(database, sandbox).score_next()
    assert state(number)[0] == State.CANCELLED
    lease = runs(number)[0].lease
    assert lease not in sandbox.cleared[0]
    assert "another" in sandbox.cleared[0]


def test_a_database_that_does_not_answer_costs_the_lease_only_after_its_time() -> None:
    def renew() -> bool:
        raise OperationalError("x", {}, Exception())

    ended = threading.Event()
    with LeaseKeeper(renew, ended.set, 0.4) as keeper:
        time.sleep(0.2)
        assert not keeper.lost
        assert ended.wait(5)
        assert keeper.lost


def test_a_stray_is_what_no_living_lease_of_this_installation_owns(database: Settings, number: int) -> None:
    mark = strays.installation(database)
    with db.transaction() as session:
        claim = service.claim(session, "worker", 60, mark)
    assert claim
    living = strays.Living(database)
    assert claim.lease in living
    assert f"{mark}.gone" not in living
    assert "elsewhere.gone" in living


def test_what_a_worker_keeps_is_its_own_while_it_tells_of_itself(database: Settings) -> None:
    scorer, living = make_scorer(database, ToldSandbox()), strays.Living(database)
    mine = strays.standing(database, scorer.worker)
    assert mine not in living
    with Presence(scorer, database):
        assert mine in living
        assert strays.standing(database, "another") not in living
        with db.transaction() as session:
            row = session.get_one(Worker, scorer.worker)
            row.seen_at -= timedelta(seconds=database.scoring.worker_gone_s)
        assert mine not in living
    assert mine not in living


def test_a_worker_lets_go_of_what_it_keeps_once_nothing_waits(database: Settings, number: int) -> None:
    sandbox = ToldSandbox()
    scorer = make_scorer(database, sandbox)
    assert (scorer.score_next(), sandbox.let_go_of) == (Said.DONE, 0)
    assert (scorer.score_next(), sandbox.let_go_of) == (Said.IDLE, 1)


def test_a_worker_tells_of_itself_and_signs_off(database: Settings) -> None:
    database.scoring.worker_gone_s = 1.2
    sandbox = ToldSandbox()
    scorer = make_scorer(database, sandbox)
    with Presence(scorer, database):
        with db.reading() as session:
            first = session.get_one(Worker, "worker").seen_at
        wait_for(lambda: bool(sandbox.cleared))
        with db.reading() as session:
            row = session.get_one(Worker, "worker")
            assert row.seen_at > first
            assert row.engine == {"answers": True, "id": ENGINE, "unready": ""}
            assert 0 < row.disk["free"] <= row.disk["total"]
    with db.reading() as session:
        assert session.get(Worker, "worker") is None


@pytest.mark.parametrize("verb", ["claim", "record"])
def test_a_database_that_went_away_ends_no_worker(
    database: Settings, number: int, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OperationalError("x", {}, Exception())

    scorer = make_scorer(database, ToldSandbox())
    with monkeypatch.context() as patch:
        patch.setattr(service, verb, fail)
        patch.setattr(service, "give_back", fail)
        assert scorer.score_next() == Said.UNREADY
    assert state(number)[0] == (State.QUEUED if verb == "claim" else State.RUNNING)


def test_trouble_is_kept_without_what_a_database_cannot_take(database: Settings, number: int) -> None:
    sandbox = ToldSandbox()

    def fail(job: Job) -> None:
        raise ValueError("a\x00b\x1b[2J\ud800")

    sandbox.during = fail
    make_scorer(database, sandbox).score_next()
    assert runs(number)[0].trouble == "ValueError: a�b�[2J�"
