"""Cores for one program alone, so that its speed can be compared: pinned, one at a time, nobody else on them.

The engine is the lock: a container's name is given once. Whoever makes another container looks for that name
after making it and before starting it; whoever has the name then moves all that are there. So none is missed.
"""

import math
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import docker
from docker.errors import APIError, NotFound

from sandbox import creating
from sandbox.containers import LEASE
from sandbox.job import Shape
from sandbox.pool import CONFLICT, POOL

NAME = "leitai-alone"
TICK_S = 0.05


class Alone:
    """Gives out the last cores of an engine."""

    def __init__(self, client: docker.DockerClient, cores: int) -> None:
        self._client, self._cores = client, cores
        self._api: Any = client.api

    def create(self, shape: Shape, given: dict[str, Any]) -> str:
        """Make the one container that may run alone; waits until no other one does. Returns its id."""
        first = self._cores - self._wanted(shape)
        given = {**given, "name": NAME, "cpuset_cpus": _cpuset(range(first, self._cores))}
        while True:
            try:
                return creating.create(self._client, **given)
            except APIError as error:
                if error.status_code != CONFLICT:
                    raise
            time.sleep(TICK_S)

    @contextmanager
    def room(self, shape: Shape) -> Iterator[None]:
        """Keep all others off the cores of a shape that runs alone."""
        rest = self._cores - self._wanted(shape)
        if not shape.alone or not rest:
            yield
            return
        self._move(self._others(), rest)
        try:
            yield
        finally:
            self._move(self._others(), self._cores)

    def give_way(self, container: str) -> None:
        """Keep a container that is not started yet off the cores of one that runs alone."""
        with suppress(NotFound):
            pinned = self._api.inspect_container(NAME)["HostConfig"]["CpusetCpus"]
            first = int(pinned.partition("-")[0])
            self._move([container], first or self._cores)

    def _wanted(self, shape: Shape) -> int:
        return min(math.ceil(shape.limits.cpus), self._cores)

    def _others(self) -> list[str]:
        found = [row for label in (LEASE, POOL) for row in self._api.containers(filters={"label": label})]
        return [row["Id"] for row in found if f"/{NAME}" not in row["Names"]]

    def _move(self, found: Iterable[str], cores: int) -> None:
        for container in found:
            with suppress(NotFound, APIError):  # it may be ending
                self._api.update_container(container, cpuset_cpus=_cpuset(range(cores)))


def _cpuset(cores: range) -> str:
    return f"{cores.start}-{cores.stop - 1}"
