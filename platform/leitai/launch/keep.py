"""Keeps one program running, and lets nothing of it outlive us.

    python -m leitai.launch.keep [--once] [--patience SECONDS] PROGRAM ARGUMENT…

A program that ends unasked is started again, later each time; one that cannot live at all ends us too.
What it leaves behind (a forked child in a group of its own, say) is killed before it is started again.
Whoever kills us with -9 ends the program as well.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from types import FrameType

from leitai.launch.kin import adopt_orphans, die_with_parent, kill_descendants

SHORT_LIFE_S = 10.0
SHORT_LIVES = 5


class Keeper:
    """One program and its lives."""

    def __init__(self, command: list[str], *, patience_s: float = 3.0, once: bool = False) -> None:
        self.command = command
        self.patience_s = patience_s
        self.once = once
        self._stopping = False
        self._pid = 0

    def keep(self) -> int:
        """Run the program until we are told to stop. Returns its exit code, 128 + n for signal n."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        signal.signal(signal.SIGALRM, lambda *_: kill_descendants())
        code, short = 0, 0
        while not self._stopping and short < SHORT_LIVES:
            began = time.monotonic()
            code = self._live()
            if self._stopping or self.once:
                break
            short = short + 1 if time.monotonic() - began < SHORT_LIFE_S else 0
            self._say(f"ended with {code}, {'starting it again' if short < SHORT_LIVES else 'giving up'}")
            self._rest(min(0.25 * 2**short, 5.0))
        return code

    def _live(self) -> int:
        program = subprocess.Popen(self.command, preexec_fn=die_with_parent)  # noqa: PLW1509 we have no threads
        self._pid = program.pid
        if self._stopping:
            self._ask_to_end()
        code = _reap(program.pid)
        self._pid = 0
        kill_descendants()
        program.returncode = code
        return code

    def _stop(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 the signature of a handler
        if not self._stopping:
            self._stopping = True
            self._ask_to_end()

    def _ask_to_end(self) -> None:
        if self._pid:
            os.kill(self._pid, signal.SIGTERM)
            signal.setitimer(signal.ITIMER_REAL, self.patience_s)

    def _rest(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self._stopping and time.monotonic() < until:
            time.sleep(0.05)

    def _say(self, text: str) -> None:
        try:
            sys.stdout.write(f"{text}\n")
            sys.stdout.flush()
        except BrokenPipeError:
            # Whoever listened is gone; then a signal is on its way to us.
            self._stopping = True


def _reap(pid: int) -> int:
    while True:
        ended, status = os.waitpid(-1, 0)
        if ended == pid:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code


def main(arguments: list[str]) -> int:
    """Parse, tie ourselves to our parent, and keep."""
    parser = argparse.ArgumentParser(prog="python -m leitai.launch.keep")
    parser.add_argument("--once", action="store_true")
    parser.add_argument("--patience", type=float, default=3.0)
    parser.add_argument("command", nargs=argparse.REMAINDER)
    given = parser.parse_args(arguments)
    die_with_parent()
    adopt_orphans()
    return Keeper(given.command, patience_s=given.patience, once=given.once).keep()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
