"""Half-hourly electricity demand of England and Wales, 5 June to 27 August 2000 (Taylor 2003; pmdarima)."""

import ast
from datetime import datetime, timedelta
from pathlib import Path

from examples.shaping.order import shuffled, split
from examples.shaping.packages import read_from_wheel
from examples.shaping.tables import write_csv

SALT = "load-forecast"
START = datetime(2000, 6, 5)  # noqa: DTZ001 the series comes in local clock time, without a change of hour
DAY, WEEK = 48, 336
OPEN = 8 * WEEK
PHASES = {"preliminary": range(OPEN, 10 * WEEK), "final": range(10 * WEEK, 12 * WEEK)}
PUBLIC_SHARE = 0.4


def prepare(downloads: Path, task: Path) -> None:
    """Write open data, references and baselines."""
    demand = read_demand(downloads)
    write_csv(task / "data/train.csv", ["time", "demand"], [(stamp(n), demand[n]) for n in range(OPEN)])
    for phase, rows in PHASES.items():
        write_csv(task / f"data/sample-{phase}.csv", ["time", "demand"], [(stamp(n), 0) for n in rows])
        write_reference(task / f"hidden/{phase}.csv", demand, rows)
    write_baselines(task / "baselines", demand[:OPEN], PHASES["preliminary"])


def read_demand(downloads: Path) -> list[int]:
    """The series in megawatts; the module that holds it is read, not run."""
    source = read_from_wheel(downloads, "pmdarima", "pmdarima/datasets/taylor.py")
    lists = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.List)]
    values: list[int] = ast.literal_eval(max(lists, key=lambda node: len(node.elts)))
    assert len(values) == 12 * WEEK
    return values


def stamp(number: int) -> str:
    """The beginning of a half hour."""
    return (START + timedelta(minutes=30 * number)).isoformat(timespec="minutes")


def write_reference(path: Path, demand: list[int], rows: range) -> None:
    """Whole days are public or private: within a day, neighbours would give each other away."""
    answers = [(stamp(n), demand[n], split(SALT, stamp(n)[:10], PUBLIC_SHARE)) for n in rows]
    write_csv(path, ["time", "demand", "split"], shuffled(answers, SALT, lambda row: row[0]))


def write_baselines(folder: Path, known: list[int], rows: range) -> None:
    """The mean; the average week; last week once more; and a file that stops half-way."""
    mean = round(sum(known) / len(known))
    average_week = [round(sum(known[slot::WEEK]) / (len(known) // WEEK)) for slot in range(WEEK)]
    last_week = known[-WEEK:]
    forecasts = {
        "mean": [mean for _ in rows],
        "average-week": [average_week[n % WEEK] for n in rows],
        "last-week": [last_week[n % WEEK] for n in rows],
        "first-week-only": [last_week[n % WEEK] for n in rows[:WEEK]],
    }
    for name, values in forecasts.items():
        times = [stamp(n) for n in rows]
        write_csv(folder / f"{name}.csv", ["time", "demand"], zip(times, values, strict=False))
