"""Work on many rows at once: stretches of them, each in a thread of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from evaluators.threads import most

Rows = NDArray[np.int64] | NDArray[np.int32]
S = TypeVar("S")
T = TypeVar("T")
MANY = 200_000
"""Fewer rows are done before a thread has started."""


def at_once(work: Callable[[S], T], things: Sequence[S], rows: int) -> list[T]:
    """What the work gives for each of them, in their order; libraries let other threads compute meanwhile."""
    if rows < MANY or most() == 1:
        return [work(thing) for thing in things]
    with ThreadPoolExecutor(most()) as crowd:
        return list(crowd.map(work, things))


def by_stretches(work: Callable[[slice], T], rows: int) -> list[T]:
    """What the work gives for each stretch of rows; a thread has several, for not all is done at once."""
    number = 4 * most() if rows >= MANY else 1
    ends = [rows * place // number for place in range(number + 1)]
    return at_once(work, [slice(start, end) for start, end in pairwise(ends)], rows)


def taken(values: NDArray[Any], rows: Rows) -> NDArray[Any]:
    """These rows of the values, in this order."""
    found = np.empty((len(rows), *values.shape[1:]), values.dtype)

    def take(stretch: slice) -> None:
        # To clip rows, none of which lies outside, is quicker than to look whether one does.
        np.take(values, rows[stretch], axis=0, out=found[stretch], mode="clip")

    by_stretches(take, len(rows))
    return found
