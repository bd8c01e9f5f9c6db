"""The supervisor's side of the interpreter that waits: starting it, and having it run a program."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket

from sandbox.inside import ending, starting
from sandbox.inside.starting import NotStarted, Started
from sandbox.inside.users import FIRST_USER, USER, become_user

TYPE_CHECKING = False  # typing takes longer to import than all of this
if TYPE_CHECKING:
    from typing import Any

PRELOAD_S = 60.0
ANSWER_S = 10.0
MESSAGE = 64 * 1024
WAITING = "/leitai/sandbox/inside/waiting.py"


class Nursery:
    """One interpreter; ``start`` makes it run a program, or fork one in a lasting container."""

    def __init__(self, pid: int, control: socket.socket, *, lasting: bool) -> None:
        self.pid, self.lasting = pid, lasting
        self.user = USER
        self._control = control
        self._jobs = 0

    def ready(self) -> bool:
        """Whether the imports are done; waits for them."""
        self._control.settimeout(PRELOAD_S)
        try:
            return bool(self._control.recv(MESSAGE))
        except OSError:
            return False

    def take_user(self) -> int:
        """The user of the next job; no two jobs of a lasting container share one."""
        self.user = FIRST_USER + self._jobs if self.lasting else USER
        self._jobs += 1
        return self.user

    def start(self, command: list[str], cpu_s: float, logs: tuple[int, int]) -> Started:
        """Run a command in the program's folder, its output going to these two descriptors.

        Raises:
            NotStarted: the interpreter is gone.
        """
        message = json.dumps({"command": command, "cpu_s": cpu_s, "user": self.user}).encode()
        try:
            socket.send_fds(self._control, [message], list(logs))
        except OSError as error:
            raise NotStarted(error.strerror) from None
        if not self.lasting:
            self._control.setblocking(False)  # noqa: FBT003 its signature
            return Started(self.pid, ending.descriptor(self.pid), self._control.fileno())
        return Started(*self._forked(), None, self.user, self._answer)

    def _forked(self) -> tuple[int, int]:
        self._control.settimeout(ANSWER_S)
        try:
            message, descriptors, _, _ = socket.recv_fds(self._control, MESSAGE, 1)
            return int(message), descriptors[0]
        except (OSError, ValueError, IndexError) as error:
            raise NotStarted(str(error)) from None

    def _answer(self) -> int:
        self._control.settimeout(ANSWER_S)
        try:
            return int(self._control.recv(MESSAGE))
        except (OSError, ValueError) as error:
            raise NotStarted(str(error)) from None

    def end(self) -> None:
        """Kill it, as one whose imports failed."""
        self._control.close()
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


def prepared(options: dict[str, Any]) -> Nursery:
    """An interpreter that has done the imports, or none: such as fail must not cost a team its run."""
    found = _begin(options, options["preload"])
    if found.ready():
        return found
    found.end()
    plain = _begin(options, [])
    plain.ready()
    return plain


def _begin(options: dict[str, Any], preload: list[str]) -> Nursery:
    """Start one; in a lasting container it may become other users."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    lasting = bool(options["lasting"])
    pid = os.fork()
    if pid == 0:
        _become(theirs, options, json.dumps({"lasting": lasting, "preload": preload}))
    theirs.close()
    return Nursery(pid, ours, lasting=lasting)


def _become(control: socket.socket, options: dict[str, Any], told: str) -> None:
    try:
        starting.leave(control.fileno())
        starting.bound(starting.rlimits(options))
        if not options["lasting"]:
            become_user()
        starting.become_python([WAITING, told], options)
    finally:
        os._exit(127)
