"""Counts between edges, as bars that are as broad as what they count."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from flask_babel import gettext

from leitai.web.figures import curve
from leitai.web.figures.axes import Axis, text
from leitai.web.figures.words import known, plain, said

GAP = 1.0


@dataclass(frozen=True)
class Bar:
    """A bar as it is drawn, and what it counts from where to where."""

    x: float
    y: float
    breadth: float
    height: float
    count: int
    ends: tuple[str, str]


def parts(figure: Mapping[str, Any]) -> dict[str, Any]:
    """What the template needs."""
    edges, counts = figure["edges"], figure["counts"]
    most = max(counts) or 1
    across, up = curve.axes([edges[0], edges[-1]], [0, most])
    bars = [_bar(pair, count, across, up) for pair, count in zip(pairwise(edges), counts, strict=True)]
    return {
        "x": plain(figure["x"]) or said(known(figure).x),
        "y": gettext("Rows"),
        "across": across,
        "up": up,
        "height": curve.HEIGHT,
        "width": curve.WIDTH,
        "bars": bars,
        "zero": across(0.0) if edges[0] < 0 < edges[-1] else None,
    }


def _bar(ends: tuple[float, float], count: int, across: Axis, up: Axis) -> Bar:
    left, right, top = across(ends[0]), across(ends[1]), up(count)
    breadth = max(round(right - left - GAP, 1), GAP)
    return Bar(left, top, breadth, round(up.start - top, 1), count, (text(ends[0]), text(ends[1])))
