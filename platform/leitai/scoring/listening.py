"""A worker's loop: woken by the broker while there is one, else it looks into the database itself."""

import secrets
import signal
import time
from types import FrameType

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import SimpleWorker
from rq.exceptions import DequeueTimeout, StopRequested
from rq.job import Job
from rq.queue import Queue

from leitai import queues
from leitai.scoring.scorer import Said, Scorer, Stopped
from leitai.settings import load_settings

# How long to wait for a job before looking into the database all the same.
LOOK_S = 5
POLL_S = 1.0

log = structlog.get_logger()


class Listener(SimpleWorker):
    """RQ's worker without fork, scheduler and commands; it ends when the broker goes, and we go on."""

    scorer: Scorer
    broker_gone = False

    @property
    def dequeue_timeout(self) -> int:
        """Short, for the sweeper may be gone too."""
        return LOOK_S

    @property
    def connection_timeout(self) -> int:
        """A broker that is silent for longer than its wait has hung."""
        return LOOK_S + 2

    def _install_signal_handlers(self) -> None:
        """They are installed before there is a broker."""

    def subscribe(self) -> None:
        """No commands come through the broker."""

    def unsubscribe(self) -> None:
        """Nothing was subscribed to."""

    def execute_job(self, job: Job, queue: Queue) -> None:
        """As RQ's, which takes being told to stop for a failure of the job.

        Raises:
            StopRequested: we were told to stop.
        """
        super().execute_job(job, queue)
        if self.scorer.stopping:
            raise StopRequested

    def dequeue_job_and_maintain_ttl(
        self,
        timeout: int | None,
        max_idle_time: int | None = None,  # noqa: ARG002 RQ's signature
    ) -> tuple[Job, Queue] | None:
        """The next job; None in a burst when there is none.

        Raises:
            StopRequested: the broker is gone.
        """
        try:
            while True:
                try:
                    self.heartbeat()
                    return self.queue_class.dequeue_any(
                        self.queues, timeout, connection=self.connection, serializer=self.serializer
                    )
                except DequeueTimeout:
                    drain(self.scorer)
        except RedisError:
            self.broker_gone = True
            raise StopRequested from None

    def teardown(self) -> None:
        """As RQ's; a broker that is gone gets no goodbye."""
        if self.broker_gone:
            log.info("the broker went away")
        else:
            super().teardown()  # type: ignore[no-untyped-call]  # RQ leaves it untyped


def serve(scorer: Scorer, *, burst: bool) -> None:
    """Score until told to stop; in a burst, until nothing waits."""
    _heed_signals(scorer)
    log.info("listening", worker=scorer.worker)
    try:
        while not scorer.stopping:
            _listen(scorer, burst=burst)
            said = Said.IDLE if scorer.stopping else drain(scorer)
            if burst:
                return
            time.sleep(POLL_S if said == Said.IDLE else 2 * POLL_S)
    except Stopped:
        pass
    log.info("stopped", worker=scorer.worker)


def _listen(scorer: Scorer, *, burst: bool) -> None:
    try:
        # A broker that came back may still know us by the name of before.
        name = f"{scorer.worker}:{secrets.token_hex(4)}"
        listener = Listener([queues.SCORING], connection=_patient_broker(), name=name)
        listener.scorer = scorer
        listener.work(burst=burst, logging_level="CRITICAL")
    except RedisError as error:
        log.warning("no broker, looking into the database instead", error=str(error))


def _patient_broker() -> Redis:
    """A connection that may wait for a job; RQ says how long."""
    return Redis.from_url(load_settings().broker, socket_connect_timeout=2)


def drain(scorer: Scorer) -> Said:
    """Score whatever waits. Returns why it ended."""
    while (said := scorer.score_next()) == Said.DONE:
        pass
    return said


def _heed_signals(scorer: Scorer) -> None:
    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 the signature of a handler
        # Giving the work back must not be disturbed by a second signal.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        scorer.stopping = True
        raise Stopped

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
