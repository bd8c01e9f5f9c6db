"""Figures on a terminal: tables as tables, histograms as bars; curves are long, and left to ``--json``."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from leitai.web.figures.words import known, plain

BAR = 40
MOST_ROWS = 20
OTHERS = "All others"
Figure = Mapping[str, Any]


def show(console: Console, figures: Iterable[Figure]) -> None:
    """Print each of them below a blank line."""
    for figure in figures:
        console.print()
        if figure["kind"] == "curve":
            console.print(Text(_curve(figure)), soft_wrap=True)
        else:
            console.print(Text(_title(figure), style="bold"), soft_wrap=True)
            console.print(_TABLES[figure["kind"]](figure))


def _title(figure: Figure) -> str:
    given = figure.get("title")
    words = given["en"] if isinstance(given, dict) else given
    title = plain(words or known(figure).title or figure["name"])
    return f"{title} ({plain(figure['of'])})" if figure.get("of") else title


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """The first column to the left, the others to the right."""
    table = Table(box=None, pad_edge=False)
    for number, head in enumerate(heads):
        table.add_column(Text(head), justify="right" if number else "left")
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def _matrix(figure: Figure) -> Table:
    labels = [plain(label) for label in figure["labels"]]
    if figure["others"]:
        labels[-1] = OTHERS
    rows = zip(labels, figure["counts"], strict=True)
    return _table(["Answer \\ predicted as", *labels], ([label, *map(str, counts)] for label, counts in rows))


def _rows(figure: Figure) -> Table:
    words = known(figure).columns or {}
    heads = [words.get(name) or plain(name) for name in figure["columns"]]
    rows = [[_cell(value) for value in row] for row in figure["rows"]]
    more = [["…", *[""] * (len(heads) - 1)]] if len(rows) > MOST_ROWS else []
    return _table(heads, rows[:MOST_ROWS] + more)


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    return (
        plain(value) if isinstance(value, str) else f"{value:.4g}" if isinstance(value, float) else str(value)
    )


def _histogram(figure: Figure) -> Table:
    most = max(figure["counts"]) or 1
    bins = zip(pairwise(figure["edges"]), figure["counts"], strict=True)
    rows = (
        [f"{low:.4g} … {high:.4g}", str(count), "█" * -(-count * BAR // most)] for (low, high), count in bins
    )
    table = _table([plain(figure["x"]) or known(figure).x, "Rows", ""], rows)
    table.columns[-1].justify = "left"
    return table


def _curve(figure: Figure) -> str:
    points = sum(len(line["points"]) for line in figure["lines"])
    lines = f"{len(figure['lines'])} lines, " if len(figure["lines"]) > 1 else ""
    return f"{_title(figure)}: {lines}{points} points, written by --json."


_TABLES: Mapping[str, Callable[[Figure], Table]] = {
    "matrix": _matrix,
    "table": _rows,
    "examples": _rows,
    "histogram": _histogram,
}
