"""The processes of one machine in one terminal: what runs, by which command, and that all end together."""

import os
import shlex
import signal
import sys
from collections.abc import Mapping
from typing import Any

from honcho.manager import Manager
from honcho.process import Process

from leitai.launch import valkey
from leitai.launch.kin import adopt_orphans, die_with_parent, kill_descendants
from leitai.settings import HOME, Settings

GRANIAN = (
    "--interface wsgi --workers 1 --blocking-threads 8 --no-ws --log-level error "
    "--workers-kill-timeout 2 --working-dir"
)


class TiedProcess(Process):  # type: ignore[misc]  # honcho has no types
    """Honcho's process between us and a program; it ignores signals, so the kernel has to end it with us."""

    def run(self, events: Any = None, ignore_signals: bool = False) -> None:
        """Tie, then run as honcho does."""
        die_with_parent(signal.SIGKILL)
        super().run(events, ignore_signals)


def commands(settings: Settings) -> dict[str, list[str]]:
    """The programs of this installation by name, in the order in which they start."""
    python = sys.executable
    leitai = [python, "-m", "leitai.cli"]
    found = {"valkey": valkey.prepare(settings)} if valkey.is_embedded(settings) else {}
    address = ["--host", settings.host, "--port", str(settings.port)]
    found["portal"] = [python, "-m", "granian", *GRANIAN.split(), str(HOME), *address, "wsgi:app"]
    for number in range(1, settings.workers + 1):
        found[f"worker-{number}"] = [*leitai, "worker"]
    found["sweeper"] = [*leitai, "sweeper"]
    return found


def environment(settings: Settings) -> dict[str, str]:
    """What every program gets: our environment, and the broker's address where it is not the usual one."""
    values = dict(os.environ, PYTHONUNBUFFERED="1")
    if valkey.is_embedded(settings) and valkey.socket_place(settings) != settings.broker_socket:
        values["LEITAI_REDIS_URL"] = f"unix://{valkey.socket_place(settings)}"
    return values


def run(programs: Mapping[str, list[str]], env: Mapping[str, str]) -> int:
    """Run all until Ctrl-C, SIGTERM or one that cannot live. Returns 0 when asked to end, else its exit code.

    Each program stands under a keeper, which starts it again when it fails.
    """
    adopt_orphans()
    manager = Manager()
    manager._process_ctor = TiedProcess
    for name, command in programs.items():
        keeper = [sys.executable, "-m", "leitai.launch.keep", *command]
        # honcho starts through a shell; without exec that shell would stand between us and the keeper.
        manager.add_process(name, f"exec {shlex.join(keeper)}", env=dict(env), cwd=str(HOME))
    manager.loop()
    kill_descendants()
    asked = {128 + signal.SIGINT, 128 + signal.SIGTERM}
    return 0 if manager.returncode in asked else int(manager.returncode or 0)
