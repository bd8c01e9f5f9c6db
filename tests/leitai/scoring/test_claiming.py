"""Each waiting submission is claimed once, by whoever is next in fairness."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from leitai import db
from leitai.competitions.models import Role
from leitai.scoring import service
from leitai.scoring.models import Turn
from leitai.scoring.picking import waiting
from leitai.settings import Settings
from leitai.submissions.models import Run, State, Submission
from tests.leitai.factories import (
    digest_of,
    make_hidden,
    make_person,
    make_phase,
    make_run,
    make_submission,
    make_task,
    make_team,
)


def claim_all(worker: str) -> list[int]:
    found = []
    while True:
        with db.transaction() as session:
            claim = service.claim(session, worker, 60)
        if claim is None:
            return found
        found.append(claim.submission_id)


def test_many_workers_at_once_claim_each_submission_once(both_databases: Settings) -> None:
    with db.transaction() as session:
        phase = make_phase(session)
        teams = [make_team(session) for _ in range(4)]
        wanted = {make_submission(session, phase, teams[n % 4]).id for n in range(24)}
    with ThreadPoolExecutor(8) as pool:
        claimed = [number for part in pool.map(claim_all, "abcdefgh") for number in part]
    assert Counter(claimed) == Counter(wanted)
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Run)) == 24
        assert set(session.scalars(select(Submission.state))) == {State.RUNNING}


def test_the_race_is_fair_every_team_is_served_before_one_is_served_again(both_databases: Settings) -> None:
    with db.transaction() as session:
        phase = make_phase(session)
        for team in [make_team(session) for _ in range(6)]:
            for _ in range(3):
                make_submission(session, phase, team)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(_claim_one, range(6)))
    with db.reading() as session:
        teams = session.scalars(select(Run.team_id)).all()
    assert len(teams) == len(set(teams)) == 6


def _claim_one(worker: int) -> None:
    with db.transaction() as session:
        assert service.claim(session, str(worker), 60)


def test_a_claim_says_all_that_scoring_needs(both_databases: Settings) -> None:
    with db.transaction() as session:
        task = make_task(session, kind="code")
        phase, other = make_phase(session, task), make_phase(session, task)
        for version, retired in ((1, db.now()), (2, None)):
            for owner, role in ((phase, Role.INPUT), (phase, Role.REFERENCE), (other, Role.REFERENCE)):
                digest = digest_of(f"{owner.id} {role} {version}")
                make_hidden(session, owner, role, digest, version=version, retired_at=retired)
        submission = make_submission(session, phase, file_name="model.zip")
    with db.transaction() as session:
        claim = service.claim(session, "worker", 60, "mark")
    assert claim is not None
    assert claim.lease.startswith("mark.")
    assert (claim.submission_id, claim.attempt) == (submission.id, 1)
    assert claim.work.digest == submission.digest
    assert claim.work.reference == digest_of(f"{phase.id} reference 2")
    assert claim.work.hidden_input == digest_of(f"{phase.id} input 2")
    with db.reading() as session:
        run = session.get_one(Run, claim.run_id)
        assert (run.state, run.stage, run.worker, run.lease) == (
            "running",
            "predicting",
            "worker",
            claim.lease,
        )
        assert timedelta(seconds=55) < run.lease_expires_at - db.now() < timedelta(seconds=61)


def test_nothing_waiting_is_nothing_claimed(both_databases: Settings) -> None:
    with db.transaction() as session:
        for state in set(State) - {State.QUEUED}:
            make_submission(session, state=state)
    with db.transaction() as session:
        assert service.claim(session, "worker", 60) is None


# Runs in progress, minutes since the team was served (None: never), minutes that the submission waits.
PICKS = [
    ("fewest runs first", [(1, None, 90), (0, 1, 1)], 1),
    ("then served longest ago", [(1, 5, 90), (1, 50, 1)], 1),
    ("never served is longest ago", [(0, 500, 90), (0, None, 1)], 1),
    ("then the oldest", [(0, None, 3), (0, None, 9)], 1),
    ("equals in their order", [(0, None, 5), (0, None, 5)], 0),
]


@pytest.mark.parametrize(("rows", "expected"), [pick[1:] for pick in PICKS], ids=[pick[0] for pick in PICKS])
def test_who_is_next(
    both_databases: Settings, rows: list[tuple[int, int | None, int]], expected: int
) -> None:
    now = db.now()
    with db.transaction() as session:
        phase, found = make_phase(session), []
        for runs, served, waited in rows:
            team = make_team(session)
            for _ in range(runs):
                make_run(session, make_submission(session, phase, team, state=State.RUNNING))
            if served is not None:
                session.add(Turn(team_id=team.id, served_at=now - timedelta(minutes=served)))
            queued = now - timedelta(minutes=waited)
            found.append(make_submission(session, phase, team, queued_at=queued).id)
        session.flush()
        assert session.scalar(waiting()) == found[expected]


@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(counts=st.lists(st.integers(1, 5), min_size=1, max_size=5), workers=st.integers(1, 4))
def test_no_team_is_ever_two_runs_ahead_of_one_that_waits(
    database: Settings, counts: list[int], workers: int
) -> None:
    with db.transaction() as session:
        for table in (Turn, Run, Submission):
            session.execute(delete(table))
        captain, phase = make_person(session), make_phase(session)
        left = {}
        for count in counts:
            team = make_team(session, captain)
            left[team.id] = count
            for _ in range(count):
                make_submission(session, phase, team)
    running: list[int] = []
    while any(left.values()):
        with db.transaction() as session:
            claim = service.claim(session, "worker", 60)
            assert claim
            team_id = session.get_one(Run, claim.run_id).team_id
            fewest = min(running.count(team) for team, count in left.items() if count)
            assert running.count(team_id) == fewest
            left[team_id] -= 1
            running.append(team_id)
            if len(running) == workers:
                running.pop(0)
                oldest = session.scalars(
                    select(Run).where(Run.state == State.RUNNING).order_by(Run.id)
                ).first()
                assert oldest
                oldest.state = State.SCORED
