"""Masks as their runs of pixels: an array of two columns, from left to right and without overlap, how many
pixels stand before a run, and how many up to its end."""

import numpy as np

from evaluators.formulas.guard import Array


def covered(runs: Array, places: Array) -> Array:
    """How many of the pixels before each place the runs hold."""
    begun = np.searchsorted(runs[:, 0], places, side="left")
    ends = np.concatenate([[0], runs[:, 1]])
    sums = np.concatenate([[0], np.cumsum(runs[:, 1] - runs[:, 0])])
    found: Array = sums[begun] - np.maximum(ends[begun] - places, 0)
    return found
