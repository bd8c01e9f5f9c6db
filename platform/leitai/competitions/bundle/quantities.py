"""Sizes and durations, always with their unit: `2 GB`, `60 s`, `10 min`."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator

from leitai.competitions.bundle.errors import refuse

SIZES = {
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
DURATIONS = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
MOST = 10.0**18
QUANTITY = re.compile(r"^(\d+(?:\.\d+)?)\s*([A-Za-z]+)$")


def parse_size(value: Any) -> int:
    """Bytes of a text such as `50 MB` (decimal) or `2 GiB` (binary)."""
    return int(_parse(value, SIZES, "50 MB", "B, KB, MB, GB, TB, KiB, MiB, GiB or TiB"))


def parse_duration(value: Any) -> float:
    """Seconds of a text such as `60 s` or `10 min`."""
    return _parse(value, DURATIONS, "60 s", "ms, s, min, h or d")


def _parse(value: Any, units: Mapping[str, float], example: str, names: str) -> float:
    found = QUANTITY.match(value.strip()) if isinstance(value, str) else None
    if found is None or found[2] not in units:
        raise refuse(f"{value!r} has no unit that is known.", f"Write it like `{example}`, with {names}.")
    amount = float(found[1]) * units[found[2]]
    if not 0 < amount < MOST:
        problem = "is nothing." if amount <= 0 else "is more than any machine has."
        raise refuse(f"{value!r} {problem}", "Correct the number, or its unit.")
    return amount


Size = Annotated[int, BeforeValidator(parse_size)]
Duration = Annotated[float, BeforeValidator(parse_duration)]
