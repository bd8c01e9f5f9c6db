"""Where teams stand: the order, and what changes it."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from leitai import db
from leitai.competitions.models import Phase
from leitai.leaderboards import service
from leitai.leaderboards.models import Standing
from leitai.settings import Settings
from leitai.submissions.models import Split, State, Submission
from leitai.teams.models import Team
from tests.leitai.factories import EVALUATION, make_phase, make_task, make_team
from tests.leitai.leaderboards.scored import cancel, order, over, rescore, reveal, score, standing

DAY = datetime(2026, 3, 1, tzinfo=UTC)
HIGHER = {
    "id": "id",
    "split": "split",
    "metrics": [{"metric": "accuracy", "name": "rmse", "target": "value"}],
}
shared = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
# Few values, so that ties are common.
handed_in = st.lists(
    st.tuples(st.integers(0, 4), st.sampled_from([0.0, -0.0, 0.25, 0.5, 0.5000000001]), st.integers(0, 3)),
    max_size=14,
)


def naive(rows: list[tuple[int, float, int]], direction: str) -> list[int]:
    """Every team's best by score, time and number; then the teams by the same."""
    keyed = [
        ((-value if direction == "higher" else value) + 0.0, second, number, team)
        for number, (team, value, second) in enumerate(rows)
    ]
    best = {team: min(row for row in keyed if row[3] == team) for _, _, _, team in keyed}
    return [row[3] for row in sorted(best.values())]


@pytest.mark.parametrize("direction", ["higher", "lower"])
@shared
@given(rows=handed_in)
def test_the_order_is_score_then_time_then_number(
    database: Settings, direction: str, rows: list[tuple[int, float, int]]
) -> None:
    with db.factory()() as session:
        task = make_task(session, evaluation=HIGHER if direction == "higher" else EVALUATION)
        phase = make_phase(session, task)
        teams = [make_team(session) for _ in range(5)]
        for team, value, second in rows:
            score(session, phase, teams[team], value, value, DAY + timedelta(seconds=second))
        wanted = [teams[team].id for team in naive(rows, direction)]
        assert order(session, phase) == wanted
        # The same values are hidden here, so the same submissions give the same order.
        assert order(session, phase, Split.PRIVATE) == wanted
        page = service.board(session, phase, service.Query())
        assert [row.rank for row in page.page.items] == list(range(1, len(wanted) + 1))
        session.rollback()


def test_a_worse_score_changes_nothing_but_the_tries(database: Settings) -> None:
    with db.transaction() as session:
        phase, team = make_phase(session), make_team(session)
        best = score(session, phase, team, 0.5)
        score(session, phase, team, 0.6)
        row = standing(session, phase, team)
        assert row is not None
        assert (row.value, row.submission_id, row.tries) == (0.5, best.id, 2)
        assert row.scores == {"rmse": 0.5, "mae": 1.0}


def test_the_best_public_submission_counts_on_the_private_board(database: Settings) -> None:
    with db.transaction() as session:
        phase, team = make_phase(session), make_team(session)
        score(session, phase, team, 0.6, private=0.1)
        best = score(session, phase, team, 0.5, private=0.9)
        row = standing(session, phase, team, Split.PRIVATE)
        assert row is not None
        assert (row.submission_id, row.value) == (best.id, 0.9)


def test_a_reference_without_private_rows_gives_no_private_standing(database: Settings) -> None:
    with db.transaction() as session:
        phase, team = make_phase(session), make_team(session)
        score(session, phase, team, 0.5)
        assert standing(session, phase, team, Split.PRIVATE) is None


def test_recording_the_same_run_twice_changes_nothing(database: Settings) -> None:
    with db.transaction() as session:
        phase, team = make_phase(session), make_team(session)
        submission = score(session, phase, team, 0.5, 0.4)
        assert submission.run is not None
        service.place(session, submission, submission.run.id)
        row = standing(session, phase, team)
        assert row is not None
        assert (row.tries, row.previous_rank) == (1, 1)
        assert session.scalar(select(func.count(Standing.id)).where(Standing.team_id == team.id)) == 2


def test_without_its_best_a_team_falls_back_to_the_next_and_then_off_the_board(database: Settings) -> None:
    with db.transaction() as session:
        phase, team = make_phase(session), make_team(session)
        second, best = score(session, phase, team, 0.6, 0.6), score(session, phase, team, 0.5, 0.5)
        cancel(session, best)
        for split in Split:
            row = standing(session, phase, team, split)
            assert row is not None
            assert (row.submission_id, row.value, row.tries) == (second.id, 0.6, 1)
        cancel(session, second)
        assert [standing(session, phase, team, split) for split in Split] == [None, None]


def test_a_rescore_replaces_the_score_for_better_or_worse(database: Settings) -> None:
    with db.transaction() as session:
        phase, team = make_phase(session), make_team(session)
        first, second = score(session, phase, team, 0.5, 0.5), score(session, phase, team, 0.6, 0.6)
        rescore(session, first, 0.9, 0.8)
        row = standing(session, phase, team)
        assert row is not None
        assert (row.submission_id, row.value) == (second.id, 0.6)
        rescore(session, first, 0.1, 0.2)
        public, private = standing(session, phase, team), standing(session, phase, team, Split.PRIVATE)
        assert public is not None
        assert private is not None
        assert (public.submission_id, public.value, private.value, public.tries) == (first.id, 0.1, 0.2, 2)


@pytest.mark.parametrize("state", [State.REJECTED, State.FAILED])
def test_a_rescore_that_lost_its_score_takes_the_place(database: Settings, state: State) -> None:
    with db.transaction() as session:
        phase, team = make_phase(session), make_team(session)
        submission = score(session, phase, team, 0.5, 0.5)
        submission.state = state
        service.withdraw(session, submission)
        assert standing(session, phase, team) is None


def test_while_it_is_scored_once_more_a_submission_keeps_its_place(database: Settings) -> None:
    with db.transaction() as session:
        phase, team = make_phase(session), make_team(session)
        best = score(session, phase, team, 0.5)
        best.state = State.QUEUED
        score(session, phase, team, 0.7)
        row = standing(session, phase, team)
        assert row is not None
        assert row.submission_id == best.id


def test_movement_compares_with_the_rank_before_the_latest_improvement(database: Settings) -> None:
    with db.transaction() as session:
        phase = make_phase(session)
        first, second, third = (make_team(session) for _ in range(3))
        for team, value in ((first, 0.1), (second, 0.2), (third, 0.3)):
            score(session, phase, team, value)
        score(session, phase, third, 0.05)
        moved = {row.standing.team_id: row.moved for row in service.board(session, phase).page.items}
        assert moved == {third.id: 2, first.id: -1, second.id: -1}


def test_on_the_private_board_movement_compares_with_the_public_one(database: Settings) -> None:
    with db.transaction() as session:
        phase = make_phase(session)
        first, second = make_team(session), make_team(session)
        score(session, phase, first, 0.1, 0.9)
        score(session, phase, second, 0.2, 0.3)
        reveal(session, phase)
        board = service.board(session, phase, service.Query(Split.PRIVATE))
        assert {row.standing.team_id: row.moved for row in board.page.items} == {second.id: 1, first.id: -1}


def test_the_same_team_in_two_phases_stands_in_each(database: Settings) -> None:
    with db.transaction() as session:
        task, team = make_task(session), make_team(session)
        phases = [make_phase(session, task, position=n) for n in (1, 2)]
        for phase, value in zip(phases, (0.1, 0.2), strict=True):
            score(session, phase, team, value)
        rows = [standing(session, phase, team) for phase in phases]
        assert [row and row.value for row in rows] == [0.1, 0.2]


def together(work: list[Callable[[], None]]) -> None:
    """Run all at once, and raise what one of them raised."""
    gate, errors = threading.Barrier(len(work)), list[BaseException]()

    def run(job: Callable[[], None]) -> None:
        try:
            gate.wait()
            job()
        except BaseException as error:  # noqa: BLE001 it is raised below, in the test's thread
            errors.append(error)

    threads = [threading.Thread(target=run, args=(job,)) for job in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def test_workers_that_record_at_once_leave_one_right_row(both_databases: Settings) -> None:
    with db.transaction() as session:
        phase = make_phase(session)
        teams = [make_team(session) for _ in range(2)]
        phase_id, team_ids = phase.id, [team.id for team in teams]
    values = [0.9, 0.3, 0.7, 0.5]

    def record(team_id: int, value: float) -> None:
        with db.transaction() as session:
            phase, team = session.get_one(Phase, phase_id), session.get_one(Team, team_id)
            score(session, phase, team, value, value / 2)

    together([lambda t=t, v=v: record(t, v) for t in team_ids for v in values])  # type: ignore[misc]  # defaults bind now
    with db.reading() as session:
        phase = session.get_one(Phase, phase_id)
        for team_id in team_ids:
            row = standing(session, phase, session.get_one(Team, team_id))
            assert row is not None
            assert (row.value, row.tries) == (0.3, len(values))
        assert session.scalar(select(func.count(Standing.id))) == 4


def test_two_sweepers_reveal_once(both_databases: Settings) -> None:
    with db.transaction() as session:
        phase = make_phase(session)
        for value in (0.5, 0.6):
            score(session, phase, make_team(session), value, value)
        over(session, phase)
    revealed: list[int] = []

    def sweep() -> None:
        with db.transaction() as session:
            revealed.append(service.reveal_due(session))

    together([sweep] * 4)
    assert sorted(revealed) == [0, 0, 0, 1]
    with db.transaction() as session:
        found = session.scalars(select(Submission)).all()
        private = [score for row in found if row.run for score in row.run.scores if score.split == "private"]
        assert len(private) == 4
        assert service.reveal_due(session) == 0


def test_nothing_is_revealed_before_its_time_or_while_a_submission_is_under_way(database: Settings) -> None:
    with db.transaction() as session:
        phase, team = make_phase(session), make_team(session)
        submission = score(session, phase, team, 0.5, 0.4)
        assert service.reveal_due(session) == 0
        over(session, phase)
        submission.state = State.QUEUED
        session.flush()
        assert service.reveal_due(session) == 0
        submission.state = State.SCORED
        session.flush()
        assert service.reveal_due(session) == 1
        session.refresh(phase)
        assert phase.revealed_at is not None


def test_a_rescore_after_the_reveal_writes_its_private_scores_at_once(database: Settings) -> None:
    with db.transaction() as session:
        phase, team = make_phase(session), make_team(session)
        submission = score(session, phase, team, 0.5, 0.4)
        reveal(session, phase)
        run = rescore(session, submission, 0.3, 0.2)
        session.refresh(run, ["scores"])
        assert {s.metric: s.value for s in run.scores if s.split == "private"} == {"rmse": 0.2, "mae": 0.4}
        row = standing(session, phase, team, Split.PRIVATE)
        assert row is not None
        assert row.value == 0.2


def test_the_best_public_score_of_each_phase_is_told_whichever_way_is_better(database: Settings) -> None:
    with db.transaction() as session:
        lower, empty = make_phase(session), make_phase(session)
        higher = make_phase(session, make_task(session, evaluation=HIGHER))
        for value in (0.3, 0.1, 0.4):
            score(session, lower, make_team(session), value)
            score(session, higher, make_team(session), value)
        phases = [lower.id, empty.id, higher.id]
        assert service.best_scores(session, phases) == {lower.id: 0.1, higher.id: 0.4}
