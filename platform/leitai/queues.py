"""The seam to Redis: jobs wake workers, and carry ids at most. The database is the truth about work."""

from functools import cache

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Retry
from sqlalchemy import event
from sqlalchemy.orm import Session

from leitai.settings import load_settings

SCORING = "scoring"
# By name, for the slices below scoring must not import it.
SCORE_NEXT = "leitai.scoring.jobs.score_next"
WAKES = "wakes after the commit"
# As many jobs wake as many workers, and each of those scores until nothing waits.
ENOUGH = 64

log = structlog.get_logger()


@cache
def broker() -> "Redis":
    """The connection of this process."""
    return Redis.from_url(
        load_settings().broker, socket_connect_timeout=2, socket_timeout=2, health_check_interval=30
    )


def scoring_queue() -> Queue:
    """Where workers listen."""
    return Queue(SCORING, connection=broker())


def wake() -> bool:
    """Say that there is work. A broker that is down loses nothing: the sweeper wakes again."""
    try:
        queue = scoring_queue()
        if queue.count >= ENOUGH:
            return True
        queue.enqueue(SCORE_NEXT, job_timeout=-1, result_ttl=0, failure_ttl=3600, retry=Retry(max=2), ttl=600)
    except RedisError as error:
        log.warning("broker unreachable, the sweeper will wake the workers", error=str(error))
        return False
    return True


def wake_after_commit(session: Session) -> None:
    """Wake, once for each call, when the transaction at hand is in the database."""
    if not session.info.get(WAKES):
        event.listen(session, "after_commit", _wake_for, once=True)
    session.info[WAKES] = session.info.get(WAKES, 0) + 1


def _wake_for(session: Session) -> None:
    # A broker that is down is told once, however much was queued.
    all(wake() for _ in range(session.info.pop(WAKES)))
