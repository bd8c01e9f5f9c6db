"""How many threads the libraries may start."""

import os

_NAMES = ("POLARS_MAX_THREADS", "OMP_NUM_THREADS")
_MOST = 8


def bound() -> None:
    """A container may see a hundred cores and be allowed fewer processes; to be called before any import.

    Products of matrices are small here: a thread beside takes longer to start, and changes the last digits.
    """
    for name in _NAMES:
        os.environ.setdefault(name, str(min(_MOST, os.cpu_count() or 1)))
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def most() -> int:
    """How many may compute at once."""
    return int(os.environ.get(_NAMES[0]) or min(_MOST, os.cpu_count() or 1))
