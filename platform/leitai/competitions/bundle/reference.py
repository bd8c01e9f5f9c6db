"""The reference file: its columns, its ids, and rows on both sides of the split."""

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluators.splits import SPLITS
from evaluators.tables.limits import LONGEST_LINE
from leitai.competitions.bundle.evaluation import columns, filled


@dataclass(frozen=True)
class Fault:
    """What is wrong with a reference, and what to do."""

    problem: str
    remedy: str


def faults(path: Path, evaluation: dict[str, Any], ignored: str = "") -> list[Fault]:
    """Everything that would keep this file from being a reference.

    Where rows may be ``ignored``, this word and the two splits are taken in any case of their letters.
    """
    if path.suffix not in READERS:
        return [Fault("is neither .csv nor .jsonl.", "Save the reference as CSV or JSON Lines.")]
    try:
        rows = READERS[path.suffix](path)
        with large_fields():
            return _faults(_counting(rows, evaluation["split"], ignored) if ignored else rows, evaluation)
    except UnicodeDecodeError:
        return [Fault("is not UTF-8.", "Save it as UTF-8.")]
    except RecursionError:
        return [Fault("is nested too deeply.", "Write one flat object a line.")]
    except (csv.Error, ValueError) as error:
        return [Fault(f"cannot be read: {error}.", "Correct the file.")]


@contextmanager
def large_fields() -> Iterator[None]:
    """The limit of the csv module belongs to the whole process, so it is put back."""
    before = csv.field_size_limit(LONGEST_LINE)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _counting(rows: Iterator[dict[str, Any]], column: str, ignored: str) -> Iterator[dict[str, Any]]:
    for row in rows:
        split = str(row.get(column, "")).strip().lower()
        if split != ignored:
            yield {**row, column: split} if column in row else row


def _faults(rows: Iterator[dict[str, Any]], evaluation: dict[str, Any]) -> list[Fault]:
    first = next(rows, None)
    if first is None:
        return [Fault("has no rows.", "Add the answers.")]
    if missing := [name for name in columns(evaluation) if name not in first]:
        names = ", ".join(missing)
        return [Fault(f"has no column {names}.", f"Its columns are {', '.join(first)}: add what is missing.")]
    return _row_faults(first, rows, evaluation)


def _row_faults(
    first: dict[str, Any], rows: Iterator[dict[str, Any]], evaluation: dict[str, Any]
) -> list[Fault]:
    ids: set[str] = set()
    needed = filled(evaluation)
    twice: str | None = None
    empty: str | None = None
    splits: set[str] = set()
    for row in _chained(first, rows):
        key = str(row.get(evaluation["id"]))
        twice = twice or (key if key in ids else None)
        empty = empty or next((f"{name} of {key}" for name in needed if _blank(row.get(name))), None)
        ids.add(key)
        splits.add(str(row.get(evaluation["split"])))
    found = [Fault(f"has the id {twice!r} twice.", "Keep one row for each id.")] if twice else []
    if empty:
        found.append(Fault(f"has an empty value: {empty}.", "Fill it, or remove the row."))
    found += [_no_rows(evaluation["split"], name) for name in SPLITS if name not in splits]
    return found + [
        _unknown(evaluation["split"], name) for name in sorted(splits - {*SPLITS, "", "None"})[:3]
    ]


def _chained(first: dict[str, Any], rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    yield first
    yield from rows


def _blank(value: Any) -> bool:
    return value is None or value == ""


def _no_rows(column: str, split: str) -> Fault:
    remedy = "Mark some rows public and some private; teams see the scores of the public ones at once."
    return Fault(f"has no row whose {column} is {split}.", remedy)


def _unknown(column: str, split: str) -> Fault:
    return Fault(f"has a row whose {column} is {split!r}.", "Write public or private.")


def _csv_rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        header = reader.fieldnames or []
        if len(set(header)) < len(header):
            raise ValueError("two columns have the same name")
        for row in reader:
            if None in row:
                raise ValueError(f"a row near {next(iter(row.values()))!r} has more fields than the header")
            yield row


def _json_rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(file, start=1):
            row = json.loads(line)
            if not isinstance(row, dict):
                raise ValueError(f"line {number} is not an object")  # noqa: TRY004 the file's fault, as the others
            yield row


READERS = {".csv": _csv_rows, ".jsonl": _json_rows}
