"""Metrics of pictures: a row is a picture of values from 0 to 255, height · width, or · 3 colours."""

import math
from typing import Literal, TypeAlias

import numpy as np

from evaluators.errors import UndefinedByReference
from evaluators.formulas.averages import mean_of_cells
from evaluators.formulas.guard import Array, Floats

Channels: TypeAlias = Literal["all", "luma"]

PEAK = 255
CAP = 100.0
WINDOW = 11
_SIGMA = 1.5
_STEADY = (0.01 * PEAK) ** 2, (0.03 * PEAK) ** 2
# Y of red, green and blue by BT.601, from 16 to 235, as super-resolution is measured.
_LUMA, _BLACK = np.array([65.481, 128.553, 24.966]) / 255, 16


@mean_of_cells
def psnr(target: Array, prediction: Array, channels: Channels = "all", cap: float = CAP) -> Floats:
    """Mean over rows of 10 · log10(255² / mean squared error) in dB, at most the cap. Higher is better.

    Equal pictures have the cap.
    """
    found = []
    for known, said in zip(target, prediction, strict=True):
        error = float(np.mean(np.square(_planes(known, channels) - _planes(said, channels))))
        found.append(min(cap, 10 * math.log10(PEAK**2 / error)) if error > 0 else cap)
    return np.array(found, dtype=np.float64)


@mean_of_cells
def ssim(target: Array, prediction: Array, channels: Channels = "all") -> Floats:
    """Mean over rows of the structural similarity (Wang et al. 2004): of colours the mean. Range −1..1.

    A Gaussian window of 11 · 11 pixels with σ = 1.5, wherever it lies within the picture; K1 = 0.01,
    K2 = 0.03, L = 255.
    """
    found = []
    for known, said in zip(target, prediction, strict=True):
        sides = (_planes(known, channels), _planes(said, channels))
        if min(sides[0].shape[1:]) < WINDOW:
            raise UndefinedByReference(f"a picture is less than {WINDOW} pixels high or wide")
        found.append(np.mean([_similarity(*planes) for planes in zip(*sides, strict=True)]))
    return np.array(found, dtype=np.float64)


def _planes(picture: Array, channels: Channels) -> Floats:
    """What is compared, plane after plane."""
    values = np.asarray(picture, dtype=np.float64)
    if values.ndim < 3:
        return values[None]
    if channels == "luma":
        return (values @ _LUMA + _BLACK)[None]
    return np.moveaxis(values, -1, 0)


def _similarity(known: Floats, said: Floats) -> float:
    mean, other = _smoothed(known), _smoothed(said)
    spread = _smoothed(known * known) - mean * mean
    spread += _smoothed(said * said) - other * other
    both = _smoothed(known * said) - mean * other
    first, second = _STEADY
    alike = (2 * mean * other + first) * (2 * both + second)
    return float(np.mean(alike / ((mean * mean + other * other + first) * (spread + second))))


def _smoothed(plane: Floats) -> Floats:
    """The mean by weight of the window at each of its places."""
    steps = np.arange(WINDOW) - WINDOW // 2
    weights = np.exp(-np.square(steps) / (2 * _SIGMA**2))
    for _ in range(2):
        lines = len(plane) - WINDOW + 1
        total = np.zeros((lines, plane.shape[1]))
        for weight, start in zip(weights / weights.sum(), range(WINDOW), strict=True):
            total += weight * plane[start : start + lines]
        plane = total.T
    return plane
