"""Boards that are ordered by ranks averaged over several scores."""

import threading
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from leitai import db
from leitai.competitions.models import Phase
from leitai.leaderboards import service
from leitai.leaderboards.exporting import export
from leitai.leaderboards.models import Standing
from leitai.leaderboards.ordering import on
from leitai.settings import Settings
from leitai.submissions.models import Score, Split, State, Submission
from leitai.teams.models import Team
from tests.leitai.conftest import SignIn
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
from tests.leitai.leaderboards.scored import cancel, order, over, reveal, standing

DAY = datetime(2026, 3, 1, tzinfo=UTC)
METRICS = [
    {"metric": "rmse", "name": "err", "target": "y"},
    {"metric": "accuracy", "name": "hit", "target": "c"},
]


def evaluation(**more: object) -> dict[str, object]:
    ranks = {"combine": "mean_rank", "name": "Rank", "of": ["err", "hit"], **more}
    return {"id": "id", "split": "split", "metrics": [ranks, *METRICS]}


def place_scores(
    session: Session, submission: Submission, public: tuple[float, float], private: tuple[float, float] | None
) -> None:
    """A run of a submission, recorded: what errs and what hits."""
    sealed = dict(zip(("err", "hit"), private or public, strict=True))
    run = make_run(session, submission, state=State.SCORED, sealed=sealed, finished_at=db.now())
    for name, value in zip(("err", "hit"), public, strict=True):
        session.add(Score(run_id=run.id, split=Split.PUBLIC, metric=name, value=value))
    submission.state, submission.run_id, submission.finished_at = State.SCORED, run.id, db.now()
    service.place(session, submission, run.id)


def score(
    session: Session,
    phase: Phase,
    team: Team,
    public: tuple[float, float],
    private: tuple[float, float] | None = None,
    second: int = 0,
) -> Submission:
    at = DAY + timedelta(seconds=second)
    submission = make_submission(session, phase, team, created_at=at, state=State.RUNNING)
    place_scores(session, submission, public, private)
    return submission


def means(session: Session, phase: Phase, split: str = Split.PUBLIC) -> dict[int, float]:
    """What the board says of each team."""
    rows = session.execute(select(Standing.team_id, Standing.value).where(on(phase.id, split)))
    return dict(rows.all())


def naive(scores: dict[int, tuple[float, float]], weights: tuple[int, int] = (1, 1)) -> dict[int, float]:
    """For each team and score, the mean of the places that teams with this score take; then their mean."""
    found = {}
    for team, mine in scores.items():
        total = Fraction(0)
        for column, weight, sign in ((0, weights[0], 1), (1, weights[1], -1)):
            better = sum(sign * other[column] < sign * mine[column] for other in scores.values())
            same = sum(other[column] == mine[column] for other in scores.values())
            places = range(better + 1, better + same + 1)
            total += weight * Fraction(sum(places), same)
        found[team] = float(total / sum(weights))
    return found


@pytest.fixture
def phase(both_databases: Settings) -> int:
    with db.transaction() as session:
        return make_phase(session, make_task(session, evaluation=evaluation())).id


def test_a_team_stands_by_the_mean_of_its_ranks(phase: int) -> None:
    with db.transaction() as session:
        here = session.get_one(Phase, phase)
        one, two, three = (make_team(session) for _ in range(3))
        score(session, here, one, (1.0, 0.1), second=3)
        score(session, here, two, (2.0, 0.9), second=2)
        score(session, here, three, (3.0, 0.5), second=1)
        # err: 1, 2, 3; hit: 3, 1, 2. Two has 1.5, one has 2, three has 2.5.
        assert means(session, here) == {one.id: 2.0, two.id: 1.5, three.id: 2.5}
        assert order(session, here) == [two.id, one.id, three.id]


def test_teams_with_equal_scores_share_the_mean_of_their_ranks(phase: int) -> None:
    with db.transaction() as session:
        here = session.get_one(Phase, phase)
        teams = [make_team(session) for _ in range(4)]
        for second, (team, err) in enumerate(zip(teams, (1.0, 2.0, 2.0, 2.0), strict=True)):
            score(session, here, team, (err, 0.5), second=-second)
        # err: 1 and thrice (2 + 3 + 4) / 3; hit: four times 2.5. The earliest of equal means stands first.
        assert [means(session, here)[team.id] for team in teams] == [1.75, 2.75, 2.75, 2.75]
        assert order(session, here) == [teams[0].id, teams[3].id, teams[2].id, teams[1].id]


def test_the_private_board_has_its_own_ranks(phase: int) -> None:
    with db.transaction() as session:
        here = session.get_one(Phase, phase)
        one, two = make_team(session), make_team(session)
        score(session, here, one, (1.0, 0.9), (5.0, 0.1))
        score(session, here, two, (2.0, 0.8), (4.0, 0.2))
        reveal(session, here)
        assert means(session, here) == {one.id: 1.0, two.id: 2.0}
        assert means(session, here, Split.PRIVATE) == {one.id: 2.0, two.id: 1.0}
        first = standing(session, here, two, Split.PRIVATE)
        assert first is not None
        assert first.previous_rank == 2


def test_everybodys_mean_follows_when_a_team_improves_and_goes(phase: int) -> None:
    with db.transaction() as session:
        here = session.get_one(Phase, phase)
        one, two = make_team(session), make_team(session)
        score(session, here, one, (2.0, 0.5))
        score(session, here, two, (3.0, 0.4))
        assert means(session, here) == {one.id: 1.0, two.id: 2.0}
        better = score(session, here, two, (1.0, 0.6))
        assert means(session, here) == {one.id: 2.0, two.id: 1.0}
        cancel(session, better)
        assert means(session, here) == {one.id: 1.0, two.id: 2.0}


def test_a_withdrawn_team_leaves_the_ranks_of_the_others(phase: int) -> None:
    with db.transaction() as session:
        here = session.get_one(Phase, phase)
        one, two, three = (make_team(session) for _ in range(3))
        gone = score(session, here, one, (1.0, 0.9))
        score(session, here, two, (2.0, 0.8))
        score(session, here, three, (3.0, 0.85))
        assert means(session, here) == {one.id: 1.0, two.id: 2.5, three.id: 2.5}
        cancel(session, gone)
        assert means(session, here) == {two.id: 1.5, three.id: 1.5}
        assert means(session, here, Split.PRIVATE) == {two.id: 1.5, three.id: 1.5}


def test_a_rescore_changes_ranks_and_remembers_the_one_before(phase: int) -> None:
    with db.transaction() as session:
        here = session.get_one(Phase, phase)
        one, two = make_team(session), make_team(session)
        score(session, here, one, (2.0, 0.5))
        again = score(session, here, two, (3.0, 0.4))
        assert means(session, here)[two.id] == 2.0
        place_scores(session, again, (1.0, 0.4), None)
        assert means(session, here) == {one.id: 1.5, two.id: 1.5}
        place_scores(session, again, (1.0, 0.6), None)
        row = standing(session, here, two)
        assert row is not None
        assert (row.value, row.previous_rank, order(session, here)[0]) == (1.0, 2, two.id)


def test_a_new_team_compares_with_the_rank_it_came_in_at(phase: int) -> None:
    with db.transaction() as session:
        here = session.get_one(Phase, phase)
        one, two = make_team(session), make_team(session)
        score(session, here, one, (2.0, 0.5))
        score(session, here, two, (3.0, 0.4))
        came, first = standing(session, here, two), standing(session, here, one)
        assert came is not None
        assert first is not None
        assert (first.previous_rank, came.previous_rank) == (1, 2)


@pytest.mark.parametrize(("choose", "counts"), [({}, (1.0, 0.1)), ({"choose": "hit"}, (5.0, 0.9))])
def test_one_submission_of_a_team_counts_by_the_named_score(
    database: Settings, choose: dict[str, str], counts: tuple[float, float]
) -> None:
    with db.transaction() as session:
        here = make_phase(session, make_task(session, evaluation=evaluation(**choose)))
        team = make_team(session)
        score(session, here, team, (1.0, 0.1), second=1)
        score(session, here, team, (5.0, 0.9), second=2)
        row = standing(session, here, team)
        assert row is not None
        assert (row.scores, row.tries) == ({"err": counts[0], "hit": counts[1]}, 2)


steps = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 3), st.integers(0, 3), st.booleans()), min_size=1, max_size=12
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps, weights=st.tuples(st.integers(1, 3), st.integers(1, 3)))
def test_any_course_of_events_leaves_the_ranks_of_the_scores_that_count(
    database: Settings, steps: list[tuple[int, int, int, bool]], weights: tuple[int, int]
) -> None:
    with db.factory()() as session:
        of = dict(zip(("err", "hit"), weights, strict=True))
        here = make_phase(session, make_task(session, evaluation=evaluation(of=of)))
        teams = [make_team(session) for _ in range(5)]
        alive: list[tuple[int, tuple[float, float], Submission]] = []
        for second, (team, err, hit, withdraw) in enumerate(steps):
            if withdraw and alive:
                cancel(session, alive.pop(team % len(alive))[2])
            else:
                given_scores = (err / 4, hit / 4)
                alive.append(
                    (team, given_scores, score(session, here, teams[team], given_scores, None, second))
                )
        counting: dict[int, tuple[float, float]] = {}
        for team, scores, _ in sorted(alive, key=lambda one: (one[1][0], one[2].created_at, one[2].id)):
            counting.setdefault(teams[team].id, scores)
        assert means(session, here) == naive(counting, weights)
        assert means(session, here, Split.PRIVATE) == naive(counting, weights)


def test_recording_at_once_leaves_exact_ranks(postgres: Settings) -> None:
    with db.transaction() as session:
        here = make_phase(session, make_task(session, evaluation=evaluation()))
        submissions = [
            make_submission(session, here, make_team(session), created_at=DAY, state=State.RUNNING).id
            for _ in range(12)
        ]
        phase_id = here.id
    failures: list[Exception] = []

    def record(numbers: list[int]) -> None:
        try:
            for number in numbers:
                with db.transaction() as session:
                    submission = session.get_one(Submission, submissions[number])
                    place_scores(session, submission, (number % 5, (number % 3) / 4), None)
        except Exception as error:  # noqa: BLE001 told by the test, not by the thread
            failures.append(error)

    threads = [threading.Thread(target=record, args=(list(range(start, 12, 4)),)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    with db.reading() as session:
        here = session.get_one(Phase, phase_id)
        rows = session.scalars(select(Standing).where(on(here.id, Split.PUBLIC))).all()
        scores = {row.team_id: (row.scores["err"], row.scores["hit"]) for row in rows}
        assert len(scores) == 12
        assert {row.team_id: row.value for row in rows} == naive(scores)


def test_the_export_has_ranks_beside_their_parts(database: Settings) -> None:
    with db.transaction() as session:
        here = make_phase(session, make_task(session, evaluation=evaluation()))
        organizer = make_person(session)
        here.task.competition.organizers.append(organizer)
        score(session, here, make_team(session), (1.0, 0.25))
        over(session, here)
        lines = export(session, organizer, here.task, here).splitlines()
        assert lines[0].endswith('"public Rank","public err","public hit"')
        assert lines[1].endswith('"1.0","1.0","0.25"')


def test_lists_of_submissions_have_the_score_that_chooses_as_ranks_belong_to_boards(
    database: Settings, sign_in: SignIn
) -> None:
    with db.transaction() as session:
        organizer, captain = make_person(session), make_person(session)
        competition = make_competition(session, organizers=(organizer,))
        task = make_task(session, competition, evaluation=evaluation())
        phase, team = make_phase(session, task), make_team(session, captain)
        make_entry(session, task, team)
        score(session, phase, team, (0.8125, 0.75))
        address = f"/competitions/{competition.slug}/{task.slug}"
    assert "0.812500" in sign_in(organizer).get(f"{address}/organize/submissions").text
    page = BeautifulSoup(sign_in(captain).get(f"{address}/submissions").text, "html.parser")
    assert [cell.text.split()[0] for cell in page.select("table.board th.r")] == ["err", "hit"]
    assert [cell.text for cell in page.select("table.board td.r")] == ["0.812500", "0.750000"]
