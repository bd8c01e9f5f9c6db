"""What wakes a worker. The job names no submission: the database is the truth about work."""

from redis.exceptions import RedisError

from leitai import db, queues
from leitai.scoring import picking
from leitai.scoring.scorer import Said, Scorer

_scorers: list[Scorer] = []


def equip(scorer: Scorer) -> None:
    """Give this process what it scores with."""
    _scorers[:] = [scorer]


def score_next() -> str:
    """Score one submission, and see to it that somebody is woken for the next.

    Raises:
        LookupError: this process was not equipped; start workers by `leitai worker`.
    """
    said = _scorers[0].score_next()
    if said == Said.DONE:
        wake_for_waiting(1)
    return said


def wake_for_waiting(workers: int) -> int:
    """Have a job for each waiting submission, up to the number of workers. Returns how many were missing."""
    with db.reading() as session:
        waiting = len(session.scalars(picking.waiting().limit(workers)).all())
    if not waiting:
        return 0
    try:
        missing = waiting - queues.scoring_queue().count
    except RedisError:
        return 0
    for _ in range(missing):
        queues.wake()
    return max(missing, 0)
