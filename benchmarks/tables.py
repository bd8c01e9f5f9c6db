"""Tables to score: a reference of many rows, and predictions for it in another order."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

Column: TypeAlias = NDArray[np.float64] | NDArray[np.int64]
Maker: TypeAlias = Callable[[np.random.Generator, int], tuple[Column, Column]]

LEVELS = 5


@dataclass(frozen=True)
class Tables:
    """Where the files of one metric lie."""

    metric: str
    specification: Path
    reference: Path
    submission: Path


def _amounts(chance: np.random.Generator, rows: int) -> tuple[Column, Column]:
    answers = chance.normal(50, 20, rows)
    return answers, answers + chance.normal(0, 5, rows)


def _probabilities(chance: np.random.Generator, rows: int) -> tuple[Column, Column]:
    answers = (chance.random(rows) < 0.3).astype(np.int64)
    return answers, 1 / (1 + np.exp(1 - 2 * answers - chance.normal(0, 1, rows)))


def _levels(chance: np.random.Generator, rows: int) -> tuple[Column, Column]:
    answers = chance.integers(0, LEVELS, rows)
    return answers, np.where(chance.random(rows) < 0.7, answers, chance.integers(0, LEVELS, rows))


METRICS: dict[str, tuple[str, Maker]] = {
    "rmse": ("RMSE", _amounts),
    "roc_auc": ("ROC-AUC", _probabilities),
    "log_loss": ("log-loss", _probabilities),
    "quadratic_weighted_kappa": ("QWK", _levels),
    "f1_macro": ("F1", _levels),
}


def write(folder: Path, metric: str, rows: int) -> Tables:
    """Write the three files of a metric into a folder of their own."""
    chance = np.random.default_rng(rows)
    found = Tables(metric, folder / "spec.json", folder / "reference" / "answers.csv", folder / "said.csv")
    found.reference.parent.mkdir(parents=True)
    ids, (answers, said) = np.arange(rows), METRICS[metric][1](chance, rows)
    split = pl.Series(chance.random(rows) < 0.5).replace_strict({True: "public", False: "private"})
    pl.DataFrame({"id": ids, "split": split, "value": answers}).write_csv(found.reference)
    order = chance.permutation(rows)
    pl.DataFrame({"id": ids[order], "value": said[order]}).write_csv(found.submission)
    task = {"id": "id", "split": "split", "metrics": [{"metric": metric, "target": "value"}]}
    found.specification.write_text(json.dumps(task))
    return found
