"""Sizes and durations as people write them: a number with its unit, `2 GB`, `60 s`, `10 min`."""

import re
from collections.abc import Mapping

SIZES: Mapping[str, float] = {
    "B": 1,
    "kB": 10**3,
    "KB": 10**3,
    "MB": 10**6,
    "GB": 10**9,
    "TB": 10**12,
    "KiB": 2**10,
    "MiB": 2**20,
    "GiB": 2**30,
    "TiB": 2**40,
}
DURATIONS: Mapping[str, float] = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_QUANTITY = re.compile(r"^(\d+(?:\.\d+)?)\s*([A-Za-z]+)$")


def amount(value: object, units: Mapping[str, float]) -> float | None:
    """What a text says, in the unit that counts one; None where it has no unit that is known."""
    found = _QUANTITY.match(value.strip()) if isinstance(value, str) else None
    return float(found[1]) * units[found[2]] if found and found[2] in units else None
