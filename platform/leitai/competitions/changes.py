"""What applying a bundle changed, a line each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from leitai.db import Base

Action = Literal["created", "changed", "removed"]
# Long texts and tables are named when they change; short values are shown.
SHOWN = (bool, int, float, str, datetime)


@dataclass(frozen=True)
class Change:
    """One row that is new, different or gone. ``rescore``: scores given before no longer hold."""

    action: Action
    what: str
    name: str
    details: tuple[str, ...] = ()
    rescore: bool = False

    def __str__(self) -> str:
        text = f"{self.action} {self.what} {self.name}"
        if self.details:
            text += f" ({'; '.join(self.details)})"
        return f"{text}: rescore needed" if self.rescore else text


def assign(row: Base, values: Mapping[str, Any]) -> tuple[str, ...]:
    """Give a row new values; returns what differs from before, in words."""
    details = []
    for key, value in values.items():
        before = getattr(row, key)
        if before != value:
            details.append(_difference(key, before, value))
            setattr(row, key, value)
    return tuple(details)


def _difference(key: str, before: Any, after: Any) -> str:
    name = key.removesuffix("_at")
    if isinstance(before, SHOWN) and isinstance(after, SHOWN) and key != "track_id":
        return f"{name} {_shown(before)} → {_shown(after)}"
    if key == "limits":
        return f"limits: {', '.join(sorted(_unequal(before, after)))}"
    return "track" if key == "track_id" else name


def _unequal(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    return {key for key in {*before, *after} if before.get(key) != after.get(key)}


def _shown(value: Any) -> str:
    return f"{value:%Y-%m-%d %H:%M} UTC" if isinstance(value, datetime) else str(value)
