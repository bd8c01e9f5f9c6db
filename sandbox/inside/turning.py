"""Runs the one program of its container in this very interpreter, and says when it is done.

An interpreter with large libraries takes longer to end than most programs to run.
"""

import sys

EARLY = set(sys.modules)
sys.path[0] = "/leitai"

import os  # noqa: E402 after the look at what any interpreter has, here and below

from sandbox.inside import running  # noqa: E402

# Ours is no place to import from.
sys.path.pop(0)
CONTROL = 3


def main(command: list[str]) -> None:
    """Run it and say so."""
    os.set_inheritable(CONTROL, False)  # noqa: FBT003 its signature
    before = dict(sys.modules)
    code = running.run(command, EARLY)
    running.farewell(before)
    running.finish(CONTROL, code)


if __name__ == "__main__":
    main(sys.argv[1:])
