"""The hidden answers: read, checked and laid out for the metrics, public rows before private ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evaluators import paths, texts
from evaluators.classes import FLAGS, UNKNOWN, Classes, Codes, classes_of
from evaluators.errors import ReferenceTrouble, Rejected, shown
from evaluators.formats import SUFFIXES, suffix
from evaluators.formulas.guard import Array, Floats
from evaluators.measures import Measure
from evaluators.spec import SPLITS, Spec
from evaluators.tables import values
from evaluators.tables.alignment import KnownIds
from evaluators.tables.files import read
from evaluators.uncertainty import preparing
from evaluators.uncertainty.draws import Draws

LARGEST = 1e140
"""Above this the square of an error leaves the range of a double, and no prediction would have a score."""

SUM_TOLERANCE = 1e-3
"""Probabilities printed with few digits pass; what their sum lacks is divided out."""


@dataclass(frozen=True)
class Answers:
    """What one metric compares with: ``values`` for its formula, and what else it knows of them.

    Several targets are the ``columns`` of the values, and what is known of each stands there. ``by`` are the
    rows of each group, by split.
    """

    values: Array
    classes: Classes | None = None
    groups: Array | None = None
    positive: int | None = None
    beside: Mapping[str, Array] = field(default_factory=dict)
    columns: tuple["Answers", ...] = ()
    by: Mapping[str, Mapping[str, Array]] = field(default_factory=dict)


@dataclass(frozen=True)
class Reference:
    """``ids`` as they stand in the file; ``order`` puts public rows first, and ``parts`` are its slices.

    Submissions mostly come in the order of the file, and are found to be aligned at a glance. ``draws`` are
    the resamples of each split, and their ``tag`` tells them from all others; some tasks want none.
    """

    ids: KnownIds
    order: NDArray[np.int64]
    parts: Mapping[str, slice]
    answers: Mapping[str, Answers]
    draws: Mapping[str, Mapping[str, Draws]] = field(default_factory=dict)
    tag: bytes = b""

    @cached_property
    def rows(self) -> dict[str, int]:
        """How many rows each split has."""
        return {split: part.stop - part.start for split, part in self.parts.items()}


def read_reference(spec: Spec, folder: Path) -> Reference:
    """Read the one table of the folder.

    Raises:
        ReferenceTrouble: the organizer must mend it.
    """
    path = _only_table(folder)
    try:
        columns = read(path, spec.answer_columns)
        ids = values.ids(columns[spec.id], whole_numbers=spec.ids == "integer")
        return _resampled(spec, path, _reference(spec, {**columns, spec.id: ids}))
    except Rejected as error:
        raise ReferenceTrouble(f"{path.name} cannot be read: {error.code} {error.params}") from None


def _resampled(spec: Spec, path: Path, found: Reference) -> Reference:
    if spec.uncertainty is None:
        return found
    grouped = [measure for measure in spec.measures if measure.group]
    codes: dict[str, Array | None] = {
        str(measure.group): found.answers[measure.name].groups for measure in grouped
    }
    seed = preparing.seed(spec.uncertainty, path)
    draws = preparing.draws(spec.uncertainty, seed, found.parts, codes)
    return replace(found, draws=draws, tag=preparing.tag(spec.uncertainty, seed, found.rows))


def _only_table(folder: Path) -> Path:
    tables = [path for path in sorted(folder.iterdir()) if suffix(path.name) in SUFFIXES]
    if len(tables) != 1:
        names = ", ".join(path.name for path in tables) or "none"
        raise ReferenceTrouble(f"the reference must be one table ({', '.join(SUFFIXES)}); found {names}")
    return tables[0]


def _reference(spec: Spec, columns: Mapping[str, pl.Series]) -> Reference:
    for name in set(spec.answer_columns) - _with_gaps(spec):
        _check_filled(values.texts(columns[name]))
    ids = columns[spec.id]
    known = KnownIds(ids)
    if not known.once:
        raise ReferenceTrouble(f"ids stand twice: {', '.join(shown(ids.filter(ids.is_duplicated())))}")
    order, parts = _parts(values.texts(columns[spec.split]))
    rows = {name: series.gather(order) for name, series in columns.items() if name != spec.id}
    answers = {measure.name: _known(measure, rows, parts) for measure in spec.measures}
    return Reference(known, order.to_numpy(), parts, answers)


def _with_gaps(spec: Spec) -> set[str]:
    """Columns where an empty cell says that a row has fewer references than others."""
    several = [measure.targets for measure in spec.measures if measure.info.references]
    return {name for targets in several if len(targets) > 1 for name in targets}


def _check_filled(series: pl.Series) -> None:
    empty = values.blank(series)
    if empty.any():
        raise ReferenceTrouble(f"the column {series.name} is empty in {empty.sum()} rows")


def _parts(split: pl.Series) -> tuple[pl.Series, dict[str, slice]]:
    unknown = split.filter(~split.is_in(SPLITS))
    if len(unknown):
        raise ReferenceTrouble(f"the column {split.name} holds {unknown[0]!r}; write public or private")
    public, private = ((split == name).arg_true() for name in SPLITS)
    if not len(public) or not len(private):
        raise ReferenceTrouble(f"the column {split.name} must mark some rows public and some private")
    parts = {SPLITS[0]: slice(0, len(public)), SPLITS[1]: slice(len(public), len(split))}
    return pl.concat([public, private]).cast(pl.Int64), parts


def _known(measure: Measure, rows: Mapping[str, pl.Series], parts: Mapping[str, slice]) -> Answers:
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


def _answers(measure: Measure, rows: Mapping[str, pl.Series]) -> Answers:  # noqa: C901, PLR0911 one each need
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
        case "distributions":
            return Answers(_shares(measure, rows))
        case _:  # survival
            event = _flags(rows[measure.targets[1]])
            return Answers(np.column_stack([_numbers(target), event.values]))


def _by_column(measure: Measure, rows: Mapping[str, pl.Series]) -> Answers:
    flags = measure.info.by_column and measure.info.needs != "labels"
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
