"""How long things take, asked for in turn so that what disturbs the machine disturbs all alike."""

import time
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

WARM_UP, ROUNDS = 3, 20
Ask = Callable[[], object]


def rounds(
    asks: Mapping[str, Ask], number: int = ROUNDS, before: Mapping[str, Ask] | None = None
) -> dict[str, list[float]]:
    """Seconds of each, the first rounds left out; what stands in ``before`` is done first and not timed."""
    took: dict[str, list[float]] = {name: [] for name in asks}
    for turn in range(WARM_UP + number):
        for name, ask in asks.items():
            if before and name in before:
                before[name]()
            seconds = once(ask)
            if turn >= WARM_UP:
                took[name].append(seconds)
    return took


def once(ask: Ask) -> float:
    """The seconds of one."""
    began = time.perf_counter()
    ask()
    return time.perf_counter() - began


def rates(ends: Sequence[float], parts: int = 5) -> list[float]:
    """Ends a second, in each of so many equal parts of the moments; a first part is left out."""
    moments = sorted(ends)
    size = (len(moments) - 1) // (parts + 1)
    marks = [moments[size * number] for number in range(parts + 2)] if size else []
    return [size / (later - earlier) for earlier, later in pairwise(marks[1:])]
