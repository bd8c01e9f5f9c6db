"""Lines over two axes, told apart by colour and by dashes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from leitai.web.figures.axes import Axis, extent, text
from leitai.web.figures.words import known, plain, said

WIDTH, HEIGHT = 400, 290
RIGHT, TOP, BOTTOM = 12, 10, 24
# By these two together twelve lines all differ, and the first six by their dashes alone.
COLOURS, DASHES = 4, 6
DOTTED = 20


@dataclass(frozen=True)
class Line:
    """A line as it is drawn, with its dots where they are few, and its points as they are written."""

    name: str
    look: str
    path: str
    dots: tuple[tuple[float, float], ...]
    points: tuple[tuple[str, str], ...]


def parts(figure: Mapping[str, Any]) -> dict[str, Any]:
    """What the template needs."""
    words, lines = known(figure), figure["lines"]
    points = [point for line in lines for point in line["points"]]
    across, up = axes([x for x, _ in points], [y for _, y in points])
    return {
        "x": plain(figure["x"]) or said(words.x),
        "y": plain(figure["y"]) or said(words.y),
        "across": across,
        "up": up,
        "height": HEIGHT,
        "width": WIDTH,
        "named": len(lines) > 1 or any(line["name"] for line in lines),
        "lines": [_line(n, line, across, up) for n, line in enumerate(lines)],
        "diagonal": _diagonal(across, up) if figure["diagonal"] else None,
        "diagonal_name": said(words.diagonal),
    }


def axes(across: Sequence[float], up: Sequence[float]) -> tuple[Axis, Axis]:
    """Both axes of a drawing; its marks on the left find room."""
    vertical = Axis(*extent(up), HEIGHT - BOTTOM, TOP)
    left = 16 + 8 * max(len(mark.text) for mark in vertical.marks())
    return Axis(*extent(across), left, WIDTH - RIGHT), vertical


def _line(number: int, line: Mapping[str, Any], across: Axis, up: Axis) -> Line:
    places = [(across(x), up(y)) for x, y in line["points"]]
    return Line(
        name=plain(line["name"]),
        look=f"colour-{number % COLOURS} dash-{number % DASHES}",
        path=" ".join(f"{x},{y}" for x, y in places),
        dots=tuple(places) if len(places) <= DOTTED else (),
        points=tuple((text(x), text(y)) for x, y in line["points"]),
    )


def _diagonal(across: Axis, up: Axis) -> tuple[float, float, float, float] | None:
    """Where both axes have the same value, as far as they share any."""
    low, high = max(across.low, up.low), min(across.high, up.high)
    return (across(low), up(low), across(high), up(high)) if low < high else None
