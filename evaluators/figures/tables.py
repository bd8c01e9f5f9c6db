"""Class by class: the confusion matrix, and precision and recall as a table."""

from collections.abc import Callable
from typing import Any

import numpy as np

from evaluators.figures.comparing import Coded, Compared, most_rows, text
from evaluators.figures.kinds import MOST_CLASSES, MOST_ROWS
from evaluators.formulas.guard import Array

COLUMNS = ("label", "rows", "precision", "recall", "f1")
DIGITS = 6
_Counted = tuple[Callable[[int], str], Array, Array, Array]
"""What each class or label is called, its rows, predictions and hits."""


def confusion(compared: Compared) -> dict[str, Any]:
    """Rows by answer and prediction, of the classes that either side has or the task lists.

    The classes with most rows where they are many; all others share the last row and column.
    """
    coded = compared.coded
    known = _known(coded)
    kept = known[most_rows(_either(coded)[known], MOST_CLASSES)]
    others = len(known) > len(kept)
    size = len(kept) + others
    places = np.full(len(coded.labels), len(kept))
    places[kept] = np.arange(len(kept))
    pairs = places[coded.target] * size + places[coded.said]
    counts = np.bincount(pairs, minlength=size * size).reshape(size, size)
    labels = [coded.name(code) for code in kept] + [""] * others
    return {"labels": labels, "counts": counts.tolist(), "others": others}


def per_class(compared: Compared) -> dict[str, Any]:
    """Rows, precision, recall and F1 of each class or label; of those with most rows where they are many.

    0 where nothing is found, as metrics count it; nothing for a class that has no row on either side.
    """
    name, target, said, hit = _counted_flags(compared) if compared.answers.columns else _counted(compared)
    chosen = most_rows(target, MOST_ROWS)
    rows = [_row(name(n), int(target[n]), int(said[n]), int(hit[n])) for n in chosen]
    return {"columns": list(COLUMNS), "rows": rows}


def _counted(compared: Compared) -> _Counted:
    coded = compared.coded
    known = _known(coded)
    parts = coded.target, coded.said, coded.target[coded.target == coded.said]
    target, said, hit = (_rows(part, coded)[known] for part in parts)
    return lambda number: coded.name(known[number]), target, said, hit


def _counted_flags(compared: Compared) -> _Counted:
    target, said = compared.target, compared.said
    rows = (np.count_nonzero(part, axis=0) for part in (target, said, target & said))
    return lambda number: text(compared.measure.targets[number]), *rows


def _row(name: str, rows: int, said: int, hit: int) -> list[Any]:
    if not rows and not said:
        return [name, 0, None, None, None]
    shares = (hit, said), (hit, rows), (2 * hit, rows + said)
    return [name, rows, *(round(part / whole, DIGITS) if whole else 0.0 for part, whole in shares)]


def _rows(codes: Array, coded: Coded) -> Array:
    return np.bincount(codes, minlength=len(coded.labels))


def _either(coded: Coded) -> Array:
    return _rows(coded.target, coded) + _rows(coded.said, coded)


def _known(coded: Coded) -> Array:
    """The classes to show: what only private rows have is hidden, unless the task lists it."""
    return np.arange(len(coded.labels)) if coded.listed else np.flatnonzero(_either(coded))
