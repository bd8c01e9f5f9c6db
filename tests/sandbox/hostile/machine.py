"""This machine as attacks would find it: what they are told of it, and what they left on it."""

import contextlib
import os
import re
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docker

from sandbox import supervisor
from sandbox.inside.users import FIRST_USER, USER

MARK = "leitai-escaped"
SECRET = "leitai-secret-of-the-worker"
KEY = 0x1E17A1
FOLDERS = (
    "/",
    "/etc",
    "/tmp",
    "/var/tmp",
    "/dev/shm",
    "/root",
    "/usr/lib",
    str(Path.cwd()),
    str(Path.home()),
)
FIXED = ("/proc/sys/kernel/core_pattern", "/proc/sys/kernel/hostname", "/proc/sys/vm/overcommit_memory")
USERS = {USER, *range(FIRST_USER, FIRST_USER + 1000)}
CONTAINER = re.compile(r"docker[/-]([0-9a-f]{64})")
GRACE_S = 5.0


class Machine:
    """Listens on every address, and remembers how things stood."""

    def __init__(self, engine: docker.DockerClient) -> None:
        self._engine = engine
        self._heard: list[str] = []
        self._sockets = [_listening(kind) for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM)]
        self._neighbour = ""
        self._before = _fixed()
        for found in self._sockets:
            threading.Thread(target=self._listen, args=(found,), daemon=True).start()

    def _listen(self, found: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                if found.type == socket.SOCK_STREAM:
                    caller, place = found.accept()
                    caller.close()
                else:
                    _, place = found.recvfrom(100)
                self._heard.append(str(place))

    def told(self) -> dict[str, Any]:
        """What a program may know that no real one would: addresses, ports, names."""
        return {
            "places": [
                (address, found.getsockname()[1])
                for found in self._sockets
                for address in _addresses(self._engine)
            ],
            "mark": MARK,
            "key": KEY,
            "pid": os.getpid(),
        }

    def can_be_heard(self) -> bool:
        """Whether the listeners would notice anybody: a test that hears nothing shows nothing else."""
        place = self.told()["places"][0]
        with socket.create_connection(place, timeout=2):
            pass
        until = time.monotonic() + 2
        while not self._heard and time.monotonic() < until:
            time.sleep(0.01)
        heard = bool(self._heard)
        self._heard.clear()
        return heard

    def traces(self) -> Iterator[str]:
        """What an attack left, or did, outside of its container."""
        yield from (f"{place} was called" for place in self._heard)
        self._heard.clear()
        yield from (f"{folder}/{name}" for folder in FOLDERS for name in _marked(folder))
        yield from (f"{name} changed" for name, value in _fixed().items() if value != self._before[name])
        for kind in ("shm", "sem", "msg"):
            if re.search(rf"^\s*{KEY}\b", Path(f"/proc/sysvipc/{kind}").read_text(), re.MULTILINE):
                yield f"System V {kind} of the attack"

    def orphans(self) -> list[str]:
        """Processes of containers that are gone."""
        until = time.monotonic() + GRACE_S
        while (found := self._orphans()) and time.monotonic() < until:
            time.sleep(0.1)
        return found

    def _orphans(self) -> list[str]:
        found = {place.name: _container(place) for place in Path("/proc").glob("[0-9]*")}
        living = {row["Id"] for row in self._engine.api.containers(all=True)}
        return [f"process {pid} of {ours[:12]}" for pid, ours in found.items() if ours and ours not in living]

    def close(self) -> None:
        """Stop listening."""
        for found in self._sockets:
            found.close()


def _listening(kind: int) -> socket.socket:
    found = socket.socket(socket.AF_INET6, kind)
    found.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    found.bind(("::", 0))
    if kind == socket.SOCK_STREAM:
        found.listen()
    return found


def _addresses(engine: docker.DockerClient) -> list[str]:
    """This machine's own, and the gateways that containers of its engine have."""
    found = ["127.0.0.1", "::1"]
    for network in engine.networks.list():
        found += [row["Gateway"] for row in (network.attrs["IPAM"]["Config"] or []) if row.get("Gateway")]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking, contextlib.suppress(OSError):
        asking.connect(("192.0.2.1", 9))  # nothing is sent; the kernel only says which address it would use
        found.append(asking.getsockname()[0])
    return found


def _marked(folder: str) -> list[str]:
    with contextlib.suppress(OSError):
        names = [place.name for place in Path(folder).iterdir()]
        return [name for name in names if MARK in name or re.fullmatch(r"core(\.\d+)?", name)]
    return []


def _fixed() -> dict[str, Any]:
    found: dict[str, Any] = {name: Path(name).read_text() for name in FIXED}
    # Turning the clock would move these two apart; the seconds of a step are enough.
    found["the clock"] = round((time.time() - time.monotonic()) / 10)
    return found


def _container(process: Path) -> str:
    """Which container a process of the sandbox is in; other engines of this machine run other things."""
    with contextlib.suppress(OSError):
        words = (process / "cmdline").read_bytes().split(b"\0")
        found = CONTAINER.search((process / "cgroup").read_text())
        if found and (process.stat().st_uid in USERS or supervisor.HOME.encode() in words):
            return found.group(1)
    return ""
