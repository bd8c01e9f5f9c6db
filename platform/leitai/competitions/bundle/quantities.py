"""Sizes and durations, always with their unit: `2 GB`, `60 s`, `10 min`."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator

from evaluators.quantities import DURATIONS, SIZES, amount
from leitai.competitions.bundle.errors import refuse

MOST = 10.0**18


def parse_size(value: Any) -> int:
    """Bytes of a text such as `50 MB` (decimal) or `2 GiB` (binary)."""
    return int(_parse(value, SIZES, "50 MB", "B, KB, MB, GB, TB, KiB, MiB, GiB or TiB"))


def parse_duration(value: Any) -> float:
    """Seconds of a text such as `60 s` or `10 min`."""
    return _parse(value, DURATIONS, "60 s", "ms, s, min, h or d")


def _parse(value: Any, units: Mapping[str, float], example: str, names: str) -> float:
    found = amount(value, units)
    if found is None:
        raise refuse(f"{value!r} has no unit that is known.", f"Write it like `{example}`, with {names}.")
    if not 0 < found < MOST:
        problem = "is nothing." if found <= 0 else "is more than any machine has."
        raise refuse(f"{value!r} {problem}", "Correct the number, or its unit.")
    return found


Size = Annotated[int, BeforeValidator(parse_size)]
Duration = Annotated[float, BeforeValidator(parse_duration)]
