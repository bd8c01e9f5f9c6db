"""Tables, and rows by their ids."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from leitai.web.figures.axes import text
from leitai.web.figures.words import known, plain, said

NARROW = 6


@dataclass(frozen=True)
class Column:
    """The head of a column; numbers stand to the right."""

    name: str
    numeric: bool


def parts(figure: Mapping[str, Any]) -> dict[str, Any]:
    """What the template needs."""
    ours, rows = known(figure), figure["rows"]
    words = ours.columns or {}
    columns = [
        Column(said(words.get(name, "")) or plain(name), _numeric(row[n] for row in rows))
        for n, name in enumerate(figure["columns"])
    ]
    return {
        "columns": columns,
        "rows": [[_written(value, ours.digits) for value in row] for row in rows],
        "ids": figure["kind"] == "examples",
        "wide": len(columns) > NARROW,
    }


def _numeric(values: Any) -> bool:
    return not any(isinstance(value, str) for value in values)


def _written(value: Any, digits: int | None) -> str:
    if value is None:
        return "–"
    if isinstance(value, float) and digits is not None:
        return f"{value:.{digits}f}"
    return (plain(value) or gettext("(empty)")) if isinstance(value, str) else text(value)
