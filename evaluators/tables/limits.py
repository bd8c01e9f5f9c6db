"""How wide, long and large a table may be, and what is said of one without the columns that are needed."""

from collections.abc import Sequence
from dataclasses import dataclass

from evaluators.errors import Rejected, shown

MOST_COLUMNS = 5_000
LONGEST_LINE = 1_000_000
# What the values of an honest table take unpacked, and room for a small one.
VALUE_BYTES = 64
SMALL_BYTES = 64_000_000
# No honest table is packed more tightly: its ids differ.
MOST_RATIO = 200
_ALWAYS_UNPACKED = 1_000_000
_FOUND = 20


@dataclass(frozen=True)
class Wanted:
    """What is asked of a table: ``columns``, that of the ids first; see ``files.read``."""

    columns: Sequence[str]
    numbers: frozenset[str] = frozenset()
    most_rows: int | None = None
    row_order: bool = False

    def check_rows(self, rows: int) -> None:
        """Raises Rejected: too_many_rows."""
        if self.most_rows is not None and rows > self.most_rows:
            raise Rejected("too_many_rows", most=self.most_rows)

    @property
    def most_bytes(self) -> int | None:
        """What these values may take; None without a limit."""
        if self.most_rows is None:
            return None
        return SMALL_BYTES + VALUE_BYTES * self.most_rows * len(self.columns)

    def check_size(self, size: int, packed: int | None = None) -> None:
        """Raises Rejected: too_large, for more bytes than such values take, or than come out of so few."""
        most = self.most_bytes
        if most is not None and packed is not None:
            most = min(most, max(_ALWAYS_UNPACKED, MOST_RATIO * packed))
        if most is not None and size > most:
            raise Rejected("too_large", most_bytes=most)


def check_columns(wanted: Sequence[str], found: Sequence[str]) -> None:
    """Raises Rejected: too_wide, missing_columns, or unreadable where a name stands twice."""
    check_width(len(found))
    if missing := [name for name in wanted if name not in found]:
        raise Rejected("missing_columns", columns=shown(missing, len(missing)), found=shown(found, _FOUND))
    for name in wanted:
        if list(found).count(name) > 1:
            raise Rejected("unreadable", problem=f"the column {shown([name])[0]} stands twice")


def check_width(columns: int) -> None:
    """Raises Rejected: too_wide."""
    if columns > MOST_COLUMNS:
        raise Rejected("too_wide", columns=columns)
