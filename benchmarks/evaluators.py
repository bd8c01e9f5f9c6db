"""Measures the evaluators against the usual script and against polars reading alone.

    python -m benchmarks.evaluators [--check] [--rounds N] [--metrics NAME …] [--sizes ROWS …]

Two times are told of ours. With the reference prepared is what a submission waits for on the portal: its file
is read, its rows are put in order, both splits are scored. With the reference read, as the script reads it
each time, everything is counted. Imports are counted on no side. The script has no intervals, and ours are
without them but in the row that names them, which tells the time in parts of that without.
"""

import argparse
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import bare, small, tables
from benchmarks.contenders import Contenders, Took, contenders
from benchmarks.rows import Goal, Row, conclude, spread, timed

SIZES = (1_000_000, 10_000_000)
ROUNDS = 5
# Of the largest tables a round takes long, and the spread is small.
MOST_OF_LARGEST = 3
TO_SCRIPT, TO_READING, TO_MEMORY = Goal(0.2), Goal(3.0), Goal(1.0)
MB = "MB"


def measure(number: int, metrics: Sequence[str], sizes: Sequence[int]) -> Iterator[Row]:
    """All rows of these metrics and sizes, after those of small submissions."""
    yield from small.measure()
    python = bare.python(print)
    for rows in sizes:
        turns = min(number, MOST_OF_LARGEST) if rows >= max(SIZES) else number
        for metric in metrics:
            title, _ = tables.METRICS[metric]
            print(f"{title}, {rows:,} rows")
            with tempfile.TemporaryDirectory(prefix="leitai-bench-") as folder:
                found = tables.write(Path(folder), metric, rows)
                with contenders(found, python) as asked:
                    yield from compared(asked, f"{title}, {rows:,} rows", turns)


def compared(asked: Contenders, name: str, turns: int) -> Iterator[Row]:
    """The rows of one metric, each thing asked in turn."""
    parts = ("alone", "script", "merging", "prepared", "intervals", "cold")
    took: dict[str, list[Took]] = {part: [] for part in parts}
    for _ in range(turns):
        took["alone"].append(asked.alone())
        for part, one in zip(("script", "merging"), asked.script(), strict=True):
            took[part].append(one)
        took["prepared"].append(asked.prepared())
        took["intervals"].append(asked.prepared(intervals=True))
        took["cold"].append(asked.cold())
    seconds = {part: [one.seconds for one in every] for part, every in took.items()}
    middle = {part: statistics.median(every) for part, every in seconds.items()}
    alone, script = (f"{name}: polars reads", middle["alone"]), (f"{name}: the script", middle["script"])
    yield timed(alone[0], seconds["alone"], alone)
    yield timed(script[0], seconds["script"], script)
    merging = ("the script without its reference", middle["merging"])
    yield timed(f"{name}: ours", seconds["prepared"], script, TO_SCRIPT)
    yield timed(f"{name}: ours", seconds["prepared"], alone, TO_READING)
    yield timed(f"{name}: ours, reference prepared on both sides", seconds["prepared"], merging)
    without = ("without intervals", middle["prepared"])
    yield timed(f"{name}: ours, with intervals", seconds["intervals"], without)
    yield timed(f"{name}: ours, reference read", seconds["cold"], script)
    most = ("the script's memory", statistics.median(one.peak for one in took["script"]))
    yield _memory(f"{name}: memory", took["prepared"], most)
    yield _memory(f"{name}: memory, reference read", took["cold"], most)


def _memory(name: str, took: list[Took], most: tuple[str, float]) -> Row:
    peaks = [one.peak / 1e6 for one in took]
    middle = statistics.median(peaks)
    ratio = round(middle * 1e6 / most[1], 3)
    return Row(name, round(middle, 1), round(spread(peaks), 1), MB, ratio, most[0], TO_MEMORY)


def main() -> int:
    """Measure, show, keep; 1 when a goal is to be held and is missed."""
    reader = argparse.ArgumentParser(description="Measure the evaluators.")
    reader.add_argument("--check", action="store_true", help="exit with 1 when a goal is missed")
    reader.add_argument("--rounds", type=int, default=ROUNDS, help="how often everything is done")
    reader.add_argument("--metrics", nargs="+", choices=tables.METRICS, default=list(tables.METRICS))
    reader.add_argument("--sizes", nargs="+", type=int, default=SIZES, help="how many rows the tables have")
    given = reader.parse_args()
    rows = list(measure(given.rounds, given.metrics, given.sizes))
    return conclude(rows, "evaluators", check=given.check)


if __name__ == "__main__":
    sys.exit(main())
