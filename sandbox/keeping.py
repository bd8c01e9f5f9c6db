"""Keeps the warm pool as it should be: one step at a time, and never at the cost of a run."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import docker
from docker.errors import APIError

from sandbox import containers, receiving, volumes
from sandbox.alone import Alone
from sandbox.inside.frames import BrokenStream
from sandbox.job import SandboxUnavailable, Shape
from sandbox.pool import Pool, Warm
from sandbox.running import within
from sandbox.stream import Attached

# An image from a slow disk, and imports on a busy machine.
READY_S = 90.0
# What an interpreter without any imports uses, and its supervisor.
LEAST_BYTES = 20_000_000


@dataclass(frozen=True)
class Wanted:
    """How many containers of a shape should wait; earlier ones matter more."""

    shape: Shape
    count: int


class Keeper:
    """Fills and trims one pool; the memory of all that wait stays within a budget in bytes."""

    def __init__(self, client: docker.DockerClient, pool: Pool, alone: Alone, budget_bytes: int) -> None:
        self._client, self._pool, self._alone = client, pool, alone
        self._budget_bytes = budget_bytes
        self._api: Any = client.api
        self._known_bytes: dict[str, int] = {}

    def step(self, wanted: Sequence[Wanted], free_cores: int) -> bool:
        """Remove what nobody wants, and fill one container if a core is free. Returns whether one was filled.

        Raises:
            SandboxUnavailable: a container would not start.
        """
        present = self._pool.present()
        filling = [row for row in present if row.starting or (row.claim and not row.claim.lease)]
        waiting = self._trimmed(wanted, present)
        if len(filling) >= free_cores or self._over_budget(waiting):
            return False
        missing = self._missing(wanted, [*waiting, *filling])
        return missing is not None and self.fill(missing, present)

    def waiting(self, shape: Shape) -> int:
        """How many of a shape wait."""
        digest = self._digest(shape)
        return sum(row.shape == digest and row.running and row.claim is None for row in self._pool.present())

    def _trimmed(self, wanted: Sequence[Wanted], present: Sequence[Warm]) -> list[Warm]:
        """Remove what nobody wants. Returns the containers that wait and stay."""
        left = Counter({self._digest(row.shape): row.count for row in wanted})
        kept = []
        for row in present:
            if row.claim is not None or row.starting:
                continue
            if row.running and left[row.shape] > 0:
                left[row.shape] -= 1
                kept.append(row)
            elif self._pool.seize(row.id):
                self._pool.remove(row.id)
        return kept

    def _missing(self, wanted: Sequence[Wanted], there: Sequence[Warm]) -> Shape | None:
        have = Counter(row.shape for row in there)
        lacking = [row for row in wanted if have[self._digest(row.shape)] < row.count]
        # First one for everybody, then more for the busy.
        lacking.sort(key=lambda row: have[self._digest(row.shape)])
        return lacking[0].shape if lacking else None

    def _over_budget(self, waiting: Sequence[Warm]) -> bool:
        used = [self._memory_bytes(row.id) for row in waiting]
        self._known_bytes = {row.id: size for row, size in zip(waiting, used, strict=True) if size}
        return sum(used) + max([LEAST_BYTES, *used]) > self._budget_bytes

    def _memory_bytes(self, container: str) -> int:
        """What the processes of a container that waits have in memory; it hardly changes, so asked once.

        The engine's own statistics take a second for each container.
        """
        if container not in self._known_bytes:
            try:
                found = self._api.top(container, ps_args="-o rss,pid")
            except APIError:  # used meanwhile
                return 0
            at = found["Titles"].index("RSS")
            self._known_bytes[container] = sum(int(row[at]) for row in found["Processes"]) * 1024
        return self._known_bytes[container]

    def _digest(self, shape: Shape) -> str:
        return containers.digest(shape, self._pool.engine)

    def fill(self, shape: Shape, present: Sequence[Warm]) -> bool:
        """Bring one more container of this shape to where it waits. Returns whether it was we who did.

        Raises:
            SandboxUnavailable: it would not start.
        """
        made = self._pool.create(shape, volumes.ensure_all(self._client, shape), self._slot(shape, present))
        if not made:
            return False
        try:
            self._start(made)
        except BaseException:
            self._pool.remove(made)
            raise
        self._pool.release(made)
        return True

    def _slot(self, shape: Shape, present: Sequence[Warm]) -> str:
        """The first number whose name is free."""
        taken, digest = {row.name for row in present}, self._digest(shape)
        return next(number for number in map(str, count()) if self._pool.name(digest, number) not in taken)

    def _start(self, made: str) -> None:
        with Attached(self._client, made, within(READY_S), stdin=False) as stream:
            self._alone.give_way(made)
            self._api.start(made)
            try:
                receiving.wait_for(stream.reader, receiving.READY)
            except (BrokenStream, OSError) as error:
                words = stream.stderr.decode(errors="replace").strip()[-500:]
                raise SandboxUnavailable(
                    f"A container did not get ready ({error}). {words}".strip()
                ) from None
