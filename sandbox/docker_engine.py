"""The sandbox on a Docker engine, near or far: one container for one job, and nothing left of it."""

import contextlib
import time
from collections.abc import Container as Collection
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import docker
import requests
from docker.errors import DockerException, ImageNotFound, NotFound

from sandbox import containers, creating, reaching, volumes
from sandbox.alone import Alone
from sandbox.containers import Engine
from sandbox.engine_state import EngineState
from sandbox.inside.frames import BrokenStream
from sandbox.job import Job, Outcome, SandboxUnavailable, Shape
from sandbox.keeping import Keeper, Wanted
from sandbox.lasting import Lasting
from sandbox.pool import Pool, remove_container
from sandbox.removals import Removals
from sandbox.running import BEGIN_S, NotBegun, Running, large_files, patience, within
from sandbox.stream import Attached

ENGINE_S = 60
POOL_BYTES = 2_000_000_000
# Somebody else fills the pool: look again then.
PAUSE_S = 0.05
# A tag is the digest of a recipe; what it names changes when somebody builds anew.
DIGEST_S = 5.0
TROUBLE = (DockerException, requests.RequestException, OSError, BrokenStream)


@dataclass(frozen=True)
class Cleared:
    """What was removed because no lease owns it."""

    containers: int = 0
    volumes: int = 0


class DockerSandbox:
    """Runs jobs on one engine; safe to share between threads.

    ``owner`` names whose warm containers these are: workers of one installation share them. ``holder`` is a
    lease that lasts as long as this process: under it lasting containers are kept between their jobs.
    """

    def __init__(
        self,
        host: str,
        runtime: str = "",
        seccomp_profile: str = "",
        owner: str = "nobody",
        pool_bytes: int = POOL_BYTES,
        holder: str = "",
    ) -> None:
        self._host, self._owner, self._pool_bytes, self._holder = host, owner, pool_bytes, holder
        self._engine = Engine(runtime, containers.seccomp_profile(seccomp_profile))
        self._removals = Removals()
        # Whether somebody in this process sees to the pool: who does not would leave containers behind.
        self._keeps = False
        self._digests: dict[str, tuple[str, float]] = {}

    @cached_property
    def _client(self) -> docker.DockerClient:
        return reaching.client(self._host, ENGINE_S)

    @cached_property
    def _pool(self) -> Pool:
        return Pool(self._client, self._engine, self._owner)

    @cached_property
    def _keeper(self) -> Keeper:
        return Keeper(self._client, self._pool, self._alone, self._pool_bytes)

    @cached_property
    def _lasting(self) -> Lasting:
        return Lasting(self._client, self._pool, self._alone, self._removals, self._holder)

    @cached_property
    def _alone(self) -> Alone:
        return Alone(self._client, self._cores)

    @cached_property
    def _cores(self) -> int:
        return int(self._facts["NCPU"])

    @cached_property
    def _facts(self) -> dict[str, Any]:
        """What an engine says of itself; only what never changes is to be taken from here."""
        facts: dict[str, Any] = self._client.info()
        return facts

    @property
    def engine_id(self) -> str:
        """The engine's own name for itself, which no other has.

        Raises:
            SandboxUnavailable: the engine does not answer.
        """
        with _trouble(""):
            return str(self._facts["ID"])

    def run(self, job: Job) -> Outcome:
        """Run a whole job in a container of its own; a warm one if there is one.

        Raises:
            SandboxUnavailable: the engine, an image or a volume failed; the program is not to blame.
        """
        with _trouble(job.shape.image):
            lent = large_files(job)
            outcome = None if lent or job.shape.alone else self._run_warm(job)
            return outcome or self._run_cold(job, lent)

    def _run_warm(self, job: Job) -> Outcome | None:
        """Run a job in a container that waits; None when there is none."""
        if job.shape.lasting:
            return self._lasting.run(job, make=self._keeps)
        while container := self._pool.claim(job.shape, job.lease):
            # One that ended while it waited is no reason to fail: it is removed, and the next one tried.
            with contextlib.suppress(NotBegun, NotFound):
                return self._outcome_warm(job, container)
        return None

    def _outcome_warm(self, job: Job, container: str) -> Outcome:
        try:
            # The engine lets us wait for one that has ended; one that is ready begins at once.
            with Attached(self._client, container, within(BEGIN_S)) as stream:
                outcome = Running(job, self._client, container).outcome(stream)
        except BaseException:
            self._pool.remove(container)
            raise
        self._removals.add(self._pool.remove, container)
        return outcome

    def _run_cold(self, job: Job, lent: Mapping[str, Path]) -> Outcome:
        mounted = volumes.ensure_all(self._client, job.shape)
        with self._lent(job, lent) as more:
            labels = {containers.LEASE: job.lease}
            given = containers.settings(job.shape, mounted | more, self._engine, labels)
            made = self._made(job.shape, given)
            try:
                with self._alone.room(job.shape):
                    outcome = self._outcome(job, made, lent)
            except BaseException:
                remove_container(self._client.api, made)
                raise
            if lent:
                remove_container(self._client.api, made)
            else:
                self._removals.add(remove_container, self._client.api, made)
            return outcome

    def _made(self, shape: Shape, given: dict[str, Any]) -> str:
        if shape.alone:
            return self._alone.create(shape, given)
        made = creating.create(self._client, **given)
        self._alone.give_way(made)
        return made

    def _outcome(self, job: Job, made: str, lent: Mapping[str, Path]) -> Outcome:
        with Attached(self._client, made, patience(job)) as stream:
            self._client.api.start(made)
            return Running(job, self._client, made, lent).outcome(stream)

    @contextlib.contextmanager
    def _lent(self, job: Job, files: Mapping[str, Path]) -> Iterator[dict[str, str]]:
        if not files:
            yield {}
            return
        name = volumes.lend(self._client, job.shape.image, job.lease, files)
        try:
            yield {name: containers.LENT}
        finally:
            volumes.give_back(self._client, name)

    def warm(self, shape: Shape, count: int = 1) -> None:
        """Have so many containers of this shape wait, and return when they do.

        Raises:
            SandboxUnavailable: the engine, an image or a volume failed.
        """
        with _trouble(shape.image):
            while self._keeper.waiting(shape) < count:
                if not self._keeper.fill(shape, self._pool.present()):
                    time.sleep(PAUSE_S)

    def keep(self, wanted: Sequence[Wanted], busy: int = 0) -> bool:
        """Bring the pool one step nearer to what is wanted; ``busy`` cores are needed for runs.

        Returns whether a container was filled, so that another step may have something to do.

        Raises:
            SandboxUnavailable: the engine, an image or a volume failed.
        """
        self._keeps = self._pool_bytes > 0
        with _trouble(wanted[0].shape.image if wanted else ""):
            return self._keeper.step(wanted, self._cores - busy)

    def let_go(self) -> None:
        """Let other processes have the lasting container that is kept for our next job."""
        self._lasting.let_go()

    def drain(self) -> None:
        """Leave no container that waits, or that somebody brings there just now.

        Raises:
            SandboxUnavailable: the engine does not answer.
        """
        with _trouble(""):
            self.let_go()
            for row in self._pool.present():
                if not (row.claim and row.claim.lease):
                    self._removals.add(self._pool.remove, row.id)
        self.settle()

    def settle(self) -> None:
        """Wait until every container that has done its work is gone."""
        self._removals.settle()

    def present(self, image: str) -> bool:
        """Whether the engine has the image.

        Raises:
            SandboxUnavailable: the engine does not answer.
        """
        try:
            self._client.images.get(image)
        except ImageNotFound:
            return False
        except TROUBLE as error:
            raise SandboxUnavailable(f"The engine does not answer: {error}") from error
        return True

    def image_digest(self, image: str) -> str:
        """The image's content digest.

        Raises:
            SandboxUnavailable: the engine does not answer, or has no such image.
        """
        known, until = self._digests.get(image, ("", 0.0))
        if time.monotonic() < until:
            return known
        try:
            found = str(self._client.images.get(image).id)
        except TROUBLE as error:
            raise SandboxUnavailable(f"The engine has no image {image}: {error}") from error
        self._digests[image] = found, time.monotonic() + DIGEST_S
        return found

    def state(self) -> EngineState:
        """How the engine is; one that does not answer is a state too."""
        try:
            return EngineState.told(self._client.info())
        except TROUBLE as error:
            return EngineState(answers=False, detail=str(error))

    def clear(self, leases: Collection[str]) -> Cleared:
        """Remove what belongs to leases that are not among these, and volumes that nobody finished filling.

        Raises:
            SandboxUnavailable: the engine does not answer.
        """
        with _trouble(""):
            removed = self._lasting.abandon(leases)
            for row in self._client.api.containers(all=True, filters={"label": containers.LEASE}):
                if row["Labels"][containers.LEASE] not in leases:
                    removed += remove_container(self._client.api, row["Id"])
            for claim in self._pool.claims():
                if claim.abandoned or (claim.lease and claim.lease not in leases):
                    self._pool.remove(claim.container)
                    removed += 1
            overdue = volumes.overdue(self._client, leases)
            return Cleared(removed, overdue + volumes.strays(self._client))


@contextlib.contextmanager
def _trouble(image: str) -> Iterator[None]:
    """Whatever the engine does to us is the sandbox's trouble."""
    try:
        yield
    except ImageNotFound:
        raise SandboxUnavailable(f"The engine has no image {image}. Build it: leitai images build") from None
    except TROUBLE as error:
        raise SandboxUnavailable(f"The sandbox failed: {error}") from error
