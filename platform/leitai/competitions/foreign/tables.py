"""Tables of answers from other platforms: their columns, their splits, and the metrics that we have too."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from evaluators.splits import SPLITS
from leitai.competitions.bundle.reference import large_fields
from leitai.competitions.foreign.report import Report, refused

LONGEST_ROW = 4_000_000
# Names of metrics elsewhere, without what is no letter or digit, and what they are called here.
METRICS = {
    "accuracy": "accuracy", "accuracyscore": "accuracy", "categorizationaccuracy": "accuracy",
    "balancedaccuracy": "balanced_accuracy", "f1": "f1_macro", "f1score": "f1_macro", "f1macro": "f1_macro",
    "macrof1": "f1_macro", "macrof1score": "f1_macro", "f1micro": "f1_micro", "f1weighted": "f1_weighted",
    "weightedf1": "f1_weighted", "mcc": "mcc", "matthewscorrelationcoefficient": "mcc",
    "quadraticweightedkappa": "quadratic_weighted_kappa", "qwk": "quadratic_weighted_kappa",
    "cohenkappa": "cohen_kappa", "rocauc": "roc_auc", "rocaucscore": "roc_auc", "auc": "roc_auc",
    "areaunderreceiveroperatingcharacteristiccurve": "roc_auc", "averageprecision": "average_precision",
    "logloss": "log_loss", "multiclassloss": "log_loss", "brierscore": "brier",
    "rmse": "rmse", "rootmeansquarederror": "rmse", "mae": "mae", "meanabsoluteerror": "mae",
    "rmsle": "rmsle", "rootmeansquaredlogarithmicerror": "rmsle", "mape": "mape",
    "meanabsolutepercentageerror": "mape", "smape": "smape", "r2": "r2", "r2score": "r2",
    "coefficientofdetermination": "r2", "medianabsoluteerror": "median_absolute_error",
    "spearman": "spearman", "pearson": "pearson",
}  # fmt: skip


@dataclass(frozen=True)
class Header:
    """The columns of a table."""

    file: str
    names: tuple[str, ...]


def header(path: Path) -> Header:
    """The first line of a CSV file.

    Raises:
        BundleError: it has none.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file, large_fields():
            _, names = next(_rows(file, path.name), (0, []))
    except (UnicodeDecodeError, csv.Error):
        raise refused(path.name, "", "is no CSV in UTF-8.", "Save it as CSV in UTF-8.") from None
    if len(names) < 2 or len(set(names)) < len(names):
        raise refused(path.name, "", "needs a line of different column names.", "Add it.")
    return Header(path.name, tuple(names))


class _Lines:
    """Lines of a file, of which those of one row have a bound together."""

    def __init__(self, file: TextIO, name: str) -> None:
        self._file, self._name = file, name
        self.in_row = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._file.readline(LONGEST_ROW + 1)
        self.in_row += len(line)
        if self.in_row > LONGEST_ROW:
            problem = f"has a row of more than {LONGEST_ROW:,} characters."
            raise refused(self._name, "", problem, "Look for a quotation mark without its pair.")
        if not line:
            raise StopIteration
        return line


def _rows(file: TextIO, name: str) -> Iterator[tuple[int, list[str]]]:
    """Each row after the number of its last line.

    Raises:
        BundleError: one is too long.
    """
    lines = _Lines(file, name)
    reader = csv.reader(lines, strict=True)
    for row in reader:
        lines.in_row = 0
        yield reader.line_num, row


def split_column(solution: Header, wanted: str) -> str:
    """The column that says public or private, in whatever case it is written.

    Raises:
        BundleError: there is none.
    """
    for name in solution.names:
        if name.lower() == wanted.lower():
            return name
    remedy = f"Add the column {wanted} with the values public and private."
    raise refused(solution.file, "", f"has no column {wanted}.", remedy)


def builtin(name: str) -> str:
    """What we call a metric; empty where we have none of that name."""
    return METRICS.get(re.sub(r"[^a-z0-9]", "", name.lower()), "")


def rewrite(source: Path, target: Path, split: str, report: Report) -> None:
    """A solution as a reference of ours: splits in small letters, rows that count for neither left out.

    Raises:
        BundleError: a row cannot be read.
    """
    left_out = 0
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with (
            source.open(encoding="utf-8-sig", newline="") as given,
            target.open("w", encoding="utf-8", newline="") as written,
            large_fields(),
        ):
            rows = _rows(given, source.name)
            _, names = next(rows)
            place = names.index(split)
            writer = csv.writer(written, lineterminator="\n")
            writer.writerow(names)
            for line, row in rows:
                if len(row) != len(names):
                    raise refused(source.name, "", f"line {line} has {len(row)} fields.", "Correct it.")
                part = row[place].strip().lower()
                left_out += part not in SPLITS
                if part in SPLITS:
                    writer.writerow([*row[:place], part, *row[place + 1 :]])
    except (UnicodeDecodeError, csv.Error) as error:
        raise refused(source.name, "", f"cannot be read: {error}.", "Correct it.") from None
    report.taken(f"{source.name}: {split}", "public and private parts.")
    if left_out:
        told = f"{left_out} rows are neither public nor private and were left out of the reference."
        report.changed(f"{source.name}: {split}", f"{told} Files that have their ids are refused.")


def targets(solution: Header, sample: Header, split: str, key: str) -> Sequence[str]:
    """The columns that the solution and what teams hand in have in common."""
    return [name for name in sample.names if name in solution.names and name not in {key, split}]
