"""The address of the portal and the token for it, kept in a file for this account alone."""

import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from leitai.client.errors import Refused
from leitai.client.settings import ClientSettings

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class Credentials:
    """Where to speak, and as whom; the token does not show when printed."""

    url: str
    token: SecretStr


def address(url: str) -> str:
    """The portal's address as it is kept: with a scheme, without a slash at the end.

    Raises:
        Refused: it is none, or holds a password.
    """
    try:
        parts = urlsplit(url.strip())
        named = parts.hostname
    except ValueError:
        named = None
    if not named or parts.scheme not in {"http", "https"}:
        raise Refused(f"{url!r} is no address of a portal. Write it like https://leitai.example.")
    if parts.username or parts.query or parts.fragment:
        raise Refused("The address may hold no user, password, query or fragment.")
    return f"{parts.scheme}://{parts.netloc}{parts.path}".rstrip("/")


def is_open_to_all(url: str) -> bool:
    """Whether the token would travel unencrypted over a network."""
    parts = urlsplit(url)
    return parts.scheme == "http" and parts.hostname not in LOOPBACK


def current() -> Credentials:
    """What the environment says, else what was kept.

    A token never goes to another portal than the one it was kept for.

    Raises:
        Refused: neither says.
    """
    settings = ClientSettings()
    url = address(settings.url) if settings.url else ""
    token = settings.token.get_secret_value()
    kept = None if url and token else load(settings.credentials)
    if kept and url in {"", kept.url}:
        url, token = kept.url, token or kept.token.get_secret_value()
    if not (url and token):
        place = url or "URL"
        raise Refused(f"There is no token for a portal here. Sign in with: leitai login {place}")
    return Credentials(url, SecretStr(token))


def load(path: Path) -> Credentials | None:
    """What was kept, if anything.

    Raises:
        Refused: the file is damaged.
    """
    try:
        kept = json.loads(path.read_text("utf-8"))
        return Credentials(address(kept["url"]), SecretStr(kept["token"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise Refused(f"{path} cannot be read. Sign in again with: leitai login URL") from None


def keep(path: Path, credentials: Credentials) -> None:
    """Write the file so that it is never readable by others, not even for a moment."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # mkstemp creates with mode 0600.
    descriptor, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({"url": credentials.url, "token": credentials.token.get_secret_value()}, file)
    Path(name).replace(path)


def forget(path: Path) -> bool:
    """Remove the file; says whether there was one."""
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    return True
