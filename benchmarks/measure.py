"""Measures the portal on the event against goals, and keeps what it found.

    python -m benchmarks.measure [--url URL] [--check] [--rounds N]

Every figure is a ratio too: against the sign-in page of the same run, which shows no data. Machines and
moments differ; how much dearer a page is than an empty one hardly does. Goals are such ratios.
"""

import argparse
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import make_url

from benchmarks import event, pages, portal, scoring
from benchmarks.rows import Goal, Row, conclude, timed
from benchmarks.timing import ROUNDS, rounds
from leitai import db
from leitai.launch.prepare import prepare_code
from leitai.settings import Settings

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


def goal_of(name: str) -> Goal | None:
    """The most that a row's ratio may be on the database of this run."""
    goal = GOALS.get(name)
    if goal is None:
        return None
    return Goal(goal if db.engine().dialect.name == "sqlite" else goal * SERVER_ALLOWANCE)


def measure(found: event.Event, settings: Settings, number: int) -> list[Row]:
    """All rows."""
    with portal.portal(settings, settings.path("portal.log")):
        took = rounds(pages.asks(found, settings.port), number)
        waiting = scoring.queue(found)
        took |= rounds({QUEUED: pages.asking(found, settings.port, waiting)}, number)
        visitors = [portal.Visitor(settings.port) for _ in range(CONNECTIONS)]
        rates = {name: under_load(path.format(task=found.task), visitors) for name, path in LOADED.items()}
    reference = (pages.REFERENCE, statistics.median(took[pages.REFERENCE]))
    took |= scoring.measure()
    name, rate = next(iter(rates.items()))
    return [
        *(timed(name, seconds, reference, goal_of(name)) for name, seconds in took.items()),
        *(timed(other, [1 / some], (name, 1 / rate), goal_of(other)) for other, some in rates.items()),
    ]


def main() -> int:
    """Fill, measure, show, keep; 1 when a goal is to be held and is missed."""
    reader = argparse.ArgumentParser(description="Measure the portal on an event of the real size.")
    reader.add_argument("--url", default="", help="SQLAlchemy URL of an empty database, instead of SQLite")
    reader.add_argument("--check", action="store_true", help="exit with 1 when a goal is missed")
    reader.add_argument("--rounds", type=int, default=ROUNDS, help="how often each page is asked for")
    given = reader.parse_args()
    portal.end_in_order()
    prepare_code()
    with tempfile.TemporaryDirectory(prefix="leitai-bench-") as folder:
        settings = portal.surround(folder, given.url)
        rows = measure(event.build(print), settings, given.rounds)
        db.engine().dispose()
    return conclude(rows, make_url(settings.database).get_backend_name(), check=given.check)


if __name__ == "__main__":
    sys.exit(main())
