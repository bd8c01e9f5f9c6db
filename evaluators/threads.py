"""What the libraries may take of a machine: how many threads, and pages of memory of which size."""

import os

_NAMES = ("POLARS_MAX_THREADS", "OMP_NUM_THREADS")
_MOST = 8
# Polars' own allocator; to be given a large table by small pages takes a tenth of its time.
_PAGES = ("_RJEM_MALLOC_CONF", "thp:always")


def bound() -> None:
    """A container may see a hundred cores and be allowed fewer processes; to be called before any import.

    Products of matrices are small here: a thread beside takes longer to start, and changes the last digits.
    """
    for name in _NAMES:
        os.environ.setdefault(name, str(min(_MOST, os.cpu_count() or 1)))
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault(*_PAGES)


def most() -> int:
    """How many may compute at once."""
    return int(os.environ.get(_NAMES[0]) or min(_MOST, os.cpu_count() or 1))
