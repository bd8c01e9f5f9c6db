"""The supervisor's side of the interpreter that waits: starting it, and having it run a program."""

import contextlib
import json
import os
import resource
import signal
import socket
from collections.abc import Callable
from typing import Any

from sandbox.inside import ending

USER = 10001
# A user for each job of a lasting container.
FIRST_USER = 20_000
PRELOAD_S = 60.0
ANSWER_S = 10.0
MESSAGE = 64 * 1024
CONTROL = 3
WAITING = "/leitai/sandbox/inside/waiting.py"


class NurseryError(Exception):
    """The interpreter ended or is silent."""


class Started:
    """A program that runs; ``process`` is a descriptor of it, readable once it has ended.

    One that has a user of its own was forked for us, who are told its wait status. Any other is the
    interpreter itself, which may say by ``control`` that it is done before it has ended.
    """

    def __init__(
        self,
        pid: int,
        process: int,
        control: socket.socket | None = None,
        own_user: int = 0,
        status: Callable[[], int] = int,
    ) -> None:
        self.pid, self.process, self.control = pid, process, control
        self.own_user, self.status = own_user, status


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
            NurseryError: the interpreter is gone.
        """
        message = json.dumps({"command": command, "cpu_s": cpu_s, "user": self.user}).encode()
        try:
            socket.send_fds(self._control, [message], list(logs))
        except OSError as error:
            raise NurseryError(error.strerror) from None
        if not self.lasting:
            return Started(self.pid, ending.descriptor(self.pid), self._control)
        return Started(*self._forked(), None, self.user, self._answer)

    def _forked(self) -> tuple[int, int]:
        self._control.settimeout(ANSWER_S)
        try:
            message, descriptors, _, _ = socket.recv_fds(self._control, MESSAGE, 1)
            return int(message), descriptors[0]
        except (OSError, ValueError, IndexError) as error:
            raise NurseryError(str(error)) from None

    def _answer(self) -> int:
        self._control.settimeout(ANSWER_S)
        try:
            return int(self._control.recv(MESSAGE))
        except (OSError, ValueError) as error:
            raise NurseryError(str(error)) from None

    def end(self) -> None:
        """Kill it, as one whose imports failed."""
        self._control.close()
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


def begin(options: dict[str, Any], preload: list[str]) -> Nursery:
    """Start an interpreter that does these imports; in a lasting container it may become other users."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    lasting = bool(options["lasting"])
    pid = os.fork()
    if pid == 0:
        _become(theirs, options, json.dumps({"lasting": lasting, "preload": preload}))
    theirs.close()
    return Nursery(pid, ours, lasting=lasting)


def _become(control: socket.socket, options: dict[str, Any], told: str) -> None:
    try:
        os.setsid()
        nothing = os.open("/dev/null", os.O_RDWR)
        for number in range(3):
            os.dup2(nothing, number)
        os.dup2(control.fileno(), CONTROL)
        os.set_inheritable(CONTROL, True)  # noqa: FBT003 its signature
        os.closerange(CONTROL + 1, 4096)
        # When memory ends, the kernel shall take the program and not us.
        with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:  # noqa: PTH123 no pathlib
            file.write("1000")
        for kind, most in _rlimits(options).items():
            resource.setrlimit(kind, (most, most))
        if not options["lasting"]:
            become_user()
        os.execvpe("python3", ["python3", WAITING, told], options["env"])  # noqa: S606, S607 no shell; the image's own
    finally:
        os._exit(127)


def _rlimits(options: dict[str, Any]) -> dict[int, int]:
    return {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: options["open_files"],
        resource.RLIMIT_FSIZE: options["work_bytes"],
    }


def become_user(user: int = USER) -> None:
    """Give up everything but this user; there is no way back."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def as_user(do: Callable[[], int], user: int = USER) -> int:
    """Do something in a child that is the program's user. Returns its exit code, or minus a signal."""
    pid = os.fork()
    if pid == 0:
        code = 70
        try:
            become_user(user)
            code = do()
        finally:
            os._exit(code)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)
