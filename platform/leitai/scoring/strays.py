"""Containers that no lease owns, or no longer does, and how ours are told from those of others."""

import hashlib
from collections.abc import Container

import structlog

from leitai import db
from leitai.scoring import service
from leitai.scoring.parts import Sandbox
from leitai.scoring.workers import lives
from leitai.settings import Settings
from sandbox.job import SandboxUnavailable

# What a run's lease never begins with, after the mark of its installation.
WORKER = "worker."

log = structlog.get_logger()


def installation(settings: Settings) -> str:
    """The mark of this installation's leases: the same on all its machines, another one elsewhere."""
    secret = settings.secret_key.get_secret_value().encode()
    return hashlib.sha256(b"leitai leases\0" + secret).hexdigest()[:8]


def standing(settings: Settings, worker: str) -> str:
    """The lease of a worker, under which it keeps what serves many runs."""
    return f"{installation(settings)}.{WORKER}{worker}"


class Living(Container[str]):
    """The leases whose containers stay: those held now, and all of other installations.

    Each is looked up when it is asked for. A list made beforehand would lack a lease that was claimed since.
    """

    def __init__(self, settings: Settings) -> None:
        self._ours = f"{installation(settings)}."
        self._gone_s = settings.scoring.worker_gone_s

    def __contains__(self, lease: object) -> bool:
        if not isinstance(lease, str) or not lease.startswith(self._ours):
            return True
        own = lease.removeprefix(self._ours)
        with db.reading() as session:
            if own.startswith(WORKER):
                return lives(session, own.removeprefix(WORKER), self._gone_s)
            return service.living(session, lease)


class _AllBut(Container[str]):
    def __init__(self, lease: str) -> None:
        self._lease = lease

    def __contains__(self, lease: object) -> bool:
        return lease != self._lease


def clear(sandbox: Sandbox, settings: Settings) -> int:
    """Remove what no lease of this installation owns. Returns how many containers and volumes.

    Raises:
        SandboxUnavailable: the engine does not answer.
        SQLAlchemyError: the database does not; then nothing is taken for a stray.
    """
    cleared = sandbox.clear(Living(settings))
    return cleared.containers + cleared.volumes


def remove(sandbox: Sandbox, lease: str) -> None:
    """End the work under this lease, as far as the engine lets us."""
    try:
        sandbox.clear(_AllBut(lease))
    except SandboxUnavailable as error:
        log.warning("could not end the work of a lost lease", lease=lease, error=str(error))
