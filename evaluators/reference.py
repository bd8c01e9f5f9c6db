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
from evaluators.tables.files import read
from evaluators.uncertainty import preparing
from evaluators.uncertainty.draws import Draws


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

    def work_out(self) -> None:
        """Do now what the first submission would have to wait for."""
        self.ids.work_out()


def read_reference(spec: Spec, folder: Path) -> Reference:
    """Read the one table of the folder.

    Raises:
        ReferenceTrouble: the organizer must mend it.
    """
    return read_table(spec, _only_table(folder))


def read_table(spec: Spec, path: Path) -> Reference:
    """Read this table.

    Raises:
        ReferenceTrouble: the organizer must mend it.
    """
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
    for name in set(spec.answer_columns) - spec.columns_with_gaps:
        _check_filled(values.texts(columns[name]))
    ids = columns[spec.id]
    known = KnownIds(ids)
    if not known.once:
        raise ReferenceTrouble(f"ids stand twice: {', '.join(shown(ids.filter(ids.is_duplicated())))}")
    order, parts = _parts(values.texts(columns[spec.split]))
    rows = {name: series.gather(order) for name, series in columns.items() if name != spec.id}
    answers = {measure.name: answers_of(measure, rows, parts) for measure in spec.measures}
    return Reference(known, order.to_numpy(), parts, answers)


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
