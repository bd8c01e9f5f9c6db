"""Measures the sandbox against the bare machine and against the Docker engine, and keeps what it found.

    python -m benchmarks.sandbox [--check] [--rounds N]

It needs an engine that has the sandbox images, as `make bench-sandbox` brings it up, and a machine that does
nothing else. Every goal is a ratio within one run.
"""

import argparse
import sys

from benchmarks import bare, paths, portal, whole
from benchmarks.bench import bench
from benchmarks.rows import Row, conclude
from benchmarks.timing import ROUNDS
from leitai.launch.prepare import prepare_code


def measure(rounds: int) -> list[Row]:
    """All rows; the portal and its workers run only where they are measured."""
    python = bare.python(print)
    with bench(rounds) as found:
        print("bare, cold and warm")
        rows = paths.measure(found, python) + paths.equal_runs(found)
        with portal.portal(found.settings, found.settings.path("portal.log")):
            print("from POST to score")
            rows += whole.posts(found)
            print("submissions a minute")
            rows += whole.loads(found)
    return rows


def main() -> int:
    """Measure, show, keep; 1 when a goal is to be held and is missed."""
    reader = argparse.ArgumentParser(description="Measure the sandbox.")
    reader.add_argument("--check", action="store_true", help="exit with 1 when a goal is missed")
    reader.add_argument("--rounds", type=int, default=ROUNDS, help="how often everything is done")
    given = reader.parse_args()
    portal.end_in_order()
    prepare_code()
    return conclude(measure(given.rounds), "sandbox", check=given.check)


if __name__ == "__main__":
    sys.exit(main())
