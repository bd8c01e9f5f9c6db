"""What each metric compares with: the columns of a reference, checked and laid out for its formula."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from evaluators.contents import boxes, images, instances, masks, paths, texts, tracks
from evaluators.contents.classes import FLAGS, UNKNOWN, Classes, Codes, classes_of
from evaluators.errors import ReferenceTrouble
from evaluators.formulas.guard import Array, Floats
from evaluators.spec.measures import Measure
from evaluators.tables import values

LARGEST = 1e140
"""Above this the square of an error leaves the range of a double, and no prediction would have a score."""

SUM_TOLERANCE = 1e-3
"""Probabilities printed with few digits pass; what their sum lacks is divided out."""


@dataclass(frozen=True)
class Answers:
    """What one metric compares with: ``values`` for its formula, and what else it knows of them.

    Several targets are the ``columns`` of the values, and what is known of each stands there. ``by`` are the
    rows of each group, by split. ``pixels`` are those of the image of each row.
    """

    values: Array
    classes: Classes | None = None
    groups: Array | None = None
    positive: int | None = None
    beside: Mapping[str, Array] = field(default_factory=dict)
    columns: tuple["Answers", ...] = ()
    by: Mapping[str, Mapping[str, Array]] = field(default_factory=dict)
    pixels: Array | None = None


def answers_of(measure: Measure, rows: Mapping[str, pl.Series], parts: Mapping[str, slice]) -> Answers:
    """What a metric compares with, and the rows of each group where it goes by groups.

    Raises:
        ReferenceTrouble: the organizer must mend a column.
    """
    each_alone = measure.by_column and measure.info.needs != "distributions"
    found = _by_column(measure, rows) if each_alone else _answers(measure, rows)
    if measure.groups is None:
        return found
    names = values.texts(rows[measure.groups.column])
    return replace(found, by={split: _rows_by(names[part], part.start) for split, part in parts.items()})


def _rows_by(names: pl.Series, start: int) -> dict[str, Array]:
    """The rows of each name, counted from ``start``."""
    codes = names.rank("dense").to_numpy()
    order = np.argsort(codes, kind="stable")
    rows = np.split(start + order, np.flatnonzero(np.diff(codes[order])) + 1)
    return {names[int(row[0]) - start]: row for row in rows}


def _answers(measure: Measure, rows: Mapping[str, pl.Series]) -> Answers:  # noqa: C901, PLR0911, PLR0912 by need
    if measure.info.needs == "front":
        return Answers(np.zeros(len(next(iter(rows.values())))))
    if measure.info.needs in texts.NEEDS:
        return _written(measure, rows)
    target = rows[measure.target]
    match measure.info.needs:
        case "labels":
            return _labels(measure, target)
        case "flags":
            return _flags(target)
        case "scores" | "probabilities":
            return (
                _classes(measure, target) if len(measure.predictions) > 1 else _two_classes(measure, target)
            )
        case "ranking" | "series":
            return _in_groups(measure, rows)
        case "ratings":
            return Answers(_ratings(target))
        case "numbers":
            columns = [_numbers(rows[name]) for name in measure.targets]
            return Answers(columns[0] if len(columns) == 1 else np.column_stack(columns))
        case "clusters" | "items":
            groups = _groups(measure, rows) if measure.group else None
            return Answers(_coded_texts(target), groups=groups)
        case "paths":
            return Answers(paths.answers(measure, target))
        case "boxes":
            return Answers(boxes.answers(measure, target))
        case "images":
            return Answers(images.answers(measure, target))
        case "tracks":
            groups = _groups(measure, rows)
            found = tracks.answers(measure, target, groups)
            return Answers(found, groups=groups, beside=tracks.frames(measure, rows, groups))
        case "masks":
            found, sizes = masks.answers(measure, rows)
            beside = sizes if "order" in measure.info.parameters else {}
            return Answers(found, pixels=masks.pixels_of(sizes), beside=beside)
        case "instances":
            found, pixels = instances.answers(measure, rows)
            return Answers(found, pixels=pixels)
        case "distributions":
            return Answers(_shares(measure, rows))
        case _:  # survival
            event = _flags(rows[measure.targets[1]])
            return Answers(np.column_stack([_numbers(target), event.values]))


def _by_column(measure: Measure, rows: Mapping[str, pl.Series]) -> Answers:
    flags = measure.info.by_column and measure.info.needs not in ("labels", "masks")
    columns = [_flags(rows[each.target]) if flags else _answers(each, rows) for each in measure.columns]
    if len(columns) == 1:
        return columns[0]
    matrix = np.column_stack([column.values for column in columns])
    return Answers(matrix, columns=tuple(replace(column, values=column.values[:0]) for column in columns))


def _flags(target: pl.Series) -> Answers:
    codes = FLAGS.codes(target)
    if (codes == UNKNOWN).any():
        raise ReferenceTrouble(f"the column {target.name} holds what is neither 0 nor 1")
    return Answers(codes > 0, FLAGS)


def _written(measure: Measure, rows: Mapping[str, pl.Series]) -> Answers:
    targets = [rows[name] for name in measure.targets]
    if measure.info.needs == "sequences":
        return Answers(texts.tags(measure, targets[0]))
    if measure.info.needs != "outcomes":
        return Answers(texts.references(measure, targets, len(next(iter(rows.values())))))
    classes = classes_of(values.texts(targets[0]).unique())
    return Answers(classes.codes(targets[0]), classes, groups=_groups(measure, rows))


def _groups(measure: Measure, rows: Mapping[str, pl.Series]) -> Codes:
    if measure.group is None:  # all rows are one list
        return np.zeros(len(rows[measure.target]), dtype=np.int64)
    return _coded_texts(rows[measure.group])


def _coded_texts(series: pl.Series) -> Codes:
    return values.texts(series).rank("dense").cast(pl.Int64).to_numpy() - 1


def _shares(measure: Measure, rows: Mapping[str, pl.Series]) -> Array:
    matrix = np.column_stack([_numbers(rows[name]) for name in measure.targets])
    if (matrix < 0).any() or (np.abs(matrix.sum(axis=1) - 1) > SUM_TOLERANCE).any():
        names = ", ".join(measure.targets)
        raise ReferenceTrouble(f"the columns {names} hold rows that are no shares which sum to one")
    return matrix


def _in_groups(measure: Measure, rows: Mapping[str, pl.Series]) -> Answers:
    """What stands beside the target belongs to the series, and must be the same in all its rows."""
    groups = _groups(measure, rows)
    beside = {key: _numbers(rows[name]) for key, name in measure.beside.items()}
    first = np.unique(groups, return_index=True)[1] if beside else groups
    for key, column in beside.items():
        if (column[first][groups] != column).any():
            raise ReferenceTrouble(f"the column {measure.beside[key]} changes within a series")
    return Answers(_numbers(rows[measure.target]), groups=groups, beside=beside)


def _labels(measure: Measure, target: pl.Series) -> Answers:
    classes, codes = _coded(measure, target)
    positive = None
    if measure.parameters.get("average") == "binary":
        positive = _positive(measure, classes, target.name)
    return Answers(codes, classes, positive=positive)


def _coded(measure: Measure, target: pl.Series) -> tuple[Classes, Array]:
    """Codes by the labels that the task lists, in its order, else by those that occur."""
    if measure.labels:
        classes = classes_of(measure.labels).listed(measure.labels)
    else:
        classes = classes_of(values.texts(target).unique())
    codes = classes.codes(target)
    if (codes == UNKNOWN).any():
        raise ReferenceTrouble(f"the column {target.name} holds labels that `labels` does not list")
    return classes, codes


def _classes(measure: Measure, target: pl.Series) -> Answers:
    """Codes by the order of the columns of probabilities."""
    classes, codes = _coded(measure, target)
    if len(classes.names) != len(measure.predictions):
        raise ReferenceTrouble(
            f"{measure.name} has {len(measure.predictions)} columns for {len(classes.names)} labels of the "
            f"column {target.name}; give `labels`, the label of each column in the same order"
        )
    return Answers(codes, classes)


def _two_classes(measure: Measure, target: pl.Series) -> Answers:
    classes, codes = _coded(measure, target)
    return Answers(codes == _positive(measure, classes, target.name), classes)


def _positive(measure: Measure, classes: Classes, column: str) -> int:
    """The code of the positive label: 1 beside 0, unless the task names another."""
    if measure.positive is None and not (classes.integers and set(classes.names) <= {"0", "1"}):
        raise ReferenceTrouble(
            f"the labels of {column} are not 0 and 1; name the positive one with `positive`"
        )
    code = classes.code(measure.positive or "1")
    if code == UNKNOWN:
        raise ReferenceTrouble(f"no row of the column {column} has the positive label of {measure.name}")
    return code


def _numbers(target: pl.Series) -> Floats:
    numbers = values.array(values.numbers(target))
    if not (np.abs(numbers) <= LARGEST).all():  # NaN is not
        raise ReferenceTrouble(f"the column {target.name} holds what is no number up to {LARGEST}")
    return numbers


def _ratings(target: pl.Series) -> Floats:
    numbers = _numbers(target)
    if (numbers != np.floor(numbers)).any():
        raise ReferenceTrouble(f"the column {target.name} holds ratings that are not whole numbers")
    return numbers
