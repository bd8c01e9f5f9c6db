"""Detailed results drawn on the server, from the data that an evaluator gave with the scores.

Whatever stands in a figure may be a stranger's: it is text, and nothing else, wherever it is drawn.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import render_template
from markupsafe import Markup

from leitai.web.figures import curve, histogram, matrix, rows
from leitai.web.figures.words import heading

Figure = Mapping[str, Any]
KINDS: Mapping[str, tuple[str, Callable[[Figure], dict[str, Any]]]] = {
    "matrix": ("matrix", matrix.parts),
    "curve": ("curve", curve.parts),
    "histogram": ("histogram", histogram.parts),
    "table": ("rows", rows.parts),
    "examples": ("rows", rows.parts),
}


def drawn(figures: Sequence[Figure]) -> list[Markup]:
    """Each figure with its heading, in the reader's language."""
    return [_drawn(number, figure) for number, figure in enumerate(figures, 1)]


def _drawn(number: int, figure: Figure) -> Markup:
    template, parts = KINDS[figure["kind"]]
    html = render_template(
        f"web/figure_{template}.html", id=f"figure-{number}", heading=heading(figure), **parts(figure)
    )
    return Markup(html)  # noqa: S704 the template escapes whatever is no markup of ours
