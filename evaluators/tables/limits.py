"""How wide, long and large a table may be, and what is said of one without the columns that are needed."""

from collections.abc import Sequence

from evaluators.errors import Rejected, shown

MOST_COLUMNS = 5_000
LONGEST_LINE = 1_000_000
# What the values of an honest table take unpacked, and room for a small one.
VALUE_BYTES = 64
SMALL_BYTES = 64_000_000
_FOUND = 20


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


def check_rows(rows: int, most: int) -> None:
    """Raises Rejected: too_many_rows."""
    if rows > most:
        raise Rejected("too_many_rows", most=most)


def check_size(size: int, most_values: int) -> None:
    """Raises Rejected: too_large, when so many values would take far more bytes than values do."""
    if size > (most := SMALL_BYTES + VALUE_BYTES * most_values):
        raise Rejected("too_large", most_bytes=most)
