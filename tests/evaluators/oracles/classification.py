"""Labels by scikit-learn."""

import warnings
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from hypothesis import strategies as st
from sklearn import metrics as oracle

from evaluators.errors import UndefinedByReference
from tests.evaluators.arrays import Pair, columns, labels
from tests.evaluators.oracle import Edge, Oracle, edge

ONE_CLASS, UNSEEN = ([0, 0, 0], [0, 0, 0]), ([0, 0, 1], [2, 2, 2])
AVERAGES = {"average": st.sampled_from(["macro", "micro", "weighted"])}
KAPPA_WEIGHTS = ["none", "linear", "quadratic"]
BINARY: Mapping[str, Any] = {"average": "binary", "positive": 1}


def varied(pair: Pair) -> bool:
    return bool(pair[0].min() < pair[0].max())


def balanced_accuracy(*pair: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of predicted classes that the target lacks
        return oracle.balanced_accuracy_score(*pair)


def averaged(score: Callable[..., Any], average: str = "") -> Callable[..., Any]:
    """One of scikit-learn's that look at each class."""

    def call(*pair: Any, **named: Any) -> Any:
        return score(*pair, **({"average": average} if average else {}), **named, zero_division=0)

    return call


def kappa(target: Any, prediction: Any, weights: str = "quadratic") -> Any:
    scale = list(range(-3, 10))
    named = None if weights == "none" else weights
    return oracle.cohen_kappa_score(target.astype(int), prediction.astype(int), labels=scale, weights=named)


def binary(unseen: float, **more: Any) -> list[Edge]:
    """The positive class alone, and what comes of labels that were never predicted."""
    return [
        edge([0, 2], [1, 1], gives=UndefinedByReference, **BINARY, **more),
        edge([0, 1], [0, 0], gives=0, **BINARY, **more),
        edge([0, 1, 2], [2, 1, 0], gives=1, **BINARY, **more),
        edge(*ONE_CLASS, gives=1, **more),
        edge(*UNSEEN, gives=unseen, **more),
    ]


CONSTANT = [
    edge([1, 1], [0, 1], gives=UndefinedByReference),
    edge([1, 1], [1, 1], gives=UndefinedByReference),
    edge([0, 1, 2], [2, 2, 2], gives=0),
]

ORACLES = {
    "accuracy": Oracle(
        oracle.accuracy_score, labels(), edges=[edge(*ONE_CLASS, gives=1), edge(*UNSEEN, gives=0)]
    ),
    "balanced_accuracy": Oracle(
        balanced_accuracy,
        labels(),
        edges=[edge(*ONE_CLASS, gives=1), edge(*UNSEEN, gives=0), edge([0, 0], [0, 1], gives=0.5)],
    ),
    "precision": Oracle(averaged(oracle.precision_score), labels(), AVERAGES, binary(0)),
    "recall": Oracle(averaged(oracle.recall_score), labels(), AVERAGES, binary(0)),
    "f1_macro": Oracle(
        averaged(oracle.f1_score, "macro"),
        labels(),
        edges=[edge(*ONE_CLASS, gives=1), edge([0, 0, 0, 1], [0, 0, 0, 2], gives=1 / 3)],
    ),
    "f1_micro": Oracle(
        averaged(oracle.f1_score, "micro"),
        labels(),
        edges=[edge(*ONE_CLASS, gives=1), edge([0, 0, 0, 1], [0, 0, 0, 2], gives=0.75)],
    ),
    "f1_weighted": Oracle(
        averaged(oracle.f1_score, "weighted"),
        labels(),
        edges=[edge(*ONE_CLASS, gives=1), edge([0, 0, 0, 1], [0, 0, 0, 2], gives=0.75)],
    ),
    "f_beta": Oracle(
        averaged(oracle.fbeta_score), labels(), {"beta": st.floats(0.01, 100), **AVERAGES}, binary(0, beta=2)
    ),
    "jaccard": Oracle(averaged(oracle.jaccard_score), labels(), AVERAGES, binary(0)),
    "hamming_loss": Oracle(
        oracle.hamming_loss,
        labels(),
        edges=[
            edge(*ONE_CLASS, gives=0),
            edge(*UNSEEN, gives=1),
            edge(np.eye(2) > 0, np.ones((2, 2)) > 0, gives=0.5),
        ],
    ),
    "mcc": Oracle(oracle.matthews_corrcoef, labels().filter(varied), edges=CONSTANT),
    "cohen_kappa": Oracle(
        kappa,
        labels().filter(varied),
        {"weights": st.sampled_from(KAPPA_WEIGHTS)},
        edges=[
            *CONSTANT,
            *(edge([0, 1, 2], [2, 2, 2], gives=0, weights=weights) for weights in KAPPA_WEIGHTS),
        ],
    ),
    "quadratic_weighted_kappa": Oracle(
        kappa,
        columns(st.integers(-3, 9).map(float), st.integers(-3, 9).map(float)).filter(varied),
        edges=CONSTANT,
    ),
}
