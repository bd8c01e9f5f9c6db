"""Runs a program as another user, watches its limits, and leaves nothing of it alive."""

import contextlib
import os
import resource
import selectors
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.inside import measuring

USER = 10001
TICK_S = 0.02
GRACE_S = 5.0


@dataclass
class Ended:
    """How the program ended, and what it used."""

    status: int = 0
    wall_s: float = 0.0
    cpu_s: float = 0.0
    peak_memory_bytes: int = 0
    limit: str = ""
    memory_kills: int = 0
    stdout: bytes = b""
    stderr: bytes = b""


@dataclass
class Bounds:
    """What the program may use."""

    wall_s: float
    cpu_s: float
    file_bytes: int
    open_files: int
    log_bytes: int


@dataclass
class Tail:
    """The end of what a program wrote: the beginning matters less than the last words."""

    most: int
    kept: bytearray = field(default_factory=bytearray)

    def add(self, chunk: bytes) -> None:
        """Keep the newest bytes."""
        self.kept += chunk
        if len(self.kept) > self.most:
            del self.kept[: len(self.kept) - self.most]


def become_user() -> None:
    """Give up everything but the program's own user; there is no way back."""
    os.setgroups([])
    os.setresgid(USER, USER, USER)
    os.setresuid(USER, USER, USER)


def as_user(do: Callable[[], int]) -> int:
    """Do something in a child that is the program's user. Returns its exit code, or minus a signal."""
    pid = os.fork()
    if pid == 0:
        code = 70
        try:
            become_user()
            code = do()
        finally:
            os._exit(code)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def watch(command: list[str], folder: str, env: dict[str, str], bounds: Bounds) -> Ended:
    """Run the program to its end, or to the first limit that it meets."""
    ended = Ended()
    kills, cpu = measuring.memory_kills(), measuring.cpu_s()
    began = time.monotonic()
    pid, logs = _start(command, folder, env, bounds)
    tails = {"stdout": Tail(bounds.log_bytes), "stderr": Tail(bounds.log_bytes)}
    with selectors.DefaultSelector() as selector:
        process = os.pidfd_open(pid)
        selector.register(process, selectors.EVENT_READ, None)
        for name, pipe in logs.items():
            os.set_blocking(pipe, False)
            selector.register(pipe, selectors.EVENT_READ, tails[name])
        _follow(selector, ended, bounds, began, cpu)
        ended.wall_s = time.monotonic() - began
        ended.status = _end_all(pid)
        ended.cpu_s = max(measuring.cpu_s() - cpu, 0.0)
        _drain(selector)
    for descriptor in (process, *logs.values()):
        os.close(descriptor)
    own = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    ended.peak_memory_bytes = max(ended.peak_memory_bytes, own)
    ended.memory_kills = measuring.memory_kills() - kills
    ended.stdout, ended.stderr = bytes(tails["stdout"].kept), bytes(tails["stderr"].kept)
    return ended


def _start(
    command: list[str], folder: str, env: dict[str, str], bounds: Bounds
) -> tuple[int, dict[str, int]]:
    out_read, out_write = os.pipe()
    err_read, err_write = os.pipe()
    pid = os.fork()
    if pid == 0:
        _become_program(command, folder, env, bounds, (out_write, err_write))
    os.close(out_write)
    os.close(err_write)
    return pid, {"stdout": out_read, "stderr": err_read}


def _become_program(
    command: list[str], folder: str, env: dict[str, str], bounds: Bounds, logs: tuple[int, int]
) -> None:
    try:
        os.setsid()
        nothing = os.open("/dev/null", os.O_RDONLY)
        for number, source in enumerate((nothing, *logs)):
            os.dup2(source, number)
        os.closerange(3, 4096)
        # When memory ends, the kernel shall take the program and not us.
        with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:  # noqa: PTH123 as above
            file.write("1000")
        for kind, most in _rlimits(bounds).items():
            resource.setrlimit(kind, (most, most))
        become_user()
        os.umask(0o022)
        os.chdir(folder)
        os.execvpe(command[0], command, env)  # noqa: S606 the program itself; no shell is wanted
    except OSError as error:
        os.write(2, f"{command[0]}: {error.strerror}\n".encode())
    finally:
        os._exit(127)


def _rlimits(bounds: Bounds) -> dict[int, int]:
    return {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: bounds.open_files,
        resource.RLIMIT_FSIZE: bounds.file_bytes,
        # A second line: the account of the whole container is watched as well.
        resource.RLIMIT_CPU: int(bounds.cpu_s) + 2,
    }


def _follow(selector: selectors.BaseSelector, ended: Ended, bounds: Bounds, began: float, cpu: float) -> None:
    while not ended.limit:
        for key, _ in selector.select(TICK_S):
            if key.data is None:
                return
            if not _read(key):
                selector.unregister(key.fd)
        ended.peak_memory_bytes = max(ended.peak_memory_bytes, measuring.memory_bytes())
        if time.monotonic() - began > bounds.wall_s:
            ended.limit = "wall"
        elif measuring.cpu_s() - cpu > bounds.cpu_s:
            ended.limit = "cpu"


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
        if key.data is not None:
            with contextlib.suppress(BlockingIOError):
                while chunk := os.read(key.fd, 65_536):
                    key.data.add(chunk)


def _end_all(pid: int) -> int:
    """Kill every process but us, again and again until none is left. Returns the program's wait status."""
    if os.getpid() != 1:
        raise RuntimeError("outside of a container this would kill every process of the machine")
    found = 0
    until = time.monotonic() + GRACE_S
    while time.monotonic() < until:
        with contextlib.suppress(ProcessLookupError):
            # For process 1 this means all others of the container.
            os.kill(-1, signal.SIGKILL)
        try:
            ended, status = os.waitpid(-1, 0)
        except ChildProcessError:
            return found
        if ended == pid:
            found = status
    return found
