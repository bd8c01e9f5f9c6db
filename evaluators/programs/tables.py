"""Tables as programs get them, as pandas reads them; ids are compared as texts before a program runs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from evaluators.errors import ReferenceTrouble, Rejected, shown
from evaluators.programs.results import one_line
from evaluators.splits import SPLITS
from evaluators.tables.limits import check_width

if TYPE_CHECKING:  # heavy, and in no image but those that have it
    import pandas as pd

IGNORED = "ignored"
LONGEST_HEADER = 2_000_000


@dataclass(frozen=True)
class Table:
    """All columns as pandas takes them, and the ids as they are written."""

    frame: "pd.DataFrame"
    ids: tuple[str, ...]

    def aligned(self, wanted: Sequence[str]) -> "pd.DataFrame":
        """The rows in the order of these ids, which are the table's own."""
        places = {key: row for row, key in enumerate(self.ids)}
        return self.frame.iloc[[places[key] for key in wanted]].reset_index(drop=True)


@dataclass(frozen=True)
class Solution:
    """The reference of a table: which rows count for which split."""

    table: Table
    parts: Mapping[str, list[int]]

    @property
    def rows(self) -> dict[str, int]:
        """How many rows each split has."""
        return {split: len(rows) for split, rows in self.parts.items()}


def only_file(folder: Path) -> Path:
    """The one file of a folder.

    Raises:
        ReferenceTrouble: there is none, or there are several.
    """
    files = [path for path in sorted(folder.iterdir()) if path.is_file()]
    if len(files) != 1:
        raise ReferenceTrouble(f"the reference must be one file; found {len(files)}")
    return files[0]


def solution(folder: Path, key: str, split: str) -> Solution:
    """The reference, whose split says public, private or ignored in any case.

    Raises:
        ReferenceTrouble: the organizer must mend it.
    """
    path = only_file(folder)
    try:
        table = _read(path, key, [split])
        _check_ids(table.ids, table.ids)
    except Rejected as error:
        raise ReferenceTrouble(f"{path.name} cannot be used: {error.code} {error.params}") from None
    names = [str(value).strip().lower() for value in table.frame[split]]
    if unknown := set(names) - {*SPLITS, IGNORED}:
        raise ReferenceTrouble(f"the column {split} holds {min(unknown)!r}; write Public, Private or Ignored")
    parts = {part: [row for row, name in enumerate(names) if name == part] for part in SPLITS}
    if not all(parts.values()):
        raise ReferenceTrouble(f"the column {split} must mark some rows public and some private")
    return Solution(table, parts)


def submission(path: Path, key: str, wanted: Sequence[str], known: Solution) -> Table:
    """What was handed in, with a row for each id of the reference.

    Raises:
        Rejected: it cannot be read, or lacks columns or rows, or has ids that it should not have.
    """
    table = _read(path, key, wanted)
    _check_ids(table.ids, known.table.ids)
    return table


def _read(path: Path, key: str, wanted: Sequence[str]) -> Table:
    import pandas as pd

    header = _header(path)
    try:
        frame = pd.read_csv(path)
        if missing := [name for name in (key, *wanted) if name not in frame.columns]:
            found = shown(map(str, frame.columns), 10)
            raise Rejected("missing_columns", columns=shown(missing), found=found)
        ids = pd.read_csv(path, usecols=[key], dtype=str, keep_default_na=False)[key].fillna("")
    except UnicodeDecodeError:
        raise Rejected("not_utf8") from None
    except pd.errors.EmptyDataError:
        raise Rejected("no_rows") from None
    except (ValueError, OverflowError, pd.errors.ParserError) as error:
        raise Rejected("unreadable", problem=one_line(str(error), 200)) from None
    if not len(frame):
        raise Rejected("no_rows")
    # Rows that are longer than the header make pandas take their first field for a name of the row.
    if not isinstance(frame.index, pd.RangeIndex) or len(ids) != len(frame):
        problem = f"rows have more fields than the header, which has {header}"
        raise Rejected("unreadable", problem=problem)
    return Table(frame, tuple(ids))


def _header(path: Path) -> int:
    with path.open("rb") as file:
        columns = file.readline(LONGEST_HEADER).count(b",") + 1
    check_width(columns)
    return columns


def _check_ids(found: Sequence[str], known: Sequence[str]) -> None:
    """As for metrics of our own: the first defect is told, with its first few ids."""
    empty = [f"#{row + 1}" for row, key in enumerate(found) if not key.strip()]
    if empty:
        raise Rejected("empty_ids", count=len(empty), examples=shown(empty))
    counts = Counter(found)
    if twice := [key for key, count in counts.items() if count > 1]:
        raise Rejected("duplicate_ids", count=len(twice), examples=shown(twice))
    wanted = set(known)
    if missing := sorted((key for key in wanted if key not in counts), key=lambda key: (len(key), key)):
        raise Rejected("missing_ids", count=len(missing), examples=shown(missing))
    if extra := [key for key in found if key not in wanted]:
        raise Rejected("extra_ids", count=len(extra), examples=shown(extra))
