"""Rows in blocks: what is made of one on the way lies in the processor's cache and needs no new memory."""

from collections.abc import Iterator

from evaluators.formulas.guard import Array

CELLS = 65_536


def blocks(rows: Array) -> Iterator[slice]:
    """Stretches of these rows, each of ``CELLS`` cells at most or of one row; of no rows an empty one."""
    step = max(1, CELLS * len(rows) // max(1, rows.size))
    return (slice(start, start + step) for start in range(0, max(1, len(rows)), step))
