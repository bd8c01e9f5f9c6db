"""A Python that does a shape's imports and then waits until it is told what to run.

Started by the supervisor as the program's user; it turns into the one program of its container. In a lasting
container it stays ours, and forks a child under a user of its own for each job.
"""

import sys

EARLY = set(sys.modules)
# The supervisor's folder is no place to import from.
sys.path.pop(0)

import gc  # noqa: E402 after the look at what any interpreter has, here and below
import json  # noqa: E402
import os  # noqa: E402
import resource  # noqa: E402
import socket  # noqa: E402
from typing import Any  # noqa: E402

CONTROL = 3
MESSAGE = 64 * 1024
PROGRAM, OUTPUT = "/job/program", "/job/output"
READY = b"ready"


def main(lasting: bool, preload: list[str]) -> None:
    """Prepare, then wait."""
    running, ending = _sisters()
    control = socket.socket(fileno=CONTROL)
    control.set_inheritable(False)
    if lasting:
        sys.path.insert(0, PROGRAM)
    prepare(preload, running)
    control.send(READY)
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, MESSAGE, 2)
        if not message:
            return
        told = json.loads(message)
        if lasting:
            pid = _forked(control, told, descriptors, running)
            _tell(control, pid, ending.descriptor(pid))
            continue
        before = dict(sys.modules)
        settle(told, descriptors)
        os.makedirs(OUTPUT, exist_ok=True)  # noqa: PTH103 no pathlib in here
        code = running.run(told["command"], EARLY)
        running.farewell(before)
        running.finish(control.fileno(), code)


def _sisters() -> Any:
    """What runs a command and what hears of its end, found while the supervisor's folder can be seen."""
    sys.path.insert(0, "/leitai")
    from sandbox.inside import ending, running  # noqa: PLC0415 see above

    sys.path.pop(0)
    return running, ending


def prepare(preload: list[str], running: Any) -> None:
    """Import and call what the shape names; what fails is left to the program, which then shows why."""
    for line in preload:
        try:
            running.called(*line.split(" "))
        except Exception:  # noqa: BLE001, S112 whatever a library raises
            continue
    gc.freeze()


def settle(told: dict[str, Any], descriptors: list[int]) -> None:
    """Take the places of a program: its logs, its share of the processor, its folder."""
    for number, descriptor in zip((1, 2), descriptors, strict=True):
        os.dup2(descriptor, number)
        os.close(descriptor)
    spent = resource.getrusage(resource.RUSAGE_SELF)
    # A second line: the account of the whole container is watched as well.
    most = int(spent.ru_utime + spent.ru_stime + told["cpu_s"]) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (most, most))
    os.chdir(PROGRAM)
    os.umask(0o022)


def _forked(control: socket.socket, told: dict[str, Any], descriptors: list[int], running: Any) -> int:
    """Run a command in a child that is a user of its own. Returns its process."""
    pid = os.fork()
    if pid == 0:
        control.close()
        os.setsid()
        settle(told, descriptors)
        os.setgroups([])
        os.setresgid(*[told["user"]] * 3)
        os.setresuid(*[told["user"]] * 3)
        os.makedirs(OUTPUT, exist_ok=True)  # noqa: PTH103 no pathlib in here
        code = running.run(told["command"], set(sys.modules))
        # Our own program leaves nothing open, and no farewell is needed.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    for descriptor in descriptors:
        os.close(descriptor)
    return pid


def _tell(control: socket.socket, pid: int, process: int) -> None:
    """Give the supervisor a descriptor of the child, and its wait status once it has ended."""
    socket.send_fds(control, [str(pid).encode()], [process])
    os.close(process)
    control.send(str(os.waitpid(pid, 0)[1]).encode())


if __name__ == "__main__":
    main(**json.loads(sys.argv[1]))
