"""What thresholds find, and how far probabilities can be taken at their word."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from evaluators.figures.comparing import Compared, Side
from evaluators.figures.thresholds import Points

BINS = 10
DIGITS = 6


def roc(compared: Compared) -> dict[str, Any] | None:
    """False and true positive rate at each threshold; a line needs rows of both kinds."""
    found = [(name, lines.rates) for name, lines in compared.thresholds]
    return _curve([(name, rates) for name, rates in found if rates], diagonal=True)


def precision_recall(compared: Compared) -> dict[str, Any] | None:
    """Recall and precision at each threshold; a line needs positive rows."""
    found = [(name, lines.precisions) for name, lines in compared.thresholds]
    return _curve([(name, shares) for name, shares in found if shares], diagonal=False)


def calibration(compared: Compared) -> dict[str, Any] | None:
    """Mean probability and share of positive rows, in bins of equal width that hold their upper border.

    As many as the metric has, or ten; those without rows are left out.
    """
    bins = min(compared.measure.parameters.get("bins", BINS), compared.most_points)
    return _curve([(side.name, _reliability(side, bins)) for side in compared.sides], diagonal=True)


def _curve(lines: Sequence[tuple[str, Points]], *, diagonal: bool) -> dict[str, Any] | None:
    drawn = [{"name": name, "points": np.column_stack(line).round(DIGITS).tolist()} for name, line in lines]
    return {"x": "", "y": "", "lines": drawn, "diagonal": diagonal} if drawn else None


def _reliability(side: Side, bins: int) -> Points:
    said = side.said / side.whole
    places = np.searchsorted(np.arange(1, bins) / bins, said)
    rows = np.bincount(places)
    kept = rows > 0
    sums = (np.bincount(places, weights=weights)[kept] for weights in (said, side.target))
    across, up = (total / rows[kept] for total in sums)
    return across, up
