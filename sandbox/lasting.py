"""Jobs in containers that last: one after another in the same one, which is kept between them.

What is kept is claimed once and attached to once, so that the next job asks nothing of the engine. Its claim
names the process that keeps it and not a run, for it outlives every run.
"""

import secrets
from collections.abc import Container
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import Any

import docker
from docker.errors import DockerException, NotFound
from requests import RequestException

from sandbox import volumes
from sandbox.alone import Alone
from sandbox.job import Job, Outcome, Shape, Verdict
from sandbox.pool import Pool, remove_container
from sandbox.removals import Removals
from sandbox.running import BEGIN_S, NotBegun, Running, patience, within
from sandbox.stream import Attached


@dataclass(frozen=True)
class _Held:
    """A container of this shape, ours, and the open stream of its supervisor."""

    shape: Shape
    container: str
    stream: Attached


class Lasting:
    """The lasting containers of one process; it keeps at most one, for other shapes need the memory.

    ``holder`` is the lease under which it is kept, for as long as the process lives; without one, every job
    claims a container and lets it go.
    """

    def __init__(
        self, client: docker.DockerClient, pool: Pool, alone: Alone, removals: Removals, holder: str
    ) -> None:
        self._api: Any = client.api
        self._client, self._pool, self._alone, self._removals = client, pool, alone, removals
        self._holder = holder
        self._lock = Lock()
        self._kept: _Held | None = None
        self._serving: dict[str, str] = {}

    def run(self, job: Job, *, make: bool) -> Outcome | None:
        """Run a job in a container that waits, or in one that is made for it; None when neither may be.

        Raises:
            SandboxUnavailable, DockerException: the engine failed, or a new container gave no outcome.
        """
        while True:
            # One that ended while it waited is no reason to fail: it is removed, and the next one tried.
            with suppress(NotBegun, NotFound):
                if not (held := self._waiting(job)):
                    break
                return self._run(job, held)
        return self._run(job, self._made(job)) if make else None

    def let_go(self) -> None:
        """Let other processes have what is kept."""
        if held := self._exchanged(None):
            self._release(held)

    def abandon(self, leases: Container[str]) -> int:
        """End the jobs that run here under leases which are not among these. Returns how many."""
        gone = [container for lease, container in list(self._serving.items()) if lease not in leases]
        return sum(remove_container(self._api, container) for container in gone)

    def _waiting(self, job: Job) -> _Held | None:
        held = self._exchanged(None)
        if held and held.shape == job.shape:
            held.stream.left_s = within(BEGIN_S)
            return held
        if held:
            self._release(held)
        container = self._pool.claim(job.shape, self._holder or job.lease)
        return self._attached(job, container) if container else None

    def _made(self, job: Job) -> _Held:
        """A new one: whatever it prepares, its first job needs too."""
        mounted = volumes.ensure_all(self._client, job.shape)
        slot = secrets.token_hex(4)
        made = self._pool.create(job.shape, mounted, slot, self._holder or job.lease)
        return self._attached(job, made, start=True)

    def _attached(self, job: Job, container: str, *, start: bool = False) -> _Held:
        try:
            # The engine lets us wait for one that has ended; one that is ready begins at once.
            stream = Attached(self._client, container, patience(job) if start else within(BEGIN_S))
            if start:
                self._alone.give_way(container)
                self._api.start(container)
        except BaseException:
            self._pool.remove(container)
            raise
        return _Held(job.shape, container, stream)

    def _run(self, job: Job, held: _Held) -> Outcome:
        self._serving[job.lease] = held.container
        try:
            outcome = Running(job, self._client, held.container).outcome(held.stream)
        except BaseException:
            held.stream.close()
            self._pool.remove(held.container)
            raise
        finally:
            self._serving.pop(job.lease, None)
        self._done(held, outcome)
        return outcome

    def _done(self, held: _Held, outcome: Outcome) -> None:
        if outcome.verdict != Verdict.OK:
            held.stream.close()
            self._removals.add(self._pool.remove, held.container)
        elif not self._holder:
            self._release(held)
        elif before := self._exchanged(held):
            self._release(before)

    def _exchanged(self, held: _Held | None) -> _Held | None:
        """Keep this one. Returns what was kept before."""
        with self._lock:
            before, self._kept = self._kept, held
        return before

    def _release(self, held: _Held) -> None:
        held.stream.close()
        # Without an engine nothing can be given back; the sweeper sees to what is left.
        with suppress(DockerException, RequestException, OSError):
            self._pool.release(held.container)
