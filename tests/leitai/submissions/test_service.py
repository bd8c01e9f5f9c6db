"""Handing in, taking back and queueing again, by the rules of quota, phase and entry."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, func, inspect, select
from sqlalchemy.orm import Session

from leitai import db, queues
from leitai.accounts.models import Person
from leitai.competitions.models import EntryMember, Kind, Phase, Task
from leitai.errors import Conflict, NotAllowed, NotFound, QuotaUsedUp, Refusal, TooLarge
from leitai.storage import Artefact
from leitai.submissions import quota, service
from leitai.submissions.models import Run, Score, State, Submission
from leitai.submissions.refusals import NotConfirmed, NotEntered, PhaseClosed, TeamUnclear, UnsuitableFile
from leitai.teams.models import Membership, Team
from tests.leitai.factories import (
    make_competition,
    make_entry,
    make_person,
    make_phase,
    make_run,
    make_submission,
    make_task,
    make_team,
)

FILE = Artefact("a" * 64, 100)


@pytest.fixture(autouse=True)
def wakes(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Counts how often workers were woken; the broker itself is tried in test_queues."""
    heard: list[bool] = []
    monkeypatch.setattr(queues, "wake", lambda: heard.append(True))
    return heard


def make_open_task(session: Session, **phase: object) -> tuple[Task, Phase, Team, Person]:
    """A task with an open phase, and a team that has entered it."""
    task = make_task(session)
    opened = make_phase(session, task, **phase)
    team = make_entry(session, task).team
    return task, opened, team, team.captain


def hand_in(
    session: Session, person: Person, task: Task, name: str = "p.csv", **values: object
) -> Submission:
    return service.submit(session, person, task, FILE, name, **values)  # type: ignore[arg-type]


def test_a_submission_is_queued_and_workers_hear_of_it_only_after_the_commit(
    both_databases: object, wakes: list[bool]
) -> None:
    with db.transaction() as session:
        task, phase, team, captain = make_open_task(session)
        row = hand_in(session, captain, task, "../dir/mine.csv", message="  first\n try \u202e ")
        assert wakes == []
    assert wakes == [True]
    assert (row.state, row.phase_id, row.team_id, row.person_id) == (
        State.QUEUED,
        phase.id,
        team.id,
        captain.id,
    )
    assert (row.file_name, row.message, row.digest, row.size) == ("mine.csv", "first try", "a" * 64, 100)
    assert row.queued_at is not None
    assert row.created_at == row.queued_at


def test_nobody_is_woken_when_the_transaction_is_rolled_back(database: object, wakes: list[bool]) -> None:
    with db.factory()() as session:
        task, _, _, captain = make_open_task(session)
        hand_in(session, captain, task)
        session.rollback()
    assert wakes == []


def test_twenty_requests_at_once_cannot_race_past_the_quota(both_databases: object) -> None:
    with db.transaction() as session:
        task, _, _, captain = make_open_task(session, daily_limit=3, total_limit=3)

    def try_once(_: int) -> str:
        try:
            with db.transaction() as session:
                return hand_in(session, session.get_one(Person, captain.id), task).state
        except QuotaUsedUp as refusal:
            return refusal.code

    with ThreadPoolExecutor(20) as threads:
        found = list(threads.map(try_once, range(20)))
    assert sorted(found) == ["queued"] * 3 + ["quota_used_up"] * 17
    with db.reading() as session:
        assert session.scalar(select(func.count(Submission.id))) == 3


@pytest.mark.parametrize(
    ("states", "rejected_counts", "used"),
    [
        (["received", "queued", "running", "scored"], False, 4),
        (["rejected"], False, 0),
        (["rejected"], True, 1),
        (["failed", "cancelled"], True, 0),
    ],
)
def test_only_what_is_not_our_failure_counts(
    both_databases: object, states: list[str], rejected_counts: bool, used: int
) -> None:
    with db.transaction() as session:
        _, phase, team, _ = make_open_task(session, rejected_counts=rejected_counts)
        for state in states:
            make_submission(session, phase, team, state=state)
        found = quota.measure(session, team.id, phase)
        assert (found.used, found.used_today, found.left_today, found.left) == (
            used,
            used,
            5 - used,
            100 - used,
        )


def test_a_submission_cancelled_while_it_ran_counts_and_one_lost_by_us_does_not(database: object) -> None:
    with db.transaction() as session:
        _, phase, team, _ = make_open_task(session)
        ran = make_submission(session, phase, team, state=State.CANCELLED)
        make_run(session, ran, state=State.CANCELLED)
        lost = make_submission(session, phase, team, state=State.CANCELLED)
        make_run(session, lost, state="lost")
        assert quota.measure(session, team.id, phase).used == 1


def test_the_day_is_counted_in_utc_and_the_total_over_all_days(
    database: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    noon = datetime(2026, 5, 2, 12, tzinfo=UTC)
    monkeypatch.setattr(db, "now", lambda: noon)
    with db.transaction() as session:
        _, phase, team, _ = make_open_task(session)
        midnight = datetime(2026, 5, 2, tzinfo=UTC)
        for moment in (midnight - timedelta(microseconds=1), midnight, noon):
            make_submission(session, phase, team, created_at=moment)
        found = quota.measure(session, team.id, phase)
        assert (found.used_today, found.used) == (2, 3)
        assert found.resets_at == midnight + timedelta(days=1)


def test_other_teams_and_other_phases_do_not_use_a_teams_quota(database: object) -> None:
    with db.transaction() as session:
        task, phase, team, _ = make_open_task(session)
        later = make_phase(session, task, position=1, starts_at=phase.ends_at)
        make_submission(session, phase)
        make_submission(session, later, team)
        assert quota.measure(session, team.id, phase).used == 0


def test_nothing_is_taken_beyond_the_daily_or_the_total_quota(database: object) -> None:
    with db.transaction() as session:
        task, phase, team, captain = make_open_task(session, daily_limit=1, total_limit=2)
        make_submission(session, phase, team)
        with pytest.raises(QuotaUsedUp, match=r"today .* next day begins at .* UTC"):
            hand_in(session, captain, task)
        make_submission(session, phase, team, created_at=db.now() - timedelta(days=2))
        with pytest.raises(QuotaUsedUp, match="All 2 submissions of this phase"):
            hand_in(session, captain, task)


def test_nothing_is_taken_outside_of_a_phase(database: object) -> None:
    with db.transaction() as session:
        now = db.now()
        task, phase, _, captain = make_open_task(session, starts_at=now + timedelta(days=1))
        with pytest.raises(PhaseClosed, match=f"next one begins at {phase.starts_at:%Y-%m-%d}"):
            hand_in(session, captain, task)
        phase.starts_at, phase.ends_at = now - timedelta(days=2), now
        with pytest.raises(PhaseClosed, match="last phase of this task is over"):
            hand_in(session, captain, task)


def test_only_who_is_in_a_team_that_has_entered_may_submit(database: object) -> None:
    with db.transaction() as session:
        task, _, team, captain = make_open_task(session)
        operator = make_person(session, is_operator=True)
        other = make_entry(session, make_task(session)).team.captain
        for person in (operator, other, make_team(session).captain):
            with pytest.raises(NotEntered, match="Enter it first"):
                hand_in(session, person, task)
        with pytest.raises(NotEntered, match="not yours, or has not entered"):
            hand_in(session, captain, task, team="Another team")
        assert hand_in(session, captain, task, team=team.name).team_id == team.id
        assert hand_in(session, captain, task, team=str(team.id)).team_id == team.id


def test_an_unconfirmed_address_may_not_submit(database: object) -> None:
    with db.transaction() as session:
        task, _, team, _ = make_open_task(session)
        member = make_person(session, confirmed_at=None)
        session.add(Membership(team_id=team.id, person_id=member.id))
        with pytest.raises(NotConfirmed):
            hand_in(session, member, task)


def test_whoever_organizes_or_judges_may_not_submit_even_as_a_member(database: object) -> None:
    with db.transaction() as session:
        task, _, team, _ = make_open_task(session)
        judge, organizer = make_person(session), make_person(session)
        task.judges.append(judge)
        task.competition.organizers.append(organizer)
        for person in (judge, organizer):
            session.add(Membership(team_id=team.id, person_id=person.id))
            session.flush()
            with pytest.raises(NotAllowed, match="cannot hand anything in"):
                hand_in(session, person, task)


def test_who_first_submits_for_two_teams_at_once_gets_one(both_databases: object) -> None:
    with db.transaction() as session:
        task, _, team, _ = make_open_task(session)
        rival = make_entry(session, task).team
        member = make_person(session)
        for each in (team, rival):
            session.add(Membership(team_id=each.id, person_id=member.id))

    def try_once(name: str) -> str:
        try:
            with db.transaction() as session:
                return hand_in(session, session.get_one(Person, member.id), task, team=name).state
        except Refusal as refusal:
            return refusal.code

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(try_once, [team.name, rival.name] * 4))
    with db.reading() as session:
        assert len({row.team_id for row in session.scalars(select(Submission))}) == 1
    assert "queued" in found
    assert set(found) <= {"queued", "conflict", "not_entered"}


def test_who_joined_after_the_entry_may_submit_and_stays_with_that_team(database: object) -> None:
    with db.transaction() as session:
        task, _, team, _ = make_open_task(session)
        rival = make_entry(session, task).team
        member = make_person(session)
        session.add(Membership(team_id=team.id, person_id=member.id))
        hand_in(session, member, task)
        bound = session.scalars(select(EntryMember).filter_by(person_id=member.id)).one()
        session.add(Membership(team_id=rival.id, person_id=member.id))
        assert hand_in(session, member, task).team_id == team.id
        session.delete(
            session.scalars(select(Membership).filter_by(team_id=team.id, person_id=member.id)).one()
        )
        session.flush()
        with pytest.raises(NotEntered, match="that you have left"):
            hand_in(session, member, task)
        assert bound.entry_id


def test_a_team_is_named_only_where_it_is_unclear(database: object) -> None:
    with db.transaction() as session:
        task, _, team, _ = make_open_task(session)
        rival = make_entry(session, task).team
        member = make_person(session)
        for each in (team, rival):
            session.add(Membership(team_id=each.id, person_id=member.id))
        with pytest.raises(TeamUnclear, match=team.name):
            hand_in(session, member, task)
        assert hand_in(session, member, task, team=rival.name).team_id == rival.id


def test_higher_slices_may_hold_teams_back(database: object, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(session: Session, team: Team, phase: Phase) -> None:
        raise NotAllowed("You did not reach this phase.")

    monkeypatch.setattr(quota, "admission_checks", [refuse])
    with db.transaction() as session:
        task, _, _, captain = make_open_task(session)
        allowance = service.check(session, captain, task)
        assert not allowance.permitted
        with pytest.raises(NotAllowed, match="did not reach"):
            hand_in(session, captain, task)


def test_a_wrong_suffix_or_too_many_bytes_are_refused_and_cost_nothing(database: object) -> None:
    with db.transaction() as session:
        task, phase, team, captain = make_open_task(session)
        with pytest.raises(UnsuitableFile, match=r"\.csv, \.parquet, "):
            hand_in(session, captain, task, "program.tar")
        with pytest.raises(TooLarge, match="1,000,000 bytes"):
            service.submit(session, captain, task, Artefact("b" * 64, 1_000_001), "p.csv")
        task.kind = Kind.CODE
        with pytest.raises(UnsuitableFile, match=r"a \.zip with predict\.py"):
            hand_in(session, captain, task, "p.csv")
        assert quota.measure(session, team.id, phase).used == 0


def test_the_check_says_what_is_left_without_raising(database: object) -> None:
    with db.transaction() as session:
        task, phase, team, captain = make_open_task(session)
        make_submission(session, phase, team)
        found = service.check(session, captain, task)
        assert found.permitted
        assert (found.phase, found.upload_bytes, found.suffixes[0]) == (phase, 1_000_000, ".csv")
        assert found.quota is not None
        assert (found.quota.left_today, found.quota.left) == (4, 99)
        assert isinstance(service.check(session, make_person(session), task).refusal, Refusal)


def test_the_team_cancels_what_waits_and_gets_its_quota_back(both_databases: object) -> None:
    with db.transaction() as session:
        task, phase, team, captain = make_open_task(session)
        row = hand_in(session, captain, task)
        service.cancel(session, captain, row.id)
        assert row.state == State.CANCELLED
        assert row.finished_at is not None
        assert quota.measure(session, team.id, phase).used == 0
        with pytest.raises(Conflict, match="has its result already"):
            service.cancel(session, captain, row.id)


def test_the_team_cannot_cancel_what_runs_but_an_organizer_can_and_the_lease_is_dropped(
    both_databases: object,
) -> None:
    with db.transaction() as session:
        organizer = make_person(session)
        task = make_task(session, make_competition(session, (organizer,)))
        row = make_submission(session, make_phase(session, task), state=State.RUNNING)
        run = make_run(session, row)
        lease = run.lease
        with pytest.raises(Conflict, match="being scored already"):
            service.cancel(session, row.team.captain, row.id)
        service.cancel(session, organizer, row.id)
        session.refresh(run)
        assert (row.state, run.state) == (State.CANCELLED, State.CANCELLED)
        assert run.lease != lease
        assert run.lease_expires_at <= db.now()


def test_when_a_rescore_is_cancelled_the_earlier_result_stands(database: object) -> None:
    with db.transaction() as session:
        organizer = make_person(session)
        task = make_task(session, make_competition(session, (organizer,)))
        row = make_submission(session, make_phase(session, task), state=State.SCORED)
        run = make_run(session, row, state=State.SCORED, finished_at=db.now())
        row.run_id = run.id
        service.requeue(session, row)
        with pytest.raises(Conflict, match="scored again"):
            service.cancel(session, row.team.captain, row.id)
        service.cancel(session, organizer, row.id)
        assert (row.state, row.run_id, row.finished_at) == (State.SCORED, run.id, run.finished_at)


def test_only_team_and_organizers_may_cancel_and_others_do_not_even_learn_of_it(database: object) -> None:
    with db.transaction() as session:
        judge, elsewhere = make_person(session), make_person(session)
        make_competition(session, (elsewhere,))
        task = make_task(session, judges=(judge,))
        row = make_submission(session, make_phase(session, task))
        with pytest.raises(NotAllowed):
            service.cancel(session, judge, row.id)
        for person in (elsewhere, make_person(session), make_person(session, is_operator=True)):
            with pytest.raises(NotFound):
                service.cancel(session, person, row.id)
        assert row.state == State.QUEUED


def test_a_rescore_waits_anew_with_its_attempts_and_keeps_its_result_meanwhile(
    both_databases: object, wakes: list[bool]
) -> None:
    with db.transaction() as session:
        row = make_submission(session, state=State.SCORED, attempts=3, finished_at=db.now())
        run = make_run(session, row, state=State.SCORED)
        row.run_id = run.id
        service.requeue(session, row)
        assert (row.state, row.attempts, row.finished_at, row.run_id) == (State.QUEUED, 0, None, run.id)
    assert wakes == [True]


@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING, State.CANCELLED])
def test_only_what_has_a_result_is_scored_again(database: object, state: str) -> None:
    with db.transaction() as session:
        row = make_submission(session, state=state)
        with pytest.raises(Conflict, match=f"Submission {row.id}"):
            service.requeue(session, row)


def test_a_cancelled_run_is_kept_for_the_record(database: object) -> None:
    with db.transaction() as session:
        row = make_submission(session, state=State.RUNNING)
        make_run(session, row)
        row.task.competition.organizers.append(organizer := make_person(session))
        session.flush()
        service.cancel(session, organizer, row.id)
        assert [run.state for run in session.scalars(select(Run))] == [State.CANCELLED]


def test_what_there_is_to_see_is_read_alike_on_both_databases(both_databases: object) -> None:
    with db.transaction() as session:
        task, phase, team, captain = make_open_task(session)
        for value in (0.75, 0.5):
            row = make_submission(session, phase, team, state=State.SCORED)
            row.run_id = make_run(session, row, state=State.SCORED, finished_at=db.now()).id
            session.add(Score(run_id=row.run_id, split="public", metric="rmse", value=value))
        waiting = hand_in(session, captain, task)
    with db.reading() as session:
        view = service.show(session, captain, row.id)
        assert ([shown.value for shown in view.public], view.gain, view.quota and view.quota.used) == (
            [0.5],
            -0.25,
            3,
        )
        assert service.show(session, captain, waiting.id).waiting is not None
        assert service.mine(session, captain, task).items[0].id == waiting.id


def test_a_list_reads_the_run_that_counts_with_the_others_and_none_of_what_they_printed(
    database: object,
) -> None:
    with db.transaction() as session:
        task, phase, team, captain = make_open_task(session)
        row = make_submission(session, phase, team, state=State.SCORED)
        runs = [make_run(session, row, state=State.SCORED, log="x" * 1000) for _ in range(2)]
        row.run_id = runs[0].id
    with db.reading() as session:
        listed = service.mine(session, captain, task).items[0]
        statements = list[str]()
        event.listen(db.engine(), "before_cursor_execute", lambda *given: statements.append(given[2]))
        assert (listed.run, [run.id for run in listed.runs]) == (listed.runs[0], [run.id for run in runs])
        assert statements == []
        assert {"log", "stdout", "receipt"} <= inspect(listed.runs[0]).unloaded
