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
    """Score until nothing waits: so a lost job delays nothing, and one more finds nothing to do.

    Raises:
        LookupError: this process was not equipped; start workers by `leitai worker`.
    """
    while (said := _scorers[0].score_next()) == Said.DONE and not _scorers[0].stopping:
        pass
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
