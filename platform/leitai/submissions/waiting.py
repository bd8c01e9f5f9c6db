"""The place of a submission in the queue, and when its result may be expected."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, bindparam, func, or_, select
from sqlalchemy.orm import Session

from leitai import db
from leitai.submissions.models import Run, State, Submission

RECENT_RUNS = 50
# A worker that began no run for so long counts as gone.
WORKER_SEEN = timedelta(minutes=10)
RUNS_LOOKED_AT = 500
RUNS_FOR_TURNS = 2000
# Before a deadline thousands wait and look again every few seconds: the order of so many is worked out once
# for all of them, and is a moment old.
LONG_QUEUE = 500
KEPT_FOR = timedelta(seconds=2)
Places = dict[int, int]
_kept: WeakKeyDictionary[Engine, tuple[datetime, Places]] = WeakKeyDictionary()
_one_at_a_time = Lock()


@dataclass(frozen=True)
class Waiting:
    """A place counted from 1, and the seconds until the result; None when nothing is known to judge by."""

    place: int
    seconds: float | None


def place_in_queue(session: Session, submission: Submission, workers: int | None = None) -> Waiting | None:
    """Where a submission waits; None when it waits no more.

    The place follows the fair pick as if no more came in: a team's second submission stands behind
    everybody's first, and among equals the team served longest ago is next. The time is the median of the
    task's recent runs for each round of the workers, and a guess: other tasks' runs take their own time.
    """
    place = _place(session, submission.id) if submission.state == State.QUEUED else None
    if place is None:
        return None
    duration = _usual_duration(session, submission.task_id)
    workers = _workers_seen(session) if workers is None else workers
    if duration is None or workers < 1:
        return Waiting(place, None)
    return Waiting(place, math.ceil(place / workers) * duration)


def _place(session: Session, submission_id: int) -> int | None:
    engine = session.get_bind().engine
    with _one_at_a_time:
        moment, places = _kept.get(engine, (None, Places()))
        if moment is not None and db.now() - moment < KEPT_FOR and submission_id in places:
            return places[submission_id]
        places = dict(session.execute(select(_ordered.c.id, _ordered.c.place)).all())
        if len(places) >= LONG_QUEUE:
            _kept[engine] = (db.now(), places)
        return places.get(submission_id)


_running = (
    select(Run.team_id, func.count().label("runs"))
    .where(Run.state == State.RUNNING)
    .group_by(Run.team_id)
    .subquery("running")
)
_nth = func.row_number().over(partition_by=Submission.team_id, order_by=(Submission.queued_at, Submission.id))
_waiting = (
    select(Submission.id, Submission.team_id, Submission.queued_at, _nth.label("nth"))
    .where(Submission.state == State.QUEUED)
    .subquery("waiting")
)
# Run numbers grow with time, so that the greatest tells who was served last. Only the newest are looked at:
# a place costs the same after a million runs, and whoever is not among them was served long ago.
_latest = select(Run.id, Run.team_id).order_by(Run.id.desc()).limit(RUNS_FOR_TURNS).subquery("latest_runs")
_served = (
    select(_latest.c.team_id, func.max(_latest.c.id).label("run"))
    .group_by(_latest.c.team_id)
    .subquery("served")
)
_rank = func.row_number().over(
    order_by=(
        func.coalesce(_running.c.runs, 0) + _waiting.c.nth,
        func.coalesce(_served.c.run, 0),
        _waiting.c.queued_at,
        _waiting.c.id,
    )
)
_ordered = (
    select(_waiting.c.id, _rank.label("place"))
    .outerjoin(_running, _running.c.team_id == _waiting.c.team_id)
    .outerjoin(_served, _served.c.team_id == _waiting.c.team_id)
    .subquery("ordered")
)


# The newest of all tasks first: both databases would otherwise walk through all runs of the task.
_newest = (
    select(Run.id, Run.state, Run.worker, Run.started_at, Run.finished_at, Submission.task_id)
    .join(Submission, Submission.id == Run.submission_id)
    .order_by(Run.id.desc())
    .limit(RUNS_LOOKED_AT)
    .subquery("newest")
)
_of_task = (
    select(_newest.c.started_at, _newest.c.finished_at)
    .where(_newest.c.task_id == bindparam("task"), _newest.c.state.in_((State.SCORED, State.REJECTED)))
    .where(_newest.c.finished_at.is_not(None))
    .order_by(_newest.c.id.desc())
    .limit(RECENT_RUNS)
)
_workers = select(func.count(func.distinct(_newest.c.worker))).where(
    or_(_newest.c.started_at >= bindparam("since"), _newest.c.state == State.RUNNING)
)


def _usual_duration(session: Session, task_id: int) -> float | None:
    runs = session.execute(_of_task, {"task": task_id})
    took = [(finished - started).total_seconds() for started, finished in runs]
    return median(took) if took else None


def _workers_seen(session: Session) -> int:
    return session.scalar(_workers, {"since": db.now() - WORKER_SEEN}) or 0
