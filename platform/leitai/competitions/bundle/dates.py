"""Points in time: ISO 8601 with a zone, or relative to the moment of applying (`-30 d`, `+60 d`)."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, ValidationInfo

from leitai.competitions.bundle.errors import refuse

RELATIVE = re.compile(r"^([+-])\s*(\d+(?:\.\d+)?)\s*(d|h|min)$")
UNITS = {"d": "days", "h": "hours", "min": "minutes"}
YEARS = range(2000, 2100)
OUTSIDE = f"lies outside the years {YEARS[0]} to {YEARS[-1]}."
WRITE = "Write it like 2026-03-01T09:00:00+08:00, with a time of day and a zone."


@dataclass(frozen=True)
class When:
    """A moment; a relative one is set when the bundle is first applied, and kept afterwards."""

    at: datetime
    relative: bool = False


def parse_when(value: Any, info: ValidationInfo) -> When:
    """Read a moment; the validation context holds ``now`` for relative ones."""
    if isinstance(value, When):
        return value
    if not isinstance(value, str):
        raise refuse(f"{value!r} is not a date.", WRITE)
    if found := RELATIVE.match(value.strip()):
        return When(_shifted(info, found[1], float(found[2]), UNITS[found[3]]), relative=True)
    return When(_absolute(value.strip()))


def _shifted(info: ValidationInfo, sign: str, amount: float, unit: str) -> datetime:
    today: datetime = (info.context or {})["now"]
    try:
        shift = timedelta(**{unit: amount})
        moved = today - shift if sign == "-" else today + shift
    except OverflowError:
        raise refuse(f"{sign}{amount} {unit} {OUTSIDE}", WRITE) from None
    return _within(f"{sign}{amount} {unit}", moved.replace(second=0, microsecond=0))


def _within(written: str, moment: datetime) -> datetime:
    # Near the calendar's ends a change of zone overflows.
    if moment.year not in YEARS:
        raise refuse(f"{written!r} {OUTSIDE}", WRITE)
    return moment


def _absolute(value: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise refuse(f"{value!r} is not a date.", WRITE) from None
    if len(value) <= len("2026-03-01"):
        raise refuse(f"{value!r} has no time of day.", WRITE)
    if moment.tzinfo is None:
        raise refuse(f"{value!r} has no zone.", WRITE)
    return _within(value, moment)


Moment = Annotated[When, BeforeValidator(parse_when)]
