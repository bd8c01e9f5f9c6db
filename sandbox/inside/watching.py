"""Runs a program as another user, watches its limits, and leaves nothing of it alive."""

from __future__ import annotations

import contextlib
import os
import resource
import selectors
import signal
import time

from sandbox.inside import measuring
from sandbox.inside.users import as_user

TYPE_CHECKING = False  # typing takes longer to import than all of this
if TYPE_CHECKING:
    from sandbox.inside.nursery import Nursery
    from sandbox.inside.starting import Bare, Started

    Starter = Bare | Nursery

TICK_S = 0.02
GRACE_S = 5.0
_ENDED, _ABANDONED, _SAID = "ended", "abandoned", "said"
# What may be sent to say an exit code.
SAID_BYTES = 16
STOP_S = 0.5


class Abandoned(Exception):
    """Our stdin has ended: whoever wanted the outcome is gone."""


class Ended:
    """How the program ended, and what it used."""

    def __init__(self) -> None:
        self.status = self.memory_kills = self.peak_memory_bytes = 0
        self.wall_s = self.cpu_s = 0.0
        self.limit = ""
        self.stdout = self.stderr = b""
        # A program that has said its exit code waits, and need not be waited for.
        self.said = False


class Bounds:
    """What the program may use."""

    def __init__(self, wall_s: float, cpu_s: float, log_bytes: int) -> None:
        self.wall_s, self.cpu_s, self.log_bytes = wall_s, cpu_s, log_bytes


class Tail:
    """The end of what a program wrote: the beginning matters less than the last words."""

    def __init__(self, most: int) -> None:
        self.most, self.kept = most, bytearray()

    def add(self, chunk: bytes) -> None:
        """Keep the newest bytes."""
        self.kept += chunk
        if len(self.kept) > self.most:
            del self.kept[: len(self.kept) - self.most]


def watch(starter: Starter, command: list[str], bounds: Bounds) -> Ended:
    """Run the program to its end, or to the first limit that it meets.

    Raises:
        Abandoned: nobody is there any more who would hear of it.
        NotStarted: the interpreter is gone.
    """
    ended = Ended()
    kills, cpu = measuring.memory_kills(), measuring.cpu_s()
    began = time.monotonic()
    started, logs = _start(starter, command, bounds)
    tails = {"stdout": Tail(bounds.log_bytes), "stderr": Tail(bounds.log_bytes)}
    with selectors.DefaultSelector() as selector:
        selector.register(started.process, selectors.EVENT_READ, _ENDED)
        if not started.own_user:
            selector.register(0, selectors.EVENT_READ, _ABANDONED)
        if started.control is not None:
            selector.register(started.control, selectors.EVENT_READ, _SAID)
        for name, pipe in logs.items():
            os.set_blocking(pipe, False)
            selector.register(pipe, selectors.EVENT_READ, tails[name])
        _follow(selector, ended, bounds, began, cpu)
        ended.wall_s = time.monotonic() - began
        if not (ended.said and _stopped()):
            status = _ended(started, limited=bool(ended.limit))
            ended.status = ended.status if ended.said else status
        ended.cpu_s = max(measuring.cpu_s() - cpu, 0.0)
        _drain(selector)
    for descriptor in (started.process, *logs.values()):
        os.close(descriptor)
    own = max(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024, measuring.peak(started.pid))
    ended.peak_memory_bytes = max(ended.peak_memory_bytes, own)
    ended.memory_kills = measuring.memory_kills() - kills
    ended.stdout, ended.stderr = bytes(tails["stdout"].kept), bytes(tails["stderr"].kept)
    return ended


def _start(starter: Starter, command: list[str], bounds: Bounds) -> tuple[Started, dict[str, int]]:
    out_read, out_write = os.pipe()
    err_read, err_write = os.pipe()
    started = starter.start(command, bounds.cpu_s, (out_write, err_write))
    os.close(out_write)
    os.close(err_write)
    return started, {"stdout": out_read, "stderr": err_read}


def _follow(selector: selectors.BaseSelector, ended: Ended, bounds: Bounds, began: float, cpu: float) -> None:
    while not ended.limit:
        for key, _ in selector.select(TICK_S):
            if key.data == _ENDED:
                return
            if key.data == _ABANDONED:
                raise Abandoned
            if key.data == _SAID:
                selector.unregister(key.fileobj)
                if _heard(key.fd, ended):
                    return
                continue
            if not _read(key):
                selector.unregister(key.fd)
        ended.peak_memory_bytes = max(ended.peak_memory_bytes, measuring.memory_bytes())
        if time.monotonic() - began > bounds.wall_s:
            ended.limit = "wall"
        elif measuring.cpu_s() - cpu > bounds.cpu_s:
            ended.limit = "cpu"


def _heard(control: int, ended: Ended) -> bool:
    """Whether the program says that it is done; what it says is no more than what it could end with."""
    try:
        said = os.read(control, SAID_BYTES)
    except OSError:
        return False
    if said:
        ended.said = True
        ended.status = (int(said) & 0xFF if said.isdigit() else 1) << 8
    return ended.said


def _stopped() -> bool:
    """Stop every process but us where it is: what cannot run can no longer touch the output."""
    os.kill(-1, signal.SIGSTOP)
    until = time.monotonic() + STOP_S
    while time.monotonic() < until:
        if measuring.all_stopped():
            return True
        time.sleep(0.001)
    return False


def _read(key: selectors.SelectorKey) -> bool:
    try:
        chunk = os.read(key.fd, 65_536)
    except BlockingIOError:
        return True
    key.data.add(chunk)
    return bool(chunk)


def _drain(selector: selectors.BaseSelector) -> None:
    """Nobody is left to write, so what lies in the pipes is all there will be."""
    for key in list(selector.get_map().values()):
        if isinstance(key.data, Tail):
            with contextlib.suppress(BlockingIOError):
                while chunk := os.read(key.fd, 65_536):
                    key.data.add(chunk)


def _ended(started: Started, *, limited: bool) -> int:
    return _end_user(started, limited=limited) if started.own_user else _end_all(started.pid)


def _end_user(started: Started, *, limited: bool) -> int:
    """Kill every process of the job's own user, until none is left. Returns the program's wait status."""
    if limited:
        as_user(_kill_others, started.own_user)
    status = started.status()
    until = time.monotonic() + GRACE_S
    while measuring.lives(started.own_user) and time.monotonic() < until:
        as_user(_kill_others, started.own_user)
        _reap()
    return status


def _kill_others() -> int:
    with contextlib.suppress(ProcessLookupError):
        # For process 1 this means all others of the container, for anybody else those of the same user.
        os.kill(-1, signal.SIGKILL)
    return 0


def _reap() -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _end_all(pid: int) -> int:
    """Kill every process but us, again and again until none is left. Returns the program's wait status."""
    if os.getpid() != 1:
        raise RuntimeError("outside of a container this would kill every process of the machine")
    found = 0
    until = time.monotonic() + GRACE_S
    while time.monotonic() < until:
        _kill_others()
        try:
            ended, status = os.waitpid(-1, 0)
        except ChildProcessError:
            return found
        if ended == pid:
            found = status
    return found
