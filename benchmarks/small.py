"""A small submission in a warm scorer: from the fork to its end, reading and writing included."""

import gc
import os
import runpy
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import NoReturn

from benchmarks import tables
from benchmarks.rows import Goal, Row, timed
from benchmarks.timing import ROUNDS, rounds
from evaluators import prepared

ROWS = 1_000
MOST = ("20 ms", 0.02)
METRICS = ("rmse", "roc_auc")


def measure() -> Iterator[Row]:
    """A row for each of two metrics."""
    for metric in METRICS:
        with tempfile.TemporaryDirectory(prefix="leitai-bench-") as folder:
            found = _written(Path(folder), metric)
            prepared.prepare(str(found.specification), str(found.reference.parent))
            gc.freeze()  # as the interpreter does that waits
            out = Path(folder) / "scores.json"
            name = f"{tables.METRICS[metric][0]}, {ROWS:,} rows, in a warm scorer"
            took = rounds({name: partial(scored, found, out)}, ROUNDS)
            yield timed(name, took[name], MOST, Goal(1.0))


def _written(folder: Path, metric: str) -> tables.Tables:
    """Done by another process: a fork of one in which polars has threads would wait for them for ever."""
    with ProcessPoolExecutor(1, get_context("spawn")) as other:
        return other.submit(tables.write, folder, metric, ROWS).result()


def scored(found: tables.Tables, out: Path) -> None:
    """One run, in a fork of this process."""
    words = [found.specification, found.reference.parent, found.submission, out]
    child = os.fork()
    if not child:
        _run(list(map(str, words)))
    _, status = os.waitpid(child, 0)
    if status or not out.exists():
        raise RuntimeError("the evaluator failed")


def _run(words: list[str]) -> NoReturn:
    sys.argv, code = ["evaluators.score", *words], 1
    try:
        runpy.run_module("evaluators.score", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        code = int(end.code or 0)
    finally:
        os._exit(code)
