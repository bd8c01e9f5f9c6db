"""The figures that come with the evaluators, made of the public rows of a metric."""

import json
from collections.abc import Callable, Iterable, Mapping
from itertools import accumulate
from typing import Any

from evaluators.figures import curves, rows, tables
from evaluators.figures.comparing import Compared
from evaluators.figures.kinds import BUILT_IN, MOST_BYTES, Figure

_MAKERS: Mapping[str, Callable[[Compared], dict[str, Any] | None]] = {
    "confusion": tables.confusion,
    "per_class": tables.per_class,
    "roc": curves.roc,
    "pr": curves.precision_recall,
    "calibration": curves.calibration,
    "residuals": rows.residuals,
    "examples": rows.examples,
}


def made(names: Iterable[str], compared: Compared) -> list[Figure]:
    """These figures of one metric, without those that have nothing to show."""
    found = ((name, _MAKERS[name](compared)) for name in names)
    of = compared.measure.name
    return [{"kind": BUILT_IN[name], "name": name, "of": of, **own} for name, own in found if own]


def fitting(figures: list[Figure]) -> list[Figure]:
    """The first ones, as many as may be shown: long labels can make too much of them."""
    sizes = accumulate(len(json.dumps(figure, ensure_ascii=False).encode()) + 2 for figure in figures)
    return [figure for figure, size in zip(figures, sizes, strict=True) if size <= MOST_BYTES]
