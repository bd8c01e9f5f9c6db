"""Submissions that come along with a competition older than the portal."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from leitai import db, queues
from leitai.errors import Conflict
from leitai.settings import Settings
from leitai.storage import Artefact
from leitai.submissions.earlier import bring
from leitai.submissions.models import Submission
from tests.leitai.factories import make_entry, make_phase, make_task

PREDICTIONS = Artefact("0" * 64, 12)


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "wake", lambda: True)


def brought(session: Session, days_ago: float, file_name: str = "mean.csv") -> Submission:
    """Into a phase that began ten days ago and ended two days ago."""
    task = make_task(session)
    phase = make_phase(
        session, task, starts_at=db.now() - timedelta(days=10), ends_at=db.now() - timedelta(days=2)
    )
    entry = make_entry(session, task)
    at = db.now() - timedelta(days=days_ago)
    return bring(session, entry.team.captain, entry, phase, PREDICTIONS, file_name, "mean", at)


def test_it_is_queued_now_and_counts_from_then(both_databases: Settings) -> None:
    with db.transaction() as session:
        submission = brought(session, days_ago=5)
        assert (submission.state, submission.attempts, submission.kind) == ("queued", 0, "predictions")
        assert submission.queued_at is not None
        assert submission.queued_at - submission.created_at > timedelta(days=4)
        assert submission.phase.starts_at < submission.created_at < submission.phase.ends_at


@pytest.mark.parametrize("days_ago", [11, 1, -1])
def test_a_moment_outside_of_the_phase_is_refused(database: Settings, days_ago: float) -> None:
    with db.transaction() as session, pytest.raises(Conflict):
        brought(session, days_ago)


def test_an_entry_of_another_task_is_refused(database: Settings) -> None:
    with db.transaction() as session:
        phase, entry = make_phase(session), make_entry(session)
        with pytest.raises(Conflict):
            bring(session, entry.team.captain, entry, phase, PREDICTIONS, "mean.csv", "", db.now())
