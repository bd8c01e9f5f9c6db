"""Passwords: argon2id at one of OWASP's settings; it costs tens of milliseconds, not a third of a second."""

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 10, 200
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hashed(password: str) -> str:
    """What is kept of a password."""
    return _hasher.hash(password)


def matches(kept: str, password: str) -> bool:
    """Whether it is this password; what was never a password's hash matches none."""
    try:
        return _hasher.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


def outdated(kept: str) -> bool:
    """Whether it was hashed at an earlier setting."""
    return _hasher.check_needs_rehash(kept)


def waste_time(password: str) -> None:
    """Take as long as a check does, so that nobody learns which addresses have accounts."""
    matches(_nobodys(), password)


@cache
def _nobodys() -> str:
    return hashed(secrets.token_urlsafe())
