"""Containers that no lease owns, or no longer does, and how ours are told from those of others."""

import hashlib
from collections.abc import Container

import structlog

from leitai import db
from leitai.scoring import service
from leitai.scoring.parts import Sandbox
from leitai.settings import Settings
from sandbox.job import SandboxUnavailable

log = structlog.get_logger()


def installation(settings: Settings) -> str:
    """The mark of this installation's leases: the same on all its machines, another one elsewhere."""
    secret = settings.secret_key.get_secret_value().encode()
    return hashlib.sha256(b"leitai leases\0" + secret).hexdigest()[:8]


class Living(Container[str]):
    """The leases whose containers stay: those held now, and all of other installations.

    Each is looked up when it is asked for. A list made beforehand would lack a lease that was claimed since.
    """

    def __init__(self, installation: str) -> None:
        self._ours = f"{installation}."

    def __contains__(self, lease: object) -> bool:
        if not isinstance(lease, str) or not lease.startswith(self._ours):
            return True
        with db.reading() as session:
            return service.living(session, lease)


class _AllBut(Container[str]):
    def __init__(self, lease: str) -> None:
        self._lease = lease

    def __contains__(self, lease: object) -> bool:
        return lease != self._lease


def clear(sandbox: Sandbox, mark: str) -> int:
    """Remove what no lease of this installation owns. Returns how many containers and volumes.

    Raises:
        SandboxUnavailable: the engine does not answer.
        SQLAlchemyError: the database does not; then nothing is taken for a stray.
    """
    cleared = sandbox.clear(Living(mark))
    return cleared.containers + cleared.volumes


def remove(sandbox: Sandbox, lease: str) -> None:
    """End the work under this lease, as far as the engine lets us."""
    try:
        sandbox.clear(_AllBut(lease))
    except SandboxUnavailable as error:
        log.warning("could not end the work of a lost lease", lease=lease, error=str(error))
