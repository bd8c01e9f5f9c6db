"""Starting a program as a new process, in a container where none waits for it."""

from __future__ import annotations

import contextlib
import os
import resource

from sandbox.inside import ending
from sandbox.inside.users import USER, become_user

TYPE_CHECKING = False  # typing takes longer to import than all of this
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn

PROGRAM, OUTPUT = "/job/program", "/job/output"
TURNING = "/leitai/sandbox/inside/turning.py"
CONTROL = 3
# A second line: the account of the whole container is watched as well.
CPU_MORE_S = 2


class NotStarted(Exception):
    """What should have started the program is gone or silent."""


class Started:
    """A program that runs; ``process`` is a descriptor of it, readable once it has ended.

    One that has a user of its own was forked for us, who are told its wait status. Any other is our child: an
    interpreter that turned into it, which may say by the descriptor ``control`` that it is done.
    """

    def __init__(
        self,
        pid: int,
        process: int,
        control: int | None = None,
        own_user: int = 0,
        status: Callable[[], int] = int,
    ) -> None:
        self.pid, self.process, self.control = pid, process, control
        self.own_user, self.status = own_user, status


class Bare:
    """Starts the one program of its container in a new interpreter."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.user = USER
        self._options = options

    def take_user(self) -> int:
        """The user of the next job."""
        return self.user

    def start(self, command: list[str], cpu_s: float, logs: tuple[int, int]) -> Started:
        """Run a command in the program's folder, its output going to these two descriptors."""
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            _become(command, (writing, *logs), cpu_s, self._options)
        os.close(writing)
        os.set_blocking(reading, False)
        return Started(pid, ending.descriptor(pid), reading)


def _become(command: list[str], own: tuple[int, int, int], cpu_s: float, options: dict[str, Any]) -> NoReturn:
    control, *logs = own
    try:
        leave(control, *logs)
        most = int(cpu_s) + CPU_MORE_S
        bound({**rlimits(options), resource.RLIMIT_CPU: most})
        become_user()
        os.umask(0o022)
        os.chdir(PROGRAM)
        os.makedirs(OUTPUT, exist_ok=True)  # noqa: PTH103 no pathlib in here
        become_python([TURNING, *command], options)
    finally:
        os._exit(127)


def leave(control: int, out: int | None = None, err: int | None = None) -> None:
    """Have nothing of process 1, neither its session nor its descriptors, but these."""
    os.setsid()
    nothing = os.open("/dev/null", os.O_RDWR)
    for number, descriptor in enumerate((nothing, out, err, control)):
        os.dup2(nothing if descriptor is None else descriptor, number)
    os.closerange(CONTROL + 1, 4096)


def become_python(words: list[str], options: dict[str, Any]) -> None:
    """Turn into the image's own Python, with the program's variables."""
    os.execvpe("python3", ["python3", *words], options["env"])  # noqa: S606, S607 no shell; the image's own


def bound(limits: dict[int, int]) -> None:
    """Take these limits, and be the one whom the kernel ends when there is no memory left."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:  # noqa: PTH123 no pathlib
        file.write("1000")
    for kind, most in limits.items():
        resource.setrlimit(kind, (most, most))


def rlimits(options: dict[str, Any]) -> dict[int, int]:
    """What each process of the program may have."""
    return {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: options["open_files"],
        resource.RLIMIT_FSIZE: options["work_bytes"],
    }
