"""Scores and probabilities of classes by scikit-learn, and by their definitions where it has none."""

import warnings
from typing import Any

import numpy as np
from hypothesis import strategies as st
from sklearn import metrics as oracle

from evaluators.errors import UndefinedByReference
from tests.evaluators.arrays import Pair, columns, few, probabilities, score, share
from tests.evaluators.oracle import Edge, Oracle, edge

scored = st.one_of(columns(st.booleans(), score), columns(st.booleans(), few), columns(st.booleans(), share))
chances = columns(st.booleans(), share)
tenths = st.one_of(share, st.integers(0, 10).map(lambda number: number / 10))


def of_classes(count: int) -> st.SearchStrategy[Pair]:
    """Codes of classes, and rows that sum to one."""
    targets = st.lists(st.integers(0, count - 1), min_size=1, max_size=30).map(np.array)
    return targets.flatmap(lambda target: st.tuples(st.just(target), probabilities(len(target), count)))


def both_classes(pair: Pair) -> bool:
    return bool(0 < pair[0].sum() < len(pair[0]))


def positive(pair: Pair) -> Pair:
    """With a positive row at least: one is made where there is none, for filters tire of looking."""
    target, prediction = pair
    return (target if target.any() else np.arange(len(target)) == 0), prediction


def area(target: Any, scores: Any, max_fpr: float | None = None) -> Any:
    with np.errstate(over="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return oracle.roc_auc_score(target, scores, max_fpr=max_fpr)


def top_k_accuracy(target: Any, scores: Any, k: int) -> float:
    """Among equals the right class comes last."""
    pairs = zip(target.tolist(), scores.tolist(), strict=True)
    ranks = [sum(value >= row[code] for value in row) for code, row in pairs]
    return sum(rank <= k for rank in ranks) / len(ranks)


def log_loss(target: Any, given: Any) -> Any:
    return oracle.log_loss(target, given, labels=range(given.shape[1]) if given.ndim > 1 else [False, True])


def brier(target: Any, given: Any) -> Any:
    labels = list(range(given.shape[1])) if given.ndim > 1 else [False, True]
    return oracle.brier_score_loss(target, given, labels=labels, scale_by_half=True)


def pf1(target: Any, given: Any) -> float:
    hits, alarms = given[target].sum(), given[~target].sum()
    precision, recall = hits / (hits + alarms) if hits else 0.0, hits / target.sum()
    return float(2 * precision * recall / (precision + recall)) if hits else 0.0


def expected_calibration_error(target: Any, confidence: Any, bins: int) -> float:
    """Bin by bin."""
    found, pairs = 0.0, list(zip(confidence.tolist(), target.tolist(), strict=True))
    for number in range(bins):
        low, high = number / bins if number else -1.0, (number + 1) / bins
        inside = [pair for pair in pairs if low < pair[0] <= high]
        if inside:
            sure, right = (sum(side) / len(inside) for side in zip(*inside, strict=True))
            found += len(inside) / len(pairs) * abs(sure - right)
    return found


YES, NO = [True, True], [False, False]


def one_class(**settings: Any) -> list[Edge]:
    """One class in the target, and equal scores."""
    return [
        *(edge(target, [0.1, 0.9], gives=UndefinedByReference, **settings) for target in (YES, NO)),
        edge([True, False, False], np.zeros(3), gives=0.5, **settings),
    ]


NO_POSITIVE = edge(NO, [0.1, 0.9], gives=UndefinedByReference)
EVEN = np.full((3, 3), 1 / 3)

ORACLES = {
    "roc_auc": Oracle(
        area,
        scored.filter(both_classes),
        edges=[*one_class(), edge([True, False], [-0.0, 0.0], gives=0.5), edge([0, 1, 2], EVEN, gives=0.5)],
    ),
    "partial_roc_auc": Oracle(
        area,
        scored.filter(both_classes),
        {"max_fpr": st.one_of(st.floats(1e-3, 1), st.sampled_from([0.1, 0.25, 0.5, 1.0]))},
        [*one_class(max_fpr=0.5), edge([True, False], [0, 1], gives=0.5 / 1.5, max_fpr=0.5)],
    ),
    "average_precision": Oracle(
        oracle.average_precision_score,
        scored.map(positive),
        edges=[
            NO_POSITIVE,
            edge(YES, [0.1, 0.9], gives=1),
            edge([True, False, False, False], np.zeros(4), gives=0.25),
        ],
    ),
    "top_k_accuracy": Oracle(
        top_k_accuracy,
        st.one_of(
            columns(st.integers(0, 2), few, few, few), columns(st.integers(0, 2), score, score, score)
        ).map(lambda found: (found[0], np.column_stack(found[1:]))),
        {"k": st.integers(1, 2)},
        [
            edge([0, 1, 2], EVEN, gives=0, k=2),
            edge([0, 0], [[2.0, 1.0, 1.0], [1.0, 1.0, 0.0]], gives=0.5, k=1),
        ],
    ),
    "log_loss": Oracle(
        log_loss,
        st.one_of(chances, of_classes(4)),
        edges=[
            edge([True], [0.0], gives=-np.log(2**-52)),
            edge(YES, [1.0, 1.0], gives=0),
            edge([0, 1, 2], EVEN, gives=np.log(3)),
        ],
    ),
    "brier": Oracle(
        brier,
        st.one_of(chances, of_classes(4)),
        edges=[
            edge([True], [0.0], gives=1),
            edge(YES, [1.0, 1.0], gives=0),
            edge([0, 1, 2], EVEN, gives=1 / 3),
        ],
    ),
    "pf1": Oracle(
        pf1,
        chances.map(positive),
        edges=[NO_POSITIVE, edge(YES, [0.0, 0.0], gives=0), edge(YES, [1.0, 1.0], gives=1)],
    ),
    "expected_calibration_error": Oracle(
        expected_calibration_error,
        columns(st.booleans(), tenths),
        {"bins": st.integers(1, 20)},
        [
            edge([0, 1, 2], EVEN, gives=0),
            edge([True, False, False], [1 / 3] * 3, gives=0),
            edge(YES, [0.0, 0.0], gives=1),
        ],
    ),
}
