"""The rows of a benchmark: shown as a table, kept as JSON beside those of earlier runs, and held to goals."""

import json
import statistics
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from leitai.settings import HOME

OUT = HOME / "var" / "bench"
MS = "ms"


@dataclass(frozen=True)
class Goal:
    """How large a ratio may be, or with ``at_least`` how large it must be."""

    bound: float
    at_least: bool = False

    def missed_by(self, ratio: float) -> bool:
        """Whether a ratio lies on the wrong side."""
        return ratio < self.bound if self.at_least else ratio > self.bound

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.bound:g}"


@dataclass(frozen=True)
class Row:
    """The spread is what the middle half of the figures covers; the ratio is that to the ``reference``."""

    name: str
    median: float
    spread: float
    unit: str
    ratio: float
    reference: str
    goal: Goal | None = None

    @property
    def missed(self) -> bool:
        """Whether there is a goal and the ratio does not meet it."""
        return self.goal is not None and self.goal.missed_by(self.ratio)

    def plain(self) -> dict[str, Any]:
        """As it is kept: the goal's number, and whether that is the least."""
        goal = self.goal or Goal(0)
        return asdict(self) | {"goal": self.goal and goal.bound, "at_least": goal.at_least}


def spread(figures: Sequence[float]) -> float:
    """What the middle half of the figures covers."""
    if len(figures) < 2:
        return 0.0
    low, _, high = statistics.quantiles(figures, n=4)
    return high - low


def timed(name: str, seconds: Sequence[float], reference: tuple[str, float], goal: Goal | None = None) -> Row:
    """A row of times, in milliseconds; the reference is its name and its seconds."""
    middle, (to, of) = statistics.median(seconds), reference
    return Row(
        name, round(middle * 1e3, 2), round(spread(seconds) * 1e3, 2), MS, round(middle / of, 3), to, goal
    )


def show(rows: Iterable[Row]) -> None:
    """Print the table."""
    table = Table("", "median", "spread", "unit", "ratio", "goal", "to")
    for one in rows:
        goal = "" if one.goal is None else str(one.goal)
        figures = (f"{one.median:,.1f}", f"{one.spread:,.1f}", one.unit, f"{one.ratio:.2f}", goal)
        table.add_row(one.name, *figures, one.reference, style="red" if one.missed else "")
    Console(width=130).print(table)


def keep(rows: Iterable[Row], name: str, out: Path = OUT) -> Path:
    """Write the rows beside those of earlier runs."""
    out.mkdir(parents=True, exist_ok=True)
    place = out / f"{name}-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}.json"
    place.write_text(json.dumps([one.plain() for one in rows], indent=1, ensure_ascii=False) + "\n")
    return place


def conclude(rows: Sequence[Row], name: str, *, check: bool) -> int:
    """Show and keep the rows; 1 when goals are to be held and one is missed."""
    show(rows)
    print(f"Kept in {keep(rows, name)}")
    missed = [one.name for one in rows if one.missed]
    if missed:
        print(f"Goals missed: {', '.join(missed)}.")
    return 1 if check and missed else 0
