"""A run ends once: by its result, by being given back, or by silence."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from leitai import db
from leitai.leaderboards.models import Standing
from leitai.scoring import service
from leitai.scoring.work import Claim, Result, Usage
from leitai.settings import Settings
from leitai.submissions import service as submissions
from leitai.submissions.models import Run, Score, State, Submission
from tests.leitai.factories import make_competition, make_person, make_phase, make_submission, make_task

SCORED = Result(
    "scored",
    stages=({"stage": "scoring", "verdict": "ok"},),
    usage=Usage(1.5, 1.0, 100_000_000, 20),
    public={"rmse": 2.0, "mae": 1.0},
    private={"rmse": 3.0, "mae": 1.5},
    receipt={"submission": "digest"},
)
REJECTED = Result("rejected", code="missing_ids", params={"count": 3, "examples": ["a"]})


def claimed(attempts: int = 1) -> Claim:
    """The claim of the given attempt, after the earlier ones failed."""
    for number in range(attempts):
        with db.transaction() as session:
            claim = service.claim(session, "worker", 60)
            assert claim
            if number < attempts - 1:
                service.give_back(session, claim, "trouble", 3)
    return claim


def wait(session_phase: object = None) -> int:
    with db.transaction() as session:
        return make_submission(session, make_phase(session)).id


def now_of(number: int) -> Submission:
    with db.reading() as session:
        found = session.get_one(Submission, number)
        assert found.runs is not None
        for run in found.runs:
            assert run.scores is not None
        assert found.run is None or found.run.scores is not None
        return found


def record(claim: Claim, result: Result = SCORED) -> bool:
    with db.transaction() as session:
        return service.record(session, claim, result)


def test_a_result_is_written_whole_and_the_private_scores_stay_sealed(both_databases: Settings) -> None:
    number = wait()
    assert record(claimed())
    found = now_of(number)
    assert (found.state, found.run and found.run.state) == (State.SCORED, State.SCORED)
    assert found.finished_at is not None
    assert {(row.split, row.metric, row.value) for row in found.runs[0].scores} == {
        ("public", "rmse", 2.0),
        ("public", "mae", 1.0),
    }
    with db.reading() as session:
        run = session.get_one(Run, found.run_id)
        assert run.sealed == {"rmse": 3.0, "mae": 1.5}
        assert (run.wall_s, run.cpu_s, run.peak_memory_bytes) == (1.5, 1.0, 100_000_000)
        assert run.receipt == {"submission": "digest"}
        standings = session.scalars(select(Standing)).all()
        assert {(row.split, row.value) for row in standings} == {("public", 2.0), ("private", 3.0)}


def test_a_second_recording_is_thrown_away(both_databases: Settings) -> None:
    number = wait()
    claim = claimed()
    assert record(claim)
    assert not record(claim, REJECTED)
    found = now_of(number)
    assert found.state == State.SCORED
    assert len(found.runs[0].scores) == 2


def test_a_late_result_is_thrown_away_and_the_next_run_counts(
    both_databases: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = wait()
    late = claimed()
    monkeypatch.setattr(db, "now", _later(db.now, minutes=5))
    with db.transaction() as session:
        assert service.return_lost(session, 3) == 1
    following = claimed()
    assert not record(late, REJECTED)
    with db.transaction() as session:
        assert not service.enter(session, late, "scoring")
        assert not service.renew(session, late, 60)
        assert not service.give_back(session, late, "trouble", 3)
    assert record(following)
    found = now_of(number)
    assert found.state == State.SCORED
    assert [run.state for run in found.runs] == ["lost", "scored"]
    assert following.attempt == 2


def _later(now: Callable[[], object], minutes: int) -> Callable[[], object]:
    moved = now() + timedelta(minutes=minutes)  # type: ignore[operator]
    return lambda: moved


def test_a_renewed_lease_does_not_run_out(both_databases: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    wait()
    claim = claimed()
    monkeypatch.setattr(db, "now", _later(db.now, minutes=5))
    with db.transaction() as session:
        assert service.renew(session, claim, 60)
    with db.transaction() as session:
        assert service.return_lost(session, 3) == 0
        assert service.living(session, claim.lease)
        assert not service.living(session, "another")


def test_a_rejection_is_the_teams_and_says_why(both_databases: Settings) -> None:
    number = wait()
    assert record(claimed(), REJECTED)
    found = now_of(number)
    assert (found.state, found.runs[0].code) == (State.REJECTED, "missing_ids")
    assert found.runs[0].params == {"count": 3, "examples": ["a"]}
    with db.reading() as session:
        assert session.scalars(select(Score)).all() == []
        assert session.scalars(select(Standing)).all() == []


def test_after_three_failures_of_ours_the_submission_failed(both_databases: Settings) -> None:
    number = wait()
    claim = claimed(attempts=3)
    assert claim.attempt == 3
    with db.transaction() as session:
        assert service.give_back(session, claim, "the evaluator broke", 3)
    found = now_of(number)
    assert (found.state, found.run_id) == (State.FAILED, None)
    assert [run.trouble for run in found.runs] == ["trouble", "trouble", "the evaluator broke"]
    with db.transaction() as session:
        assert service.claim(session, "worker", 60) is None


def test_three_workers_that_died_make_it_failed_too(
    both_databases: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = wait()
    for hour in range(3):
        claimed()
        monkeypatch.setattr(db, "now", _later(db.now, minutes=60 * (hour + 1)))
        with db.transaction() as session:
            assert service.return_lost(session, 3) == 1
    assert now_of(number).state == State.FAILED


def test_what_was_not_tried_burns_no_attempt(both_databases: Settings) -> None:
    number = wait()
    for _ in range(5):
        claim = claimed()
        assert claim.attempt == 1
        with db.transaction() as session:
            assert service.give_back(session, claim, "the engine went away", 3, burn=False)
    assert (now_of(number).state, now_of(number).attempts) == (State.QUEUED, 0)


def test_a_cancelled_run_is_not_recorded(both_databases: Settings) -> None:
    with db.transaction() as session:
        organizer = make_person(session)
        task = make_task(session, make_competition(session, organizers=(organizer,)))
        number = make_submission(session, make_phase(session, task)).id
    claim = claimed()
    with db.transaction() as session:
        submissions.cancel(session, organizer, number)
    with db.transaction() as session:
        assert not service.renew(session, claim, 60)
    assert not record(claim)
    found = now_of(number)
    assert (found.state, found.runs[0].state) == (State.CANCELLED, State.CANCELLED)
    assert found.runs[0].scores == []


def test_a_rescore_is_a_new_run_and_replaces_the_score(both_databases: Settings) -> None:
    number = wait()
    record(claimed())
    _requeue(number)
    claim = claimed()
    assert claim.attempt == 1
    better = Result("scored", public={"rmse": 1.0, "mae": 0.5}, private={"rmse": 1.1, "mae": 0.6})
    assert record(claim, better)
    found = now_of(number)
    assert found.run_id == claim.run_id
    with db.reading() as session:
        values = {row.split: row.value for row in session.scalars(select(Standing))}
    assert values == {"public": 1.0, "private": 1.1}


def test_a_rescore_that_rejects_takes_the_place_away(both_databases: Settings) -> None:
    number = wait()
    record(claimed())
    _requeue(number)
    record(claimed(), REJECTED)
    assert now_of(number).state == State.REJECTED
    with db.reading() as session:
        assert session.scalars(select(Standing)).all() == []


def test_a_rescore_that_fails_on_our_side_takes_no_score_away(both_databases: Settings) -> None:
    number = wait()
    record(claimed())
    _requeue(number)
    claim = claimed(attempts=3)
    with db.transaction() as session:
        service.give_back(session, claim, "trouble", 3)
    found = now_of(number)
    assert found.state == State.SCORED
    assert found.run is not None
    assert found.run.scores
    with db.reading() as session:
        assert len(session.scalars(select(Standing)).all()) == 2


def test_once_the_private_board_is_shown_a_rescore_writes_private_scores_too(
    both_databases: Settings,
) -> None:
    with db.transaction() as session:
        number = make_submission(session, make_phase(session, revealed_at=db.now())).id
    record(claimed())
    assert {row.split for row in now_of(number).runs[0].scores} == {"public", "private"}


def _requeue(number: int) -> None:
    with db.transaction() as session:
        submissions.requeue(session, session.get_one(Submission, number))
