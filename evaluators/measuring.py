"""A metric on some rows: alone, over several columns, over groups of rows, in points."""

import importlib
from collections.abc import Callable
from typing import Any

from evaluators.catalogue import MetricInfo
from evaluators.contents.answers import Answers
from evaluators.errors import ReferenceTrouble, UndefinedByReference
from evaluators.formulas.guard import Array
from evaluators.spec.combining import combine
from evaluators.spec.groups import Groups
from evaluators.spec.measures import Measure

Rows = slice | Array


def scores(measure: Measure, answers: Answers, predicted: Array, split: str, part: slice) -> dict[str, float]:
    """The score of a split by its name, with those of the groups that are shown.

    Raises:
        ReferenceTrouble: it is undefined on this reference, or a group that is to be shown is not in it.
        UndefinedBySubmission: these predictions have no score.
    """
    if measure.groups is None:
        return {measure.name: _points(measure, score(measure, answers, predicted, part))}
    found = {
        group: _of_group(measure, answers, predicted, rows, f"the group {group} of {split} rows")
        for group, rows in answers.by[split].items()
    }
    whole = combine(measure.groups.over, list(found.values()), [1.0] * len(found), measure.info.direction)
    return {measure.name: _points(measure, whole), **_shown(measure, measure.groups, found, split)}


def score(measure: Measure, answers: Answers, predicted: Array, rows: Rows) -> float:
    """The metric on these rows; for several targets the mean over them, unless its formula takes them all."""
    if not answers.columns or measure.info.by_column:
        return _formula(measure, answers, answers.values[rows], predicted[rows], rows)
    found = [
        _formula(measure, each, answers.values[rows, column], predicted[rows, column], rows)
        for column, each in enumerate(answers.columns)
    ]
    return combine("mean", found, [1.0] * len(found), measure.info.direction)


def formula(info: MetricInfo) -> Callable[..., float]:
    """The function that computes a metric."""
    theme = importlib.import_module(f"evaluators.formulas.{info.theme}")
    found: Callable[..., float] = getattr(theme, info.name)
    return found


def ready(measure: Measure) -> None:
    """Load what computes it, what opens pictures, and the dictionary that takes longer than a run."""
    formula(measure.info)
    if "jieba" in measure.libraries:
        from evaluators.formulas.texts import segmenter

        segmenter()
    if measure.info.needs == "images":
        import PIL.PngImagePlugin  # noqa: F401 what opens the first picture


def named(measure: Measure, answers: Answers, rows: Rows) -> dict[str, Any]:
    """What the formula takes beside target and prediction."""
    found: dict[str, Any] = dict(measure.parameters)
    if answers.groups is not None:
        found["groups"] = answers.groups[rows]
    found |= {key: column[rows] for key, column in answers.beside.items()}
    if answers.positive is not None:
        found["positive"] = answers.positive
    return found


def _of_group(measure: Measure, answers: Answers, predicted: Array, rows: Rows, place: str) -> float:
    try:
        return score(measure, answers, predicted, rows)
    except ReferenceTrouble as error:
        raise ReferenceTrouble(f"{error} ({place})") from None


def _shown(measure: Measure, groups: Groups, found: dict[str, float], split: str) -> dict[str, float]:
    if missing := [group for group in groups.shown if group not in found]:
        column = groups.column
        raise ReferenceTrouble(f"no {split} row has {missing[0]} in the column {column}, of show_groups")
    names = zip(groups.names(measure.name), groups.shown, strict=True)
    return {name: _points(measure, found[group]) for name, group in names}


def _points(measure: Measure, value: float) -> float:
    return measure.scale.of(value) if measure.scale else value


def _formula(measure: Measure, answers: Answers, target: Array, prediction: Array, rows: Rows) -> float:
    try:
        return formula(measure.info)(target, prediction, **named(measure, answers, rows))
    except UndefinedByReference as error:
        raise ReferenceTrouble(f"{measure.name} is undefined on this reference: {error}") from None
