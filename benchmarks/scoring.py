"""Claiming while 10,000 wait, and recording 500 scores at once."""

import random
import time
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, insert, select

from benchmarks.event import Event
from benchmarks.pages import open_phase
from leitai import db
from leitai.competitions.models import Entry
from leitai.scoring import service
from leitai.scoring.work import Claim, Result
from leitai.submissions.models import State, Submission

WAITING, AT_ONCE, WORKERS = 10_000, 500, 4
LEASE_S = 600.0


def queue(event: Event) -> int:
    """Let 10,000 submissions of all teams of the task wait; the number of the last."""
    dice = random.Random(2)
    with db.transaction() as session:
        phase = open_phase(session, event)
        teams = session.execute(
            select(Entry.team_id, Entry.entered_by_id).where(Entry.task_id == event.task_id)
        ).all()
        waiting = session.scalar(
            select(func.count()).select_from(Submission).where(Submission.state == State.QUEUED)
        )
        rows = [
            {
                "task_id": event.task_id, "phase_id": phase.id, "team_id": team, "person_id": person,
                "kind": phase.task.kind, "file_name": "predictions.csv", "digest": "0" * 64, "size": 20_000,
                "state": State.QUEUED, "queued_at": db.now(),
            }
            for team, person in dice.choices(teams, k=WAITING - (waiting or 0))
        ]  # fmt: skip
        session.execute(insert(Submission), rows)
        return session.scalars(select(func.max(Submission.id))).one() or 0


def claim() -> tuple[Claim, float]:
    """One claim in its own transaction, and the seconds that it took."""
    began = time.perf_counter()
    with db.transaction() as session:
        found = service.claim(session, "measuring", LEASE_S)
    assert found
    return found, time.perf_counter() - began


def record(claimed: Claim) -> float:
    """One result in its own transaction; the seconds that it took."""
    dice = random.Random(claimed.run_id)
    names = [metric["metric"] for metric in claimed.work.evaluation["metrics"]]
    scores = [{name: dice.uniform(10, 60) for name in names} for _ in range(2)]
    result = Result("scored", public=scores[0], private=scores[1])
    began = time.perf_counter()
    with db.transaction() as session:
        assert service.record(session, claimed, result)
    return time.perf_counter() - began


def measure() -> dict[str, list[float]]:
    """Seconds of each claim from a long queue, and of each record; several workers record at once."""
    claimed = [claim() for _ in range(AT_ONCE)]
    began = time.perf_counter()
    with ThreadPoolExecutor(WORKERS) as workers:
        took = list(workers.map(record, [found for found, _ in claimed]))
    each = (time.perf_counter() - began) / AT_ONCE
    return {
        f"claim, {WAITING:,} waiting": [seconds for _, seconds in claimed],
        f"record, {AT_ONCE} at once": took,
        f"record, {AT_ONCE} at once, each": [each],
    }
