"""How many threads the libraries may start."""

import os

_NAMES = ("POLARS_MAX_THREADS", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")
_MOST = 8


def bound() -> None:
    """A container may see a hundred cores and be allowed fewer processes; to be called before any import."""
    for name in _NAMES:
        os.environ.setdefault(name, str(min(_MOST, os.cpu_count() or 1)))
