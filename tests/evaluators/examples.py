"""For each metric a task that it can score, with the settings and answers that it needs."""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

import evaluators
from evaluators.catalogue import MetricInfo
from evaluators.measuring import formula
from evaluators.spec.scores import MOST_SCORES
from tests.evaluators.trial import Row, answers
from tests.evaluators.writing import cells, png

SETTINGS: dict[str, Row] = {
    "f_beta": {"beta": 2},
    "top_k_accuracy": {"k": 1},
    "precision_at_k": {"k": 1},
    "recall_at_k": {"k": 4},
    "hit_rate_at_k": {"k": 1},
    "err": {"max_relevance": 1},
    "coverage": {"k": 4},
    "partial_roc_auc": {"max_fpr": 0.5},
    "pinball": {"alpha": 0.9},
    "tweedie_deviance": {"power": 1.5},
    "weighted_quantile_loss": {"quantiles": [0.5]},
    "crps_quantiles": {"quantiles": [0.5]},
    "interval_score": {"alpha": 0.1},
    "laplace_log_likelihood": {"smallest_spread": 1},
    "concordance_index": {"predicts": "time"},
    "integrated_brier": {"times": [0.5]},
    "hypervolume": {"reference_point": [2, 2]},
    "pass_at_k": {"k": 1},
}
ABOVE_ZERO = {"mape", "rmspe", "poisson_deviance", "gamma_deviance", "tweedie_deviance"}
"""Metrics that have no score where an answer and its prediction are zero."""

GROUPED = {"ranking", "items", "series", "outcomes", "tracks"}
WRITTEN = {"texts", "free_texts", "sequences"}
SEEN = {"masks": ("m", "m"), "images": ("i", "i"), "boxes": ("k", "d"), "tracks": ("b", "b")}
SEEN |= {"instances": ("c", "s")}
OUTCOMES = {"survival", "curves"}
BEST = {"laplace_log_likelihood": -math.log(2) / 2, "err": 0.625, "psnr": 100, "hypervolume": 4}
"""Scores that depend on the settings."""


def called(info: MetricInfo) -> Callable[[Any, Any], float]:
    """The formula of a target and a prediction, with the settings and the queries that it needs.

    Where it takes several columns each is the same.
    """

    def call(target: Any, prediction: Any) -> float:
        rest = (np.zeros(len(target), dtype=int),) if info.needs in GROUPED else ()
        beside = _beside(info, len(target))
        settings = SETTINGS.get(info.name, {}) | beside
        targets, predictions = _target(info, target), np.array(prediction)
        if info.needs in {*WRITTEN, *SEEN, "paths"}:
            return formula(info)(*_written(info, target, prediction), *rest, **settings)
        if info.by_column and info.least > 1:
            targets, predictions = (np.column_stack([side, side]) for side in (targets, predictions))
        if info.needs == "distributions":
            targets, predictions = (side * [-1, 1] + [1, 0] for side in (targets, predictions))
        if info.needs in OUTCOMES:
            targets = np.column_stack([targets, np.ones(len(targets))])
        elif info.target_columns:
            targets = np.column_stack([targets] * len(info.target_columns))
        if info.needs == "front":
            return formula(info)(targets, np.column_stack([predictions, predictions]), **settings)
        if info.columns:
            predictions = np.column_stack([predictions] * len(info.columns))
        if info.several and info.least > 1:
            targets, predictions = targets * 1, _for_and_against(predictions)
        return formula(info)(targets, predictions, *rest, **settings)

    return call


def _beside(info: MetricInfo, rows: int) -> Row:
    """What else a row has: the number of its frame; two pixels each way, where the size of masks counts."""
    if info.needs == "tracks":
        return {key: np.arange(rows) for key in info.beside}
    if info.needs in SEEN:
        return {key: np.full(rows, 2.0) for key in info.beside} if "order" in info.parameters else {}
    return {key: np.ones(rows) for key in info.beside}


def _target(info: MetricInfo, target: Any) -> Any:
    """What scores are compared with is true or false, unless there is a score for each class."""
    values = np.array(target)
    flags = info.needs == "scores" and not (info.several and info.least > 1)
    return values > 0 if flags and values.dtype.kind == "i" else values


def texts(values: Iterable[Any]) -> list[str]:
    """For each row a text that tells its value, of words which no other row has."""
    return [f"r{row} says{row} a{row} value{row} of{row} {value}x{row}" for row, value in enumerate(values)]


def tags(values: Iterable[Any]) -> list[str]:
    """For each row the tags of three tokens, with a type that tells its value."""
    return [f"B-V{value} I-V{value} O" for value in values]


def runs(value: int) -> Any:
    """A mask of so many pixels, as its runs."""
    return np.array([[0, value]] if value else np.zeros((0, 2)), dtype=np.int64)


def picture(value: int) -> Any:
    """A picture that is the brighter the higher the value."""
    return np.full((11, 11), 100 * value, dtype=np.uint8)


def with_texts(rows: Sequence[Row], values: Sequence[Any]) -> list[Row]:
    """Rows with columns that tell these values: t, g and m a text, tags and a mask, i a picture, k
    and d a box as it is known and as it is said, c and s a mask with its class likewise, b a box with a
    track, f the number of the row."""
    columns = zip(rows, values, texts(values), tags(values), range(len(rows)), strict=True)
    return [
        row
        | {"t": text, "g": tag, "m": "1 1" if value else "", "i": png(picture(value))}
        | {"k": f"v{value} 0 0 2 2", "d": f"v{value} 0.5 0 0 2 2"}
        | {"c": f"v{value} 1 1", "s": f"v{value} 0.5 1 1"}
        | {"b": f"v{value} {value} 0 {value + 1} 1", "f": number}
        for row, value, text, tag, number in columns
    ]


def _written(info: MetricInfo, *sides: Any) -> tuple[Any, Any]:
    if info.needs == "paths":
        known, said = (cells((str(value),) for value in side) for side in sides)
    elif info.needs == "boxes":
        known = cells(((f"v{value}", 0, 0, 2, 2),) for value in sides[0])
        said = cells(((f"v{value}", 0.5, 0, 0, 2, 2),) for value in sides[1])
    elif info.needs == "instances":
        known = cells(((f"v{value}", runs(1)),) for value in sides[0])
        said = cells(((f"v{value}", 0.5, runs(1)),) for value in sides[1])
    elif info.needs == "tracks":
        known, said = (cells(np.array([[v, v, 0, v + 1, 1]], dtype=float) for v in side) for side in sides)
    elif info.needs == "images":
        known, said = (cells(map(picture, side)) for side in sides)
    elif info.needs in SEEN:
        known, said = (cells(map(runs, side)) for side in sides)
    elif info.needs == "sequences":
        known, said = (cells(tuple(row.split()) for row in tags(side)) for side in sides)
    else:
        known, said = cells((row,) for row in texts(sides[0])), cells(texts(sides[1]))
    return known, said


def _for_and_against(predictions: Any) -> Any:
    """Scores of the classes 0, 1 and another."""
    return np.column_stack([0.5 - predictions, predictions - 0.5, np.full(len(predictions), -2.0)])


def best(info: MetricInfo, values: Iterable[int] = (0, 1, 1, 0)) -> list[int]:
    """Answers which, handed in as predictions, have the best score."""
    return [value + (info.name in ABOVE_ZERO) for value in values]


def best_score(info: MetricInfo) -> float | None:
    """The end of the range that is better."""
    return BEST.get(info.name, info.high if info.direction == "higher" else info.low)


def entry(info: MetricInfo, target: str = "y", prediction: str = "p") -> Row:
    """The metric as a task names it.

    The column q names queries and series, and is their scale and weight; the column e marks events. The
    column o is a second one on both sides, and holds what the first one holds. The column n is the score of
    the class 0, and what the share y leaves of one. The columns t, g, m and i hold texts, tags, masks and
    pictures on both sides, k and d boxes on one, c and s masks of instances, b tracks on both, f numbers of
    frames.
    """
    target, prediction = SEEN.get(info.needs, (target, prediction))
    if info.needs in WRITTEN:
        column = "g" if info.needs == "sequences" else "t"
        target, prediction = column, column
    beside = dict.fromkeys([*(["group"] if info.needs in GROUPED else []), *info.beside], "q")
    beside |= {"frame": "f"} if "frame" in info.beside else {}
    names = {
        "metric": info.name,
        "target": [target, "o"] if info.target_columns else target,
        "prediction": [prediction, "o"] if info.columns else prediction,
    }
    if info.needs in OUTCOMES:
        names["target"] = [target, "e"]
    if info.needs == "front":
        return {"metric": info.name, "prediction": [prediction, "o"]} | SETTINGS[info.name]
    if info.needs == "distributions":
        return {"metric": info.name, "target": ["n", target], "prediction": ["n", prediction]}
    if info.needs == "free_texts":
        del names["target"]
    if info.least > 1:
        lists = {"target": [target, "o"], "prediction": [prediction, "o"]}
        names |= lists if info.by_column else {"prediction": ["n", prediction]}
    return names | beside | SETTINGS.get(info.name, {})


def entries() -> list[list[Row]]:
    """Every metric, in lists that a task may have; those above zero compare the columns z."""
    infos = [info for info in evaluators.metrics().values() if not info.measured]
    every = [entry(info, *(("z", "z") if info.name in ABOVE_ZERO else ())) for info in infos]
    return [every[start : start + MOST_SCORES] for start in range(0, len(every), MOST_SCORES)]


def every_metric() -> list[list[Row]]:
    """The same for rows as below, of which log-loss compares classes that have a name."""
    named = {"target": "answer", "prediction": ["no", "yes"], "labels": ["no", "yes"]}
    return [
        [metric | (named if metric["metric"] == "log_loss" else {}) for metric in part] for part in entries()
    ]


def both_sides(prefix: str) -> tuple[list[Row], list[Row]]:
    """Sixty rows of a reference, and what a team says of them."""
    values = [number % 3 % 2 for number in range(60)]
    reference = answers(
        values,
        ids=[f"{prefix}{number}" for number in range(60)],
        z=[value + 1 for value in values],
        o=values,
        answer=["yes" if value else "no" for value in values],
        q=[number // 20 + 1 for number in range(60)],
        e=[1] * 60,
        n=[1 - value for value in values],
    )
    guesses = [number % 5 % 2 for number in range(60)]
    said = [
        {
            "id": row["id"],
            "p": number % 5 % 2,
            "n": 1 - number % 5 % 2,
            "o": number % 5 % 2,
            "z": number % 5 % 2 + 1,
            "no": number / 60,
            "yes": 1 - number / 60,
        }
        for number, row in enumerate(reference)
    ]
    return with_texts(reference, values), with_texts(said, guesses)
