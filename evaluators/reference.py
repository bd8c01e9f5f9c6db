"""The hidden answers: read, checked and laid out for the metrics, public rows before private ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evaluators.contents.answers import Answers, answers_of
from evaluators.errors import ReferenceTrouble, Rejected, shown
from evaluators.formats import SUFFIXES, suffix
from evaluators.formulas.guard import Array
from evaluators.spec.task import Spec
from evaluators.splits import SPLITS
from evaluators.tables import values
from evaluators.tables.alignment import KnownIds
from evaluators.tables.files import Columns, read
from evaluators.uncertainty import preparing
from evaluators.uncertainty.draws import Draws

# Metrics whose targets are numbers and nothing else.
_OF_NUMBERS = ("numbers", "ratings", "distributions")


@dataclass(frozen=True)
class Reference:
    """``ids`` as they stand in the file, wanted with public rows first; ``parts`` are slices of that order.

    Submissions mostly come in the order of the file, and are found to be aligned at a glance. ``draws`` are
    the resamples of each split, and their ``tag`` tells them from all others; some tasks want none.
    """

    ids: KnownIds
    parts: Mapping[str, slice]
    answers: Mapping[str, Answers]
    draws: Mapping[str, Mapping[str, Draws]] = field(default_factory=dict)
    tag: bytes = b""

    @cached_property
    def rows(self) -> dict[str, int]:
        """How many rows each split has."""
        return {split: part.stop - part.start for split, part in self.parts.items()}

    def work_out(self) -> None:
        """Do now what the first submission would have to wait for."""
        self.ids.work_out()


def read_reference(spec: Spec, folder: Path) -> Reference:
    """Read the one table of the folder.

    Raises:
        ReferenceTrouble: the organizer must mend it.
    """
    return read_table(spec, _only_table(folder))


def read_table(spec: Spec, path: Path, file: str = "") -> Reference:
    """Read this table, the reference of this file where there are several.

    Raises:
        ReferenceTrouble: the organizer must mend it.
    """
    try:
        columns = _columns(spec, path)
        ids = values.texts(values.ids(columns[spec.id], whole_numbers=spec.ids == "integer"))
        return _resampled(spec, path, file, _reference(spec, {**columns, spec.id: ids}))
    except Rejected as error:
        raise ReferenceTrouble(f"{path.name} cannot be read: {error.code} {error.params}") from None


def _columns(spec: Spec, path: Path) -> Columns:
    """The table, with numbers as such where nothing else is asked of them.

    What is no number is told as it is written: then all are read as texts.
    """
    asked = _numbers(spec)
    found = read(path, spec.answer_columns, numbers=asked)
    if any(found[name].dtype.is_float() and _has_gaps(found[name]) for name in asked):
        return read(path, spec.answer_columns)
    return found


def _has_gaps(numbers: pl.Series) -> bool:
    return numbers.has_nulls() or numbers.is_nan().any()


def _numbers(spec: Spec) -> set[str]:
    """Columns of which every metric asks just the numbers."""
    asked: dict[bool, set[str]] = {True: set(), False: set()}
    for measure in spec.measures:
        for key, name in measure.answer_columns:
            asked[key == "target" and measure.info.needs in _OF_NUMBERS].add(name)
    return asked[True] - asked[False]


def _resampled(spec: Spec, path: Path, file: str, found: Reference) -> Reference:
    if spec.uncertainty is None:
        return found
    grouped = [measure for measure in spec.measures if measure.group]
    codes: dict[str, Array | None] = {
        str(measure.group): found.answers[measure.name].groups for measure in grouped
    }
    seed = preparing.seed(spec.uncertainty, path, file)
    draws = preparing.draws(spec.uncertainty, seed, found.parts, codes)
    return replace(found, draws=draws, tag=preparing.tag(spec.uncertainty, seed, found.rows))


def _only_table(folder: Path) -> Path:
    tables = [path for path in sorted(folder.iterdir()) if suffix(path.name) in SUFFIXES]
    if len(tables) != 1:
        names = ", ".join(path.name for path in tables) or "none"
        raise ReferenceTrouble(f"the reference must be one table ({', '.join(SUFFIXES)}); found {names}")
    return tables[0]


def _reference(spec: Spec, columns: Columns) -> Reference:
    for name in set(spec.answer_columns) - spec.columns_with_gaps:
        _check_filled(columns[name])
    order, parts = _parts(values.texts(columns[spec.split]))
    known = KnownIds(columns[spec.id], order)
    if not known.once:
        twice = known.texts.filter(known.texts.is_duplicated())
        raise ReferenceTrouble(f"ids stand twice: {', '.join(shown(twice))}")
    compared = [name for name in columns if name not in (spec.id, spec.split)]
    # A metric without a target is told by some column how many rows there are.
    rows = {name: columns[name].gather(order) for name in compared or [spec.split]}
    answers = {measure.name: answers_of(measure, rows, parts) for measure in spec.measures}
    return Reference(known, parts, answers)


def _check_filled(series: pl.Series) -> None:
    if series.dtype.is_float():
        series = series.fill_nan(None)
    if values.has_blank(series):
        raise ReferenceTrouble(f"the column {series.name} is empty in {values.blank(series).sum()} rows")


def _parts(split: pl.Series) -> tuple[NDArray[np.int64], dict[str, slice]]:
    public, private = (np.flatnonzero(split == name) for name in SPLITS)
    if len(public) + len(private) < len(split):
        unknown = split.filter(~split.is_in(SPLITS))
        raise ReferenceTrouble(f"the column {split.name} holds {unknown[0]!r}; write public or private")
    if not len(public) or not len(private):
        raise ReferenceTrouble(f"the column {split.name} must mark some rows public and some private")
    parts = {SPLITS[0]: slice(0, len(public)), SPLITS[1]: slice(len(public), len(split))}
    return np.concatenate([public, private]), parts
