"""Charts drawn on the server as SVG, each with its figures as a table for whoever sees no picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_skeleton
from flask import render_template
from flask_babel import format_date, get_locale
from markupsafe import Markup

WIDTH, HEIGHT = 640, 180
LEFT, RIGHT, TOP, BOTTOM = 48, 12, 10, 26
BAR_WIDEST = 48.0
SPARK_WIDTH, SPARK_HEIGHT = 84, 22
WHISKER_WIDTH = 110


@dataclass(frozen=True)
class Mark:
    """A line of the scale: where, and its text."""

    at: float
    text: str


def line_chart(series: Sequence[tuple[datetime, float]], label: str) -> Markup:
    """A value over time, as steps: it holds until the next one. An empty series draws nothing."""
    if not series:
        return Markup("")
    times = [at.timestamp() for at, _ in series]
    values = [value for _, value in series]
    across = _Scale(min(times), max(times), LEFT, WIDTH - RIGHT)
    up = _Scale(*_padded(min(values), max(values)), HEIGHT - BOTTOM, TOP)
    points = [(across(at), up(value)) for at, value in zip(times, values, strict=True)]
    return _drawn(
        "line",
        label,
        points=_steps(points),
        marks=_marks(up),
        ends=_ends(series),
        rows=[(format_date(at, "medium"), f"{value:g}") for at, value in series],
    )


def bars(rows: Sequence[tuple[str, float]], label: str) -> Markup:
    """A bar for each name, in the given order; the tallest fills the chart."""
    if not rows:
        return Markup("")
    up = _Scale(0.0, max(value for _, value in rows) or 1.0, HEIGHT - BOTTOM, TOP)
    step = (WIDTH - LEFT - RIGHT) / len(rows)
    # A single day is a bar too, not a wall.
    breadth = min(step * 0.8, BAR_WIDEST)
    drawn = [
        (round(LEFT + (n + 0.5) * step - breadth / 2, 1), round(up(value), 1), round(breadth, 1), name, value)
        for n, (name, value) in enumerate(rows)
    ]
    every = -(-len(rows) // 10)
    names = [(x + width / 2, name) for n, (x, _, width, name, _) in enumerate(drawn) if n % every == 0]
    return _drawn(
        "bars",
        label,
        bars=drawn,
        names=names,
        marks=_marks(up),
        rows=[(name, f"{value:g}") for name, value in rows],
    )


def spark(values: Sequence[float], *, own: bool = False) -> Markup:
    """A line in a table row: how a score moved. One value is no movement and draws nothing."""
    if len(values) < 2:
        return Markup("")
    across = _Scale(0, len(values) - 1, 1, SPARK_WIDTH - 1)
    up = _Scale(*_padded(min(values), max(values)), SPARK_HEIGHT - 2, 2)
    points = " ".join(f"{across(n):.1f},{up(value):.1f}" for n, value in enumerate(values))
    return Markup(
        '<svg width="{}" height="{}" aria-hidden="true"><polyline class="spark{}" points="{}"/></svg>'
    ).format(SPARK_WIDTH, SPARK_HEIGHT, " own-spark" if own else "", points)


def whisker(value: float, ends: tuple[float, float], within: tuple[float, float]) -> Markup:
    """A dot with its interval in a table row, on the scale of its table; the row has both in words."""
    across = _Scale(*_padded(*within), 4, WHISKER_WIDTH - 4)
    low, dot, high = (f"{across(number):.1f}" for number in (ends[0], value, ends[1]))
    return Markup(
        '<svg width="{}" height="16" aria-hidden="true"><line class="whisk" x1="{}" x2="{}" y1="8" y2="8"/>'
        '<circle class="dot" cx="{}" cy="8" r="3.5"/></svg>'
    ).format(WHISKER_WIDTH, low, high, dot)


class _Scale:
    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        self.low, self.high, self.start, self.end = low, high, start, end

    def __call__(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low) if self.high > self.low else 0.5
        return self.start + share * (self.end - self.start)


def _padded(low: float, high: float) -> tuple[float, float]:
    pad = (high - low) * 0.08 or abs(high) * 0.05 or 1.0
    return low - pad, high + pad


def _steps(points: Sequence[tuple[float, float]]) -> str:
    drawn = [points[0]]
    for x, y in points[1:]:
        drawn += [(x, drawn[-1][1]), (x, y)]
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in [*drawn, (WIDTH - RIGHT, drawn[-1][1])])


def _marks(up: _Scale) -> list[Mark]:
    values = [up.low + (up.high - up.low) * share for share in (0.0, 0.5, 1.0)]
    return [Mark(round(up(value), 1), f"{value:.4g}") for value in values]


def _ends(series: Sequence[tuple[datetime, float]]) -> tuple[str, str]:
    return day(series[0][0]), day(series[-1][0])


def day(at: date) -> str:
    """Day and month, in the order of the reader's language."""
    return format_skeleton("MMMd", at, locale=get_locale())


def _drawn(kind: str, label: str, **parts: object) -> Markup:
    frame = {"width": WIDTH, "height": HEIGHT, "left": LEFT, "right": WIDTH - RIGHT, "floor": HEIGHT - BOTTOM}
    return Markup(render_template(f"web/chart_{kind}.html", label=label, **frame, **parts))  # noqa: S704 autoescaped
