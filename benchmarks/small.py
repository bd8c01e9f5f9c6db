"""A small submission in a warm scorer: from the fork to its end, reading and writing included."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import tables
from benchmarks.contenders import scorer
from benchmarks.rows import Goal, Row, timed
from benchmarks.timing import WARM_UP

ROWS, TURNS = 1_000, 60
MOST = ("20 ms", 0.02)
METRICS = ("rmse", "roc_auc")


def measure() -> Iterator[Row]:
    """A row for each of two metrics."""
    for metric in METRICS:
        with tempfile.TemporaryDirectory(prefix="leitai-bench-") as folder:
            found = tables.write(Path(folder), metric, ROWS)
            words = str(found.submission), f"{folder}/scores.json"
            with scorer("forks.py", found) as ask:
                took = [ask(*words)["seconds"] for _ in range(WARM_UP + TURNS)]
        name = f"{tables.METRICS[metric][0]}, {ROWS:,} rows, in a warm scorer"
        yield timed(name, took[WARM_UP:], MOST, Goal(1.0))
