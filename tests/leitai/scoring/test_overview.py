"""A task in figures, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from leitai import db
from leitai.competitions.models import Task
from leitai.competitions.stage import Stage, stage_of
from leitai.scoring import overview
from leitai.settings import Settings
from leitai.submissions.models import Score, State, Submission
from tests.leitai.factories import (
    EVALUATION,
    make_entry,
    make_phase,
    make_run,
    make_submission,
    make_task,
    make_team,
)

NOON = db.now().replace(hour=12, minute=0, second=0, microsecond=0)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is noon, so that an hour ago is the same day."""
    monkeypatch.setattr(db, "now", lambda: NOON)


def scored(session: Session, task: Task, value: float, minutes_ago: int, took_s: float = 1.0) -> Submission:
    at = NOON - timedelta(minutes=minutes_ago)
    phase = task.phases[0]
    submission = make_submission(
        session,
        phase,
        state=State.SCORED,
        created_at=at,
        queued_at=at,
        finished_at=at + timedelta(seconds=took_s),
    )
    run = make_run(session, submission, state=State.SCORED, cpu_s=10.0)
    submission.run_id = run.id
    for split, worth in (("public", value), ("private", 0.0)):
        session.add(Score(run_id=run.id, split=split, metric="rmse", value=worth))
    session.flush()
    return submission


def stage(session: Session, task: Task) -> Stage:
    session.expire_all()
    return stage_of(session, None, task)


def test_days_without_a_submission_are_days_too(both_databases: Settings) -> None:
    with db.transaction() as session:
        task = make_task(session)
        make_phase(session, task)
        for minutes in (1, 2, 3 * 24 * 60, 40 * 24 * 60):
            scored(session, task, 1.0, minutes)
        days = overview.overview(session, stage(session, task)).per_day
    today = NOON.date()
    assert days == [(today - timedelta(days=n), count) for n, count in ((3, 1), (2, 0), (1, 0), (0, 2))]


@pytest.mark.parametrize(
    ("metric", "expected"), [("rmse", [5.0, 4.0, 3.0]), ("r2", [5.0, 6.0])], ids=["lower", "higher"]
)
def test_the_best_score_moves_only_to_the_better(
    both_databases: Settings, metric: str, expected: list[float]
) -> None:
    metrics = [{"metric": metric, "name": "rmse", "target": "value"}]
    with db.transaction() as session:
        task = make_task(session, evaluation=EVALUATION | {"metrics": metrics})
        make_phase(session, task)
        for place, value in enumerate([5.0, 5.0, 4.0, 6.0, 3.0, 4.0]):
            scored(session, task, value, 100 - place)
        best = overview.overview(session, stage(session, task)).best
    assert [value for _, value in best] == expected
    assert best[0][0] == NOON - timedelta(minutes=100)
    assert best == sorted(best)


def test_times_compute_and_counts(both_databases: Settings) -> None:
    with db.transaction() as session:
        task = make_task(session)
        phase = make_phase(session, task)
        for place in range(20):
            scored(session, task, 1.0, 10, took_s=1.0 + place)
        scored(session, task, 1.0, 3 * 24 * 60, took_s=1000.0)
        failed = make_submission(session, phase, state=State.FAILED)
        make_run(session, failed, state=State.FAILED, cpu_s=3.0)
        make_submission(session, phase)
        found = overview.overview(session, stage(session, task))
    assert (found.submissions, found.submissions_today, found.waiting) == (23, 22, 1)
    assert (found.times.median_s, found.times.p95_s, found.times.today) == (10.5, 20.0, True)
    assert (found.cpu_s, found.failed_cpu_s) == (213.0, 3.0)
    assert len(found.latest) == overview.LATEST


def test_many_countries_are_the_first_eight_and_the_others(both_databases: Settings) -> None:
    with db.transaction() as session:
        task = make_task(session)
        make_phase(session, task)
        for place, country in enumerate(["CN", "CN", "CN", "DE", "DE", *"ABCDEFGHI"]):
            team = make_team(session, country=country if len(country) == 2 else f"{country}{place % 10}")
            make_entry(session, task, team)
        found = overview.overview(session, stage(session, task))
        page, rows = overview.entries(session, stage(session, task), 1)
    assert found.countries[:2] == [("CN", 3), ("DE", 2)]
    assert found.countries[-1] == ("", 3)
    assert sum(count for _, count in found.countries) == found.entries == page.total == len(rows) == 14
