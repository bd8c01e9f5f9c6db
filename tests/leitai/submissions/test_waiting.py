"""The place in the queue and the estimate."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from leitai import db
from leitai.competitions.models import Phase
from leitai.submissions import waiting
from leitai.submissions.models import State, Submission
from leitai.submissions.waiting import Waiting, place_in_queue
from leitai.teams.models import Team
from tests.leitai.factories import make_phase, make_run, make_submission, make_team


def queue(session: Session, phase: Phase, *teams: Team) -> list[Submission]:
    """One submission after another, a second apart."""
    begin = db.now() - timedelta(minutes=5)
    return [
        make_submission(session, phase, team, queued_at=begin + timedelta(seconds=n))
        for n, team in enumerate(teams)
    ]


def places(session: Session, rows: list[Submission]) -> list[int]:
    found = [place_in_queue(session, row) for row in rows]
    assert all(found)
    return [waiting.place for waiting in found if waiting]


def test_a_teams_second_submission_stands_behind_everybodys_first(both_databases: object) -> None:
    with db.transaction() as session:
        phase, (a, b, c) = make_phase(session), (make_team(session) for _ in range(3))
        rows = queue(session, phase, a, a, a, b, c, b)
        assert places(session, rows) == [1, 4, 6, 2, 3, 5]


def test_a_team_with_a_run_in_progress_waits_for_the_others(both_databases: object) -> None:
    with db.transaction() as session:
        phase, (a, b) = make_phase(session), (make_team(session) for _ in range(2))
        make_run(session, make_submission(session, phase, a, state=State.RUNNING))
        rows = queue(session, phase, a, b)
        assert places(session, rows) == [2, 1]


def test_among_equals_the_team_served_longest_ago_is_next(both_databases: object) -> None:
    with db.transaction() as session:
        phase, (a, b, c) = make_phase(session), (make_team(session) for _ in range(3))
        for team in (b, a):
            make_run(session, make_submission(session, phase, team, state=State.SCORED), state=State.SCORED)
        rows = queue(session, phase, a, b, c)
        assert places(session, rows) == [3, 2, 1]


def test_the_estimate_is_the_usual_time_for_each_round_of_the_workers(both_databases: object) -> None:
    with db.transaction() as session:
        phase = make_phase(session)
        for worker, took in (("one", 4), ("two", 10), ("two", 6)):
            begun = db.now() - timedelta(minutes=2)
            times = {"started_at": begun, "finished_at": begun + timedelta(seconds=took)}
            scored = make_submission(session, phase, state=State.SCORED)
            make_run(session, scored, state=State.SCORED, worker=worker, **times)
        rows = queue(session, phase, *(make_team(session) for _ in range(3)))
        found = [place_in_queue(session, row) for row in rows]
        assert found == [Waiting(1, 6), Waiting(2, 6), Waiting(3, 12)]
        assert place_in_queue(session, rows[2], workers=1) == Waiting(3, 18)


def test_no_estimate_is_made_up_where_nothing_ran_or_no_worker_was_seen(database: object) -> None:
    with db.transaction() as session:
        phase = make_phase(session)
        (row,) = queue(session, phase, make_team(session))
        assert place_in_queue(session, row) == Waiting(1, None)
        begun = db.now() - timedelta(hours=1)
        old = make_submission(session, phase, state=State.SCORED)
        make_run(session, old, state=State.SCORED, started_at=begun, finished_at=begun)
        assert place_in_queue(session, row) == Waiting(1, None)


@pytest.mark.parametrize("state", [State.RUNNING, State.SCORED, State.CANCELLED])
def test_what_does_not_wait_has_no_place(database: object, state: str) -> None:
    with db.transaction() as session:
        assert place_in_queue(session, make_submission(session, state=state)) is None


def test_the_order_of_a_long_queue_is_worked_out_once_for_a_moment(
    database: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "LONG_QUEUE", 2)
    with db.transaction() as session:
        phase = make_phase(session)
        first, second = queue(session, phase, make_team(session), make_team(session))
        assert places(session, [first, second]) == [1, 2]
        first.state = State.CANCELLED
        session.flush()
        assert place_in_queue(session, first) is None
        assert places(session, [second]) == [2]
        later = db.now() + waiting.KEPT_FOR
        monkeypatch.setattr(db, "now", lambda: later)
        assert places(session, [second]) == [1]


def test_who_joins_a_long_queue_has_a_place_at_once(
    database: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "LONG_QUEUE", 1)
    with db.transaction() as session:
        phase = make_phase(session)
        (first,) = queue(session, phase, make_team(session))
        assert places(session, [first]) == [1]
        (second,) = queue(session, phase, make_team(session))
        assert place_in_queue(session, second) == Waiting(2, None)
