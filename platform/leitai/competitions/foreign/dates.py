"""Dates of other platforms, most of them without a zone: those are theirs, in UTC."""

import re
from datetime import UTC, datetime

from leitai.competitions.bundle.dates import YEARS
from leitai.competitions.foreign.report import Report, refused
from leitai.competitions.foreign.values import Given, Unquoted

# Month first, as all of these platforms read it; a number above 12 can only be a day.
NUMBERS = re.compile(
    r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?\s*(?:UTC|Z)?$"
)
ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(.*)$")
NAMED = tuple(
    f"{date}{time}"
    for date in ("%B %d, %Y", "%B %d %Y", "%d %B %Y", "%b %d, %Y", "%b %d %Y", "%d %b %Y")
    for time in ("", " %H:%M", " %H:%M:%S")
)
REMEDY = "Write it like 2026-03-01T09:00:00Z."


def moment(given: Given, name: str, report: Report, *, zeroes: bool = False) -> datetime | None:
    """The date under a key; None where there is none.

    ``zeroes`` is for formats whose home drops the time of day of a date without quotes: it is kept here.

    Raises:
        BundleError: it is no date.
    """
    if not given.has(name):
        return None
    written = given.values[name]
    found = _read(str(written).strip())
    place = f"{given.file}: {given.at(name)}"
    if found is None or found.year not in YEARS:
        raise refused(given.file, given.at(name), f"{written!s} is no date that is known here.", REMEDY)
    if (
        zeroes
        and isinstance(written, Unquoted)
        and ISO.match(written)
        and found.time() != datetime.min.time()
    ):
        told = f"{written} has no quotes, so Codabench drops its time of day; here {found:%H:%M} UTC holds."
        report.changed(place, told)
    elif NUMBERS.match(str(written).strip()):
        report.changed(place, f"{written} was read as {found:%d %B %Y}, month first; check that it is meant.")
    return found


def _read(written: str) -> datetime | None:
    try:
        if numbers := NUMBERS.match(written):
            return _numbers(numbers)
        if ISO.match(written):
            return _iso(written)
        return _named(written)
    except (ValueError, OverflowError):
        return None


def _numbers(found: re.Match[str]) -> datetime:
    month, day, year, hour, minute, second = (int(part or 0) for part in found.groups())
    if month > 12:
        month, day = day, month
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


def _iso(written: str) -> datetime:
    year, month, day, rest = ISO.match(written).groups()  # type: ignore[union-attr]  # the caller has looked
    rest = re.sub(r"\s*(?:UTC|Z)$", "+00:00", rest.strip())
    rest = re.sub(r"([+-]\d{2})(\d{2})$|([+-]\d{2})$", _zone, rest.replace(" ", "")).removeprefix("T")
    if rest.startswith("+"):
        rest = ""
    found = datetime.fromisoformat(f"{year}-{int(month):02}-{int(day):02}{'T' + rest if rest else ''}")
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _zone(found: re.Match[str]) -> str:
    return f"{found[1]}:{found[2]}" if found[1] else f"{found[3]}:00"


def _named(written: str) -> datetime | None:
    for pattern in NAMED:
        try:
            return datetime.strptime(written, pattern).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None


def shown(value: datetime) -> str:
    """As bundles write it."""
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
