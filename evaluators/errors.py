"""What can be wrong: with a specification, with a submission, with a reference."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

EXAMPLES = 5
SHOWN = 60

REJECTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "unreadable": ("problem",),
        "wrong_format": ("suffix",),
        "not_utf8": (),
        "no_rows": (),
        "unnamed_columns": (),
        "wrong_length": ("count", "wanted"),
        "missing_columns": ("columns", "found"),
        "missing_table": ("found",),
        "missing_ids": ("count", "examples"),
        "extra_ids": ("count", "examples"),
        "duplicate_ids": ("count", "examples"),
        "empty_ids": ("count", "examples"),
        "spaced_ids": ("count", "examples"),
        "rewritten_ids": ("count", "examples"),
        "not_integer_ids": ("count", "examples"),
        "no_values": ("column", "count", "examples"),
        "truth_values": ("column", "count", "examples"),
        "complex_values": ("column", "count", "examples"),
        "decimal_commas": ("column", "count", "examples"),
        "not_numeric": ("column", "count", "examples"),
        "non_finite": ("column", "count", "examples"),
        "too_large_values": ("column", "count", "examples"),
        "not_probability": ("column", "count", "examples"),
        "unknown_labels": ("column", "count", "examples"),
        "too_long": ("column", "count", "examples"),
        "uneven_tags": ("column", "count", "examples"),
        "bad_masks": ("column", "count", "examples"),
        "bad_boxes": ("column", "count", "examples"),
        "bad_instances": ("column", "count", "examples"),
        "too_many_instances": ("column", "most"),
        "bad_images": ("column", "count", "examples"),
        "bad_tracks": ("column", "count", "examples"),
        "too_many_boxes": ("column", "most"),
        "too_many_tracks": ("column", "count", "examples"),
        "sum_not_one": ("count", "examples"),
        "undefined_score": ("metric",),
        "too_much_work": ("metric",),
        "too_wide": ("columns",),
        "too_many_rows": ("most",),
        "too_large": ("most_bytes",),
        "over_time": ("metric", "used_s", "budget_s"),
        "over_size": ("metric", "used_bytes", "budget_bytes"),
        "too_slow": ("metric", "rate", "least"),
        "missing_file": ("file",),
        "refused_by_program": ("detail",),
    }
)
"""Each code with the names of its params.

Where a submission has several tables, ``file`` stands beside them and names the one that is meant.
``examples`` are at most five ids, for ``empty_ids`` row numbers like ``#3``; an answer is never among them.
"""


class SpecError(Exception):
    """The specification cannot be used; ``key`` is the place inside it, like ``metrics[0].beta``."""

    def __init__(self, problem: str, remedy: str, key: str = "") -> None:
        super().__init__(f"{key}: {problem} {remedy}" if key else f"{problem} {remedy}")
        self.problem = problem
        self.remedy = remedy
        self.key = key


class Rejected(Exception):
    """The submission cannot be scored, and its team can mend it; the result holds it as a value."""

    def __init__(self, code: str, **params: Any) -> None:
        assert set(REJECTIONS[code]) == set(params), code
        super().__init__(code)
        self.code = code
        self.params = params


class ReferenceTrouble(Exception):
    """The reference cannot be used, or a metric is undefined on it: the organizer's to mend."""


class UndefinedByReference(Exception):
    """No submission could have a score on these answers."""


class UndefinedBySubmission(Exception):
    """These predictions have no score, though others would."""


def shown(texts: Iterable[str], most: int = EXAMPLES) -> list[str]:
    """The first few texts, each on one short printable line."""
    return [_line(text) for text, _ in zip(texts, range(most), strict=False)]


def _line(text: str) -> str:
    line = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text[: SHOWN + 1])
    return line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"
