"""Measures the portal on the event against goals, and keeps what it found.

    python -m benchmarks.measure [--url URL] [--check]

Every figure is a ratio too: against the sign-in page of the same run, which shows no data. Machines and
moments differ; how much dearer a page is than an empty one hardly does. Goals are such ratios.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import make_url

from benchmarks import event, pages, portal, scoring
from leitai import db
from leitai.launch.prepare import prepare_code
from leitai.settings import HOME, Settings, load_settings

WARM_UP, ROUNDS = 3, 20
CONNECTIONS, LOAD_S = 8, 6.0
LOADED = {"under load: the reference": "/sign-in", "under load: board": "/competitions/{task}/board"}
QUEUED = f"a submission, {scoring.WAITING:,} waiting"
# No more than so many times the reference; a row under load is compared with the reference under load.
GOALS: dict[str, float] = {
    "home": 10,
    "competition": 10,
    "task statement": 5,
    pages.BOARD: 13,
    "board, a middle page": 13,
    "board, teams by name": 13,
    "board, teams by country": 13,
    "my submissions": 12,
    "a submission": 5,
    "organizer: overview": 12,
    "organizer: submissions": 12,
    "organizer: board.csv": 9,
    "API: board": 4,
    "API: a submission": 3,
    "API: hand in 1000 rows": 11,
    QUEUED: 9,
    f"claim, {scoring.WAITING:,} waiting": 6,
    f"record, {scoring.AT_ONCE} at once": 8,
    f"record, {scoring.AT_ONCE} at once, each": 9,
    "under load: board": 25,
}
# Every statement goes to a database server and back; the goals are those of the embedded database.
SERVER_ALLOWANCE = 2.0
OUT = HOME / "var" / "bench"


@dataclass(frozen=True)
class Row:
    """Milliseconds; the spread is what the middle half of the figures covers."""

    name: str
    median_ms: float
    spread_ms: float
    ratio: float
    goal: float | None

    @property
    def missed(self) -> bool:
        """Whether it is dearer than it may be."""
        return self.goal is not None and self.ratio > self.goal


def rounds(asks: dict[str, pages.Ask]) -> dict[str, list[float]]:
    """Ask for everything in turn, so that what disturbs the machine disturbs all alike."""
    took: dict[str, list[float]] = {name: [] for name in asks}
    for number in range(WARM_UP + ROUNDS):
        for name, ask in asks.items():
            began = time.perf_counter()
            ask()
            if number >= WARM_UP:
                took[name].append(time.perf_counter() - began)
    return took


def under_load(path: str, visitors: list[portal.Visitor]) -> float:
    """Requests a second that all get together, each with one connection, one after the other."""
    until = time.perf_counter() + LOAD_S

    def ask_on(visitor: portal.Visitor) -> int:
        asked = 0
        while time.perf_counter() < until:
            visitor.get(path)
            asked += 1
        return asked

    with ThreadPoolExecutor(len(visitors)) as crowd:
        return sum(crowd.map(ask_on, visitors)) / LOAD_S


def goal_of(name: str) -> float | None:
    """The most that a row's ratio may be on the database of this run."""
    goal = GOALS.get(name)
    return goal * SERVER_ALLOWANCE if goal and db.engine().dialect.name != "sqlite" else goal


def row(name: str, seconds: list[float], reference: float) -> Row:
    """A row of the table."""
    middle = statistics.median(seconds)
    low, _, high = statistics.quantiles(seconds, n=4) if len(seconds) > 1 else (middle,) * 3
    ratio = middle / reference
    return Row(name, round(middle * 1e3, 2), round((high - low) * 1e3, 2), round(ratio, 2), goal_of(name))


def measure(found: event.Event, settings: Settings) -> list[Row]:
    """All rows."""
    with portal.portal(settings, settings.path("portal.log")):
        took = rounds(pages.asks(found, settings.port))
        waiting = scoring.queue(found)
        took |= rounds({QUEUED: pages.asking(found, settings.port, waiting)})
        visitors = [portal.Visitor(settings.port) for _ in range(CONNECTIONS)]
        rates = {name: under_load(path.format(task=found.task), visitors) for name, path in LOADED.items()}
    reference = statistics.median(took[pages.REFERENCE])
    took |= scoring.measure()
    loaded_reference = 1 / next(iter(rates.values()))
    return [
        *(row(name, seconds, reference) for name, seconds in took.items()),
        *(row(name, [1 / rate], loaded_reference) for name, rate in rates.items()),
    ]


def show(rows: Iterable[Row]) -> None:
    """Print the table."""
    table = Table("", "median ms", "spread ms", "ratio", "goal")
    for one in rows:
        style = "red" if one.missed else ""
        goal = "" if one.goal is None else f"{one.goal:g}"
        figures = (f"{one.median_ms:.1f}", f"{one.spread_ms:.1f}", f"{one.ratio:.2f}", goal)
        table.add_row(one.name, *figures, style=style)
    Console(width=100).print(table)


def keep(rows: Iterable[Row], database: str) -> Path:
    """Write the rows beside those of earlier runs."""
    OUT.mkdir(parents=True, exist_ok=True)
    place = OUT / f"{database}-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}.json"
    place.write_text(json.dumps([asdict(one) for one in rows], indent=1) + "\n")
    return place


def surround(folder: str, url: str) -> Settings:
    """Settings of this run alone, for us and for the programs that we start."""
    ours = {"DATA_DIR": folder, "DATABASE_URL": url, "HOST": portal.HOST, "PORT": str(portal.free_port())}
    for name in [name for name in os.environ if name.startswith("LEITAI_")]:
        del os.environ[name]
    os.environ.update({f"LEITAI_{name}": value for name, value in {**ours, "WORKERS": "0"}.items()})
    return load_settings()


def main() -> int:
    """Fill, measure, show, keep; 1 when a goal is to be held and is missed."""
    reader = argparse.ArgumentParser(description="Measure the portal on an event of the real size.")
    reader.add_argument("--url", default="", help="SQLAlchemy URL of an empty database, instead of SQLite")
    reader.add_argument("--check", action="store_true", help="exit with 1 when a goal is missed")
    given = reader.parse_args()
    prepare_code()
    with tempfile.TemporaryDirectory(prefix="leitai-bench-") as folder:
        settings = surround(folder, given.url)
        rows = measure(event.build(print), settings)
        db.engine().dispose()
    show(rows)
    print(f"Kept in {keep(rows, make_url(settings.database).get_backend_name())}")
    missed = [one.name for one in rows if one.missed]
    if missed:
        print(f"Goals missed: {', '.join(missed)}.")
    return 1 if given.check and missed else 0


if __name__ == "__main__":
    sys.exit(main())
