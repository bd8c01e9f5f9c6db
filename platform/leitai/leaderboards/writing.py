"""How the scores of a column are written."""

from collections.abc import Iterable


def digits(values: Iterable[float | None]) -> int | None:
    """Digits after the point that all scores of a column get, so that their points stand below each other.

    None where the scores are so small that each needs its own.
    """
    most = max((abs(value) for value in values if value is not None), default=0.0)
    if 0 < most < 0.001:
        return None
    return max(1, 7 - len(str(int(most))))
