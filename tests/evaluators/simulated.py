"""Teams whose skill is known exactly: what they would score on endlessly many rows."""

import math
from collections.abc import Callable
from functools import partial
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from evaluators.formulas import (
    classification,
    clustering,
    correlation,
    probabilities,
    regression,
    series,
    summaries,
    tagging,
    transcripts,
    translation,
)
from tests.evaluators.writing import cells

Compared = tuple[NDArray[Any], NDArray[Any], dict[str, Any]]
GROUPS = np.repeat(np.arange(250), 8)


def normal(rng: Generator, rows: int) -> Compared:
    return np.zeros(rows), 1.7 * rng.standard_normal(rows), {}


def binormal(rng: Generator, rows: int) -> Compared:
    positive = rng.random(rows) < 0.4
    return positive, 1.2 * positive + rng.standard_normal(rows), {}


def labels(rng: Generator, rows: int) -> Compared:
    held = (rng.random(rows) < 0.3) * 1
    said = np.where(rng.random(rows) < 0.8, held, 1 - held)
    return held, said, {"average": "binary", "positive": 1, "beta": 1.0}


def both_classes(rng: Generator, rows: int) -> Compared:
    return (*labels(rng, rows)[:2], {})


def related(rng: Generator, rows: int) -> Compared:
    first = rng.standard_normal(rows)
    return first, 0.6 * first + 0.8 * rng.standard_normal(rows), {}


def many_series(rng: Generator, rows: int) -> Compared:
    spread = rng.uniform(0.5, 2, 250)[GROUPS]
    return np.zeros(rows), spread * rng.standard_normal(rows), {"groups": GROUPS, "scale": np.ones(rows)}


def f1(hit: float, held: float, said: float) -> float:
    return 2 * hit / (held + said)


def tagged(rng: Generator, rows: int) -> Compared:
    """Of each row whether it holds an entity and whether one is said, in one of two types."""
    known = np.array(["O", "B-x", "B-y"])[rng.choice(3, rows, p=(0.4, 0.3, 0.3))]
    said = np.where(rng.random(rows) < 0.8, known, "B-x")
    return (*(cells((tag,) for tag in side) for side in (known, said)), {})


def transcribed(rng: Generator, rows: int) -> Compared:
    """Of each row one to five words, of which one in five is another."""
    lengths, wrong = rng.integers(1, 6, rows), rng.random((rows, 5)) < 0.2
    known = [" ".join(["a"] * length) for length in lengths]
    said = [" ".join(np.where(row[:n], "b", "a")) for row, n in zip(wrong, lengths, strict=True)]
    return cells((text,) for text in known), cells(said), {}


def damaged(rng: Generator, rows: int, pieces: str, share: float, join: str) -> Compared:
    """Of each row pieces that all differ, of which such a share is replaced by one that is none of them."""
    said = np.where(rng.random((rows, len(pieces))) < share, "z", list(pieces))
    known = join.join(pieces)
    return cells((known,) for _ in range(rows)), cells(join.join(row) for row in said), {}


def grouped(rng: Generator, rows: int) -> Compared:
    """Three clusters, of which one in three rows is put into any."""
    known = rng.integers(0, 3, rows)
    return known, np.where(rng.random(rows) < 1 / 3, rng.integers(0, 3, rows), known), {}


def entropy(*shares: float) -> float:
    return -sum(share * math.log(share) for share in shares)


MEAN_OF_NORMAL = math.sqrt(2 / math.pi)
SAID = 0.3 * 0.8 + 0.7 * 0.2
F1_POSITIVE, F1_OTHER = f1(0.24, 0.3, SAID), f1(0.56, 0.7, 1 - SAID)
# What a team with this skill would score on endlessly many rows.
SKILLS: dict[str, tuple[Callable[..., float], Callable[[Generator, int], Compared], int, float]] = {
    "rmse": (regression.rmse, normal, 500, 1.7),
    "mae": (regression.mae, normal, 500, 1.7 * MEAN_OF_NORMAL),
    "rmse of blocks": (regression.rmse, normal, 4000, 1.7),
    "roc_auc": (probabilities.roc_auc, binormal, 400, NormalDist().cdf(1.2 / math.sqrt(2))),
    "f_beta": (classification.f_beta, labels, 500, F1_POSITIVE),
    "f1_macro": (classification.f1_macro, both_classes, 500, (F1_POSITIVE + F1_OTHER) / 2),
    "pearson": (correlation.pearson, related, 400, 0.6),
    "median_absolute_error, by parts": (
        regression.median_absolute_error,
        normal,
        1000,
        1.7 * NormalDist().inv_cdf(0.75),
    ),
    # Of entities 0.8 · 0.6 and the 0.2 · 0.3 that are x anyway; 0.6 are known, 0.8 · 0.6 + 0.2 said.
    "entity_f1": (tagging.entity_f1, tagged, 100, f1(0.54, 0.6, 0.68)),
    "wer": (transcripts.wer, transcribed, 200, 0.2),
    # An n-gram matches where all of its n pieces are right.
    "bleu": (
        translation.bleu,
        partial(damaged, pieces="abcdefgh", share=0.2, join=" "),
        60,
        100 * math.prod(0.8**n for n in (1, 2, 3, 4)) ** 0.25,
    ),
    "chrf": (
        translation.chrf,
        partial(damaged, pieces="abcdefghijkl", share=0.1, join=""),
        60,
        100 * sum(0.9**n for n in range(1, 7)) / 6,
    ),
    "rouge_l": (summaries.rouge_l, partial(damaged, pieces="abcdefgh", share=0.2, join=" "), 60, 0.8),
    "homogeneity, which chance moves": (
        clustering.homogeneity,
        grouped,
        400,
        1 - entropy(7 / 9, 1 / 9, 1 / 9) / math.log(3),
    ),
    "mase, in series": (series.mase, many_series, 2000, 1.25 * MEAN_OF_NORMAL),
}
