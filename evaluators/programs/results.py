"""What a program gave, held against the columns that its task declares."""

import json
import math
import numbers
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from evaluators.errors import shown
from evaluators.figures.kinds import Figure, FigureTrouble, checked
from evaluators.programs.columns import Column
from evaluators.programs.spec import Program
from evaluators.splits import SPLITS

MOST_SHOWN = 20
LONGEST_WORDS = 500

Given = Mapping[str, Any]


class ProgramTrouble(Exception):
    """The program failed or gave no usable scores: the organizer's to mend, whatever was handed in."""


@dataclass(frozen=True)
class Results:
    """What a program gave for either split, by its own keys; ``rows`` where rows were compared.

    ``figures`` gives what it has to show, or None, and raises FigureTrouble or ProgramTrouble.
    """

    by_split: Mapping[str, Given]
    rows: Mapping[str, int] = field(default_factory=dict)
    figures: Callable[[], Any] = lambda: None


def taken(program: Program, given: Mapping[str, Given]) -> tuple[dict[str, dict[str, float]], list[str]]:
    """Scores by split and column, and notes on what was left out.

    Raises:
        ProgramTrouble: a column has no score, or one that is no finite number within its bounds.
    """
    scores = {
        split: {column.name: _score(column, split, given[split]) for column in program.columns}
        for split in SPLITS
    }
    declared = {key for column in program.columns for key in column.keys.values()}
    extra = sorted({str(key) for split in SPLITS for key in given[split]} - declared)
    notes = [f"Left out, for no column declares them: {_listed(extra)}."] if extra else []
    return scores, notes


def drawn(program: Program, found: Results) -> tuple[list[Figure], list[str]]:
    """The figures of a program that its task lets make some, and notes on why they were left out.

    Scores stand without them.
    """
    if not program.figures:
        return [], []
    try:
        given = found.figures()
        return ([] if given is None else checked(given)), []
    except (FigureTrouble, ProgramTrouble) as trouble:
        return [], [f"The figures were left out. {trouble}"]


def from_json(content: bytes | None) -> Any:
    """The figures that a program wrote into a file, None where it wrote none.

    Raises:
        FigureTrouble: it is no JSON.
    """
    if content is None:
        return None
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise FigureTrouble(f"They cannot be read: {one_line(str(error))}.") from None


def _score(column: Column, split: str, given: Given) -> float:
    key = column.keys[split]
    if key not in given:
        found = _listed(map(str, given)) or "nothing"
        raise ProgramTrouble(f"The program gave no {split} score {key!r} for {column.name}, but {found}.")
    value = given[key]
    if not _is_finite(value):
        kind, text = type(value).__name__, one_line(repr(value), 60)
        raise ProgramTrouble(f"The program's {split} score {key!r} is no finite number: {text} ({kind}).")
    if not column.admits(float(value)):
        bounds = f"[{column.low}, {column.high}]"
        raise ProgramTrouble(f"The program's {split} score {key!r} is {value}, outside of {bounds}.")
    return float(value)


def _is_finite(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        return False
    try:
        return math.isfinite(float(value))
    except OverflowError:
        return False


def _listed(names: Iterable[str]) -> str:
    return ", ".join(shown(names, MOST_SHOWN))


def one_line(text: str, most: int = LONGEST_WORDS) -> str:
    """A text of somebody else's on one printable line, not longer than that."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text[: 4 * most])
    line = " ".join(plain.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
