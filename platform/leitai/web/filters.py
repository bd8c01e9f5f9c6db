"""How values are written on pages: texts, times, sizes and numbers."""

import math
from datetime import UTC, datetime, timedelta

import nh3
from babel.dates import format_datetime, format_timedelta
from flask import Flask
from flask_babel import get_locale
from markdown_it import MarkdownIt
from markupsafe import Markup

from leitai import db
from leitai.settings import Settings
from leitai.web.languages import words

UNITS = ("B", "kB", "MB", "GB", "TB")
# Raw HTML stays text: an organizer's statement is Markdown and nothing else.
READER = MarkdownIt("commonmark", {"html": False}).enable("table")
TAGS = nh3.ALLOWED_TAGS - {"img", "map", "area"}


def install(app: Flask, settings: Settings) -> None:  # noqa: ARG001 every part is installed alike
    """Give templates the filters."""
    app.jinja_env.filters.update(
        words=words, markdown=markdown, moment=moment, ago=ago, bytes=size, number=number, seconds=seconds
    )
    app.jinja_env.filters["between"] = between
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def markdown(text: str) -> Markup:
    """Markdown as HTML that holds no script, whoever wrote it."""
    return Markup(nh3.clean(READER.render(text), tags=TAGS, link_rel="noopener nofollow"))  # noqa: S704 just cleaned


def moment(value: datetime | None, style: str = "medium") -> Markup:
    """A time in UTC; the page's script writes it in the reader's zone."""
    if value is None:
        return Markup("–")
    text = format_datetime(value.astimezone(UTC), _pattern(style), locale=get_locale())
    return Markup('<time class="num" datetime="{}" data-style="{}">{} UTC</time>').format(
        value.astimezone(UTC).isoformat(timespec="milliseconds"), style, text
    )


def _pattern(style: str) -> str:
    return {"short": "d MMM HH:mm", "date": "d MMM y", "time": "HH:mm:ss"}.get(style, "d MMM y HH:mm:ss")


def ago(value: datetime | None) -> Markup:
    """How long since, or until; the exact time is in its title."""
    if value is None:
        return Markup("–")
    text = format_timedelta(value - db.now(), add_direction=True, locale=get_locale())
    return Markup('<time class="num" datetime="{}" data-style="ago">{}</time>').format(
        value.astimezone(UTC).isoformat(timespec="seconds"), text
    )


def span(value: timedelta) -> str:
    """A length of time in its largest unit."""
    return str(format_timedelta(value, threshold=1.2, locale=get_locale()))


def size(value: int | None) -> str:
    """Bytes in the unit that fits, counted in thousands."""
    if value is None:
        return "–"
    amount = float(value)
    for unit in UNITS:
        if abs(amount) < 1000 or unit == UNITS[-1]:
            break
        amount /= 1000
    return f"{amount:.0f} {unit}" if unit == "B" or amount >= 100 else f"{amount:.1f} {unit}"


def between(ends: tuple[float, float]) -> str:
    """An interval, with three digits of its width: it is known no better."""
    low, high = ends
    digits = max(0, 2 - math.floor(math.log10(high - low))) if high > low else None
    return f"{number(low, digits)} – {number(high, digits)}"


def number(value: float | None, digits: int | None = None, unit: str = "") -> str:
    """A score with six significant digits, or with so many after the point; counts with separators.

    What has a ``unit`` is written with it, as times and sizes are.
    """
    if value is None:
        return "–"
    if unit:
        return _with_unit(value, unit)
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.{digits}f}" if digits is not None else _significant(value)


def _with_unit(value: float, unit: str) -> str:
    match unit:
        case "s":
            return seconds(value)
        case "bytes":
            return size(round(value))
        case _:
            return f"{_significant(value)} {unit}"


def _significant(value: float) -> str:
    text = f"{value:.6g}"
    return text if "e" in text or abs(value) >= 1 else f"{value:.6f}"


def seconds(value: float | None) -> str:
    """A duration: 0.31 s, 8.4 s, 3 min 20 s."""
    if value is None:
        return "–"
    if value < 100:
        return f"{value:.2f} s" if value < 10 else f"{value:.1f} s"
    minutes, rest = divmod(round(value), 60)
    return f"{minutes} min {rest} s"
