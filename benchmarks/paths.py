"""Bare, cold and warm: the same programs on the machine itself and in our sandbox."""

import statistics
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from benchmarks import bare, programs
from benchmarks.bench import Bench
from benchmarks.programs import BOOSTING, LEARNING, NOTHING, TITLES
from benchmarks.rows import MS, Goal, Row, spread, timed
from benchmarks.timing import Ask, rounds
from sandbox.job import Outcome

TRUE = "docker run … true"
BARE, COLD, WARM = "bare", "cold", "warm"
EQUAL_RUNS = 10
# What a program's warm path is compared with in the same turns, and the most that the ratio may be.
GOALS = {NOTHING: (TRUE, 0.2), LEARNING: (BARE, 0.1), BOOSTING: (BARE, 0.1)}


def measure(bench: Bench, python: Path) -> list[Row]:
    """All rows; ``python`` is the bare machine's."""
    asks, before = _asks(bench, python)
    took = rounds(asks, bench.rounds, before)
    middle = {name: statistics.median(seconds) for name, seconds in took.items()}
    rows = [timed(f"{bench.engine.way} … true", took[TRUE], (TRUE, middle[TRUE]))]
    for name, (to, most) in GOALS.items():
        reference = to if to == TRUE else _title(name, to)
        for way in (BARE, COLD, WARM):
            row = _title(name, way)
            goal = Goal(most) if way == WARM else None
            rows.append(timed(row, took[row], (reference, middle[reference]), goal))
    return rows


def _title(name: str, way: str) -> str:
    return f"{TITLES[name]}: {way}"


def _asks(bench: Bench, python: Path) -> tuple[dict[str, Ask], dict[str, Ask]]:
    """What is timed, and what is done before each."""
    output = bench.folder / "output"
    output.mkdir()
    source, sandboxed = bench.edition.data.input, bench.sandboxed
    asks: dict[str, Ask] = {TRUE: bench.run_true}
    before: dict[str, Ask] = {TRUE: bench.sandbox.settle}
    for name in TITLES:
        asks |= {
            _title(name, BARE): partial(bare.run, python, programs.folder(name), source, output),
            _title(name, COLD): partial(sandboxed.cold, name),
            _title(name, WARM): partial(sandboxed.warm, name),
        }
        before |= {_title(name, way): bench.sandbox.settle for way in (BARE, COLD)}
        before[_title(name, WARM)] = sandboxed.ready
    return asks, before


def equal_runs(bench: Bench) -> list[Row]:
    """How far equal runs lie apart in a phase that ranks by speed."""
    found: list[Outcome] = []
    for _ in range(EQUAL_RUNS):
        found.append(bench.sandboxed.alone(BOOSTING))
        bench.sandbox.settle()
    title = f"{EQUAL_RUNS} equal runs alone"
    return [
        _apart(f"{title}: wall time", [one.wall_s for one in found]),
        _apart(f"{title}: CPU time", [one.cpu_s for one in found]),
    ]


def _apart(name: str, seconds: Sequence[float]) -> Row:
    middle = statistics.median(seconds)
    ratio = (max(seconds) - min(seconds)) / middle
    return Row(name, middle * 1e3, spread(seconds) * 1e3, MS, ratio, "slowest − fastest, to their median")
