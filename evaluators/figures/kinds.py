"""The form of figures, held against what somebody else's program or container wrote.

Every figure has a ``kind`` and a ``name``; ``of`` names the measure that it belongs to, ``title`` says in
words what a program made. Nothing heavy is imported here: the portal checks figures before it keeps them.
"""

import json
import math
from collections.abc import Callable, Mapping
from itertools import pairwise
from numbers import Integral, Real
from typing import Any

from evaluators.errors import shown

BUILT_IN: Mapping[str, str] = {
    "confusion": "matrix",
    "per_class": "table",
    "roc": "curve",
    "pr": "curve",
    "calibration": "curve",
    "residuals": "histogram",
    "examples": "examples",
}
"""The figures that the portal has words for, each with its kind."""

MOST_FIGURES = 12
MOST_BYTES = 200_000
LONGEST_NAME = 80
LONGEST_TEXT = 200
MOST_CLASSES = 30
MOST_LINES = 12
MOST_POINTS = 101
MOST_BINS = 60
MOST_COLUMNS = 12
MOST_ROWS = 200
MOST_EXAMPLES = 50
LARGEST_COUNT = 2**53
LANGUAGES = ("en", "zh")

Figure = dict[str, Any]


class FigureTrouble(ValueError):
    """A figure that cannot be shown; the text is a sentence for the organizer."""


def checked(figures: Any) -> list[Figure]:
    """The figures as plain values, with nothing that the form does not have.

    Raises:
        FigureTrouble: one of them has another form, or there is too much of them.
    """
    found = [_figure(figure, place) for figure, place in _list(figures, "figures", MOST_FIGURES)]
    names = [(figure["name"], figure.get("of")) for figure in found]
    for number, name in enumerate(names):
        if name in names[:number]:
            raise FigureTrouble(f"figures[{number}] has the name of another one, {name[0]!r}.")
    size = len(json.dumps(found, ensure_ascii=False).encode())
    if size > MOST_BYTES:
        raise FigureTrouble(f"The figures have {size:,} bytes together; they may have {MOST_BYTES:,}.")
    return found


def _figure(figure: Any, place: str) -> Figure:
    given = _mapping(figure, place)
    kind = given.get("kind")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise FigureTrouble(f"{place}.kind is none of {', '.join(_KINDS)}.")
    found: Figure = {"kind": kind, "name": _text(given.get("name"), f"{place}.name", LONGEST_NAME, least=1)}
    if BUILT_IN.get(found["name"], kind) != kind:
        wanted = BUILT_IN[found["name"]]
        raise FigureTrouble(f"{place} has the name {found['name']!r}, which only a {wanted} may have.")
    if given.get("of") is not None:
        found["of"] = _text(given["of"], f"{place}.of", LONGEST_NAME, least=1)
    if given.get("title") is not None:
        found["title"] = _words(given["title"], f"{place}.title")
    own = _KINDS[kind](given, place)
    _check_keys(given, ("kind", "name", "of", "title", *own), place)
    return found | own


def _matrix(given: Mapping[Any, Any], place: str) -> Figure:
    others = _flag(given, "others", place)
    cells = _list(given.get("labels"), f"{place}.labels", MOST_CLASSES + others, least=1)
    labels = [_text(label, at, LONGEST_TEXT) for label, at in cells]
    if others and labels[-1]:
        raise FigureTrouble(f"{place}.labels must end with an empty text, where others is true.")
    rows = _list(given.get("counts"), f"{place}.counts", len(labels), least=len(labels))
    return {"labels": labels, "counts": [_counts(row, at, len(labels)) for row, at in rows], "others": others}


def _curve(given: Mapping[Any, Any], place: str) -> Figure:
    lines = _list(given.get("lines"), f"{place}.lines", MOST_LINES, least=1)
    return {
        "x": _axis(given, "x", place),
        "y": _axis(given, "y", place),
        "lines": [_line(line, at) for line, at in lines],
        "diagonal": _flag(given, "diagonal", place),
    }


def _line(line: Any, place: str) -> Figure:
    given = _mapping(line, place)
    _check_keys(given, ("name", "points"), place)
    points = _list(given.get("points"), f"{place}.points", MOST_POINTS, least=1)
    found = [[_number(value, spot) for value, spot in _list(point, at, 2, least=2)] for point, at in points]
    return {"name": _text(given.get("name", ""), f"{place}.name", LONGEST_NAME), "points": found}


def _histogram(given: Mapping[Any, Any], place: str) -> Figure:
    cells = _list(given.get("edges"), f"{place}.edges", MOST_BINS + 1, least=2)
    edges = [_number(edge, at) for edge, at in cells]
    if any(low >= high for low, high in pairwise(edges)):
        raise FigureTrouble(f"{place}.edges must rise from each to the next.")
    counts = _counts(given.get("counts"), f"{place}.counts", len(edges) - 1)
    return {"x": _axis(given, "x", place), "edges": edges, "counts": counts}


def _table(given: Mapping[Any, Any], place: str) -> Figure:
    columns, rows = _columns(given, place), _list(given.get("rows"), f"{place}.rows", MOST_ROWS)
    return {"columns": columns, "rows": [_row(row, at, len(columns)) for row, at in rows]}


def _examples(given: Mapping[Any, Any], place: str) -> Figure:
    """A table whose first column holds ids; programs may write them as numbers."""
    columns, rows = _columns(given, place), _list(given.get("rows"), f"{place}.rows", MOST_EXAMPLES)
    found = [_row(row, at, len(columns)) for row, at in rows]
    for row, (_, at) in zip(found, rows, strict=True):
        if isinstance(row[0], int):
            row[0] = str(row[0])
        if not isinstance(row[0], str):
            raise FigureTrouble(f"{at}[0] is no id.")
    return {"columns": columns, "rows": found}


_KINDS: Mapping[str, Callable[[Mapping[Any, Any], str], Figure]] = {
    "matrix": _matrix,
    "curve": _curve,
    "histogram": _histogram,
    "table": _table,
    "examples": _examples,
}


def _columns(given: Mapping[Any, Any], place: str) -> list[str]:
    cells = _list(given.get("columns"), f"{place}.columns", MOST_COLUMNS, least=1)
    return [_text(column, at, LONGEST_TEXT) for column, at in cells]


def _row(row: Any, place: str, width: int) -> list[Any]:
    return [_cell(cell, at) for cell, at in _list(row, place, width, least=width)]


def _cell(cell: Any, place: str) -> Any:
    if cell is None:
        return None
    return _text(cell, place, LONGEST_TEXT) if isinstance(cell, str) else _number(cell, place)


def _counts(counts: Any, place: str, width: int) -> list[int]:
    return [_count(count, at) for count, at in _list(counts, place, width, least=width)]


def _count(value: Any, place: str) -> int:
    if isinstance(value, bool) or not isinstance(value, Integral) or not 0 <= int(value) <= LARGEST_COUNT:
        raise FigureTrouble(f"{place} is no whole number from 0 to {LARGEST_COUNT}.")
    return int(value)


def _number(value: Any, place: str) -> int | float:
    """A finite number; a whole one stays whole, as far as a double holds it."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise FigureTrouble(f"{place} is no number.")
    if isinstance(value, Integral) and abs(int(value)) <= LARGEST_COUNT:
        return int(value)
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise FigureTrouble(f"{place} is no finite number.")
    return number


def _axis(given: Mapping[Any, Any], key: str, place: str) -> str:
    return _text(given.get(key, ""), f"{place}.{key}", LONGEST_NAME)


def _words(title: Any, place: str) -> str | dict[str, str]:
    if isinstance(title, str):
        return _text(title, place, LONGEST_TEXT, least=1)
    given = _mapping(title, place)
    _check_keys(given, LANGUAGES, place)
    return {key: _text(given.get(key), f"{place}.{key}", LONGEST_TEXT, least=1) for key in LANGUAGES}


def _text(value: Any, place: str, most: int, least: int = 0) -> str:
    if not isinstance(value, str):
        raise FigureTrouble(f"{place} is no text.")
    if not least <= len(value) <= most:
        raise FigureTrouble(f"{place} has {len(value)} characters; it may have {least} to {most}.")
    if not value.isprintable():
        raise FigureTrouble(f"{place} has characters that cannot be printed.")
    return str(value)


def _flag(given: Mapping[Any, Any], key: str, place: str) -> bool:
    value = given.get(key, False)
    if not isinstance(value, bool):
        raise FigureTrouble(f"{place}.{key} is neither true nor false.")
    return value


def _mapping(value: Any, place: str) -> Mapping[Any, Any]:
    if not isinstance(value, dict):
        raise FigureTrouble(f"{place} is no mapping.")
    return value


def _check_keys(given: Mapping[Any, Any], known: tuple[str, ...], place: str) -> None:
    for key in given:
        if key not in known:
            name = shown([str(key)])[0]
            raise FigureTrouble(f"{place} has a key {name!r}; it may have {', '.join(known)}.")


def _list(values: Any, place: str, most: int, least: int = 0) -> list[tuple[Any, str]]:
    """Each value with its place; how many there are is looked at before any of them."""
    if not isinstance(values, list | tuple):
        raise FigureTrouble(f"{place} is no list.")
    if not least <= len(values) <= most:
        fitting = f"{most}" if least == most else f"{least} to {most}"
        raise FigureTrouble(f"{place} has {len(values)} entries; it may have {fitting}.")
    return [(value, f"{place}[{number}]") for number, value in enumerate(values)]
