"""Replicates in few bytes: what draws they are of, and how far each is from the score."""

import struct
from typing import NamedTuple

import numpy as np

from evaluators.formulas.guard import Floats
from evaluators.uncertainty.settings import MOST_RESAMPLES

_HEAD = struct.Struct("<8sd")
_MOST = 32767
MOST_BYTES = _HEAD.size + 2 * MOST_RESAMPLES


class Packed(NamedTuple):
    """Deviations from a score in each resample; those of one ``tag`` are of the same draws."""

    tag: bytes
    deviations: Floats


def pack(tag: bytes, deviations: Floats) -> bytes:
    """Each in two bytes, as a share of the largest: steps of a few ten-thousandths of their spread."""
    step = float(np.abs(deviations).max()) / _MOST
    steps = np.rint(deviations / step) if step else deviations
    return _HEAD.pack(tag, step) + steps.astype("<i2").tobytes()


def unpack(packed: bytes) -> Packed:
    """What was packed."""
    tag, step = _HEAD.unpack_from(packed)
    return Packed(tag, np.frombuffer(packed, "<i2", offset=_HEAD.size) * step)
