"""Counts of answers by what was predicted, as a table whose cells are coloured by their share of the row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from leitai.web.figures.words import plain

# A tenth of the row for each; the style sheet has a colour for each of them.
SHADES = 10
NARROW = 8


@dataclass(frozen=True)
class Cell:
    """A count, how deep its colour is, and whether it is right, wrong or neither."""

    count: int
    share: float
    shade: int
    hue: str


@dataclass(frozen=True)
class Row:
    """The cells of one answer."""

    label: str
    cells: tuple[Cell, ...]
    total: int


def parts(figure: Mapping[str, Any]) -> dict[str, Any]:
    """What the template needs."""
    labels = [plain(label) for label in figure["labels"]]
    if figure["others"]:
        labels[-1] = gettext("All others")
    labels = [label or gettext("(empty)") for label in labels]
    undecided = len(labels) - 1 if figure["others"] else -1
    rows = [_row(n, labels[n], counts, undecided) for n, counts in enumerate(figure["counts"])]
    return {"labels": labels, "rows": rows, "wide": len(labels) > NARROW}


def _row(number: int, label: str, counts: Sequence[int], undecided: int) -> Row:
    total = sum(counts)
    cells = [_cell(count, total, _hue(number, column, undecided)) for column, count in enumerate(counts)]
    return Row(label, tuple(cells), total)


def _hue(row: int, column: int, undecided: int) -> str:
    if row != column:
        return "miss"
    # One of the others taken for another one of them is counted here too.
    return "unsure" if row == undecided else "hit"


def _cell(count: int, total: int, hue: str) -> Cell:
    share = count / total if total else 0.0
    return Cell(count, share, max(round(share * SHADES), 1) if count else 0, hue)
