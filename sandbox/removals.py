"""Containers that have done their work are removed beside the next work: nobody waits for it."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Lock
from typing import Any

from docker.errors import DockerException
from requests import RequestException

AT_ONCE = 4


class Removals:
    """What fails is left to the sweeper."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="removal")
        self._pending: set[Future[Any]] = set()
        self._lock = Lock()

    def add(self, remove: Callable[..., Any], *arguments: Any) -> None:
        """Have it done soon."""
        future = self._threads.submit(_try, remove, *arguments)
        with self._lock:
            self._pending = {one for one in self._pending if not one.done()} | {future}

    def settle(self) -> None:
        """Wait for all of them."""
        with self._lock:
            pending = self._pending
        wait(pending)


def _try(remove: Callable[..., Any], *arguments: Any) -> None:
    try:
        remove(*arguments)
    except (DockerException, RequestException, OSError):
        return
