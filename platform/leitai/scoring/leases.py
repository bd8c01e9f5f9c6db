"""Holds a lease while work goes on: renewed by a thread, and said to be lost when it is."""

import threading
import time
from collections.abc import Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError

log = structlog.get_logger()


class LeaseLost(Exception):
    """Somebody else has the work now, or nobody should do it: abandon it."""


class LeaseKeeper:
    """Renews until it is left. `renew` says whether the lease is still ours; `abandon` ends the work."""

    def __init__(self, renew: Callable[[], bool], abandon: Callable[[], None], lease_s: float) -> None:
        self._renew, self._abandon, self._lease_s = renew, abandon, lease_s
        self._done = threading.Event()
        self._lost = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="lease", daemon=True)

    @property
    def lost(self) -> bool:
        """Whether the lease is gone."""
        return self._lost.is_set()

    def require(self) -> None:
        """Go on only while the lease is held.

        Raises:
            LeaseLost: it is not.
        """
        if self.lost:
            raise LeaseLost

    def __enter__(self) -> "LeaseKeeper":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join(self._lease_s)

    def _keep(self) -> None:
        until = time.monotonic() + self._lease_s
        while not self._done.wait(self._lease_s / 4):
            asked = time.monotonic()
            held = self._asked()
            if held:
                until = asked + self._lease_s
            elif held is False or time.monotonic() > until:
                self._lost.set()
                self._abandon()
                return

    def _asked(self) -> bool | None:
        """None when the database does not answer: the lease is ours until it has run out."""
        try:
            return self._renew()
        except SQLAlchemyError as error:
            log.warning("a lease could not be renewed, trying again", error=str(error))
            return None
