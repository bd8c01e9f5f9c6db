"""The scores that a program gives, as its task declares them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evaluators.catalogue import Direction
from evaluators.catalogue.parameters import is_number
from evaluators.efficiency import Usage, is_measured, parse_usage
from evaluators.errors import SpecError
from evaluators.spec.given import LONGEST_NAME, Given
from evaluators.spec.scores import MOST_SCORES
from evaluators.splits import SPLITS

MOST_DIGITS = 15
_KEYS = ("name", "key", "direction", "low", "high", "precision")


@dataclass(frozen=True)
class Column:
    """One score: ``keys`` are what the program calls it in either split."""

    name: str
    keys: Mapping[str, str]
    direction: Direction
    low: float | None = None
    high: float | None = None
    precision: int | None = None

    def admits(self, value: float) -> bool:
        """Whether a score lies within the bounds that were declared."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


def parse_columns(columns: Any, *, by_split: bool) -> tuple[Column | Usage, ...]:
    """The list of columns, the primary one first; ``by_split`` asks for a key for either split.

    What a run uses may stand among them.

    Raises:
        SpecError: it cannot be used.
    """
    if not isinstance(columns, list) or not columns:
        problem = "is missing." if columns is None else "is no list with a column in it."
        raise SpecError(
            problem, "List the scores that the program gives, the one that ranks first.", "columns"
        )
    if len(columns) > MOST_SCORES:
        raise SpecError(f"has {len(columns)} columns.", f"Keep at most {MOST_SCORES}.", "columns")
    found = tuple(_column(row, f"columns[{number}]", by_split) for number, row in enumerate(columns))
    if not any(isinstance(column, Column) for column in found):
        remedy = "Add a column that the program gives: an empty submission would win."
        raise SpecError("has nothing but what a run uses.", remedy, "columns")
    names = [column.name for column in found]
    for number, name in enumerate(names):
        if name in names[:number]:
            place = f"columns[{number}].name"
            raise SpecError(f"{name!r} is the name of another column too.", "Choose another.", place)
    return found


def _column(row: Any, place: str, by_split: bool) -> Column | Usage:
    if not isinstance(row, Mapping):
        raise SpecError("is not a mapping.", "Write name and direction.", place)
    given = Given(row, place)
    if is_measured(row):
        return parse_usage(given)
    given.check_keys(_KEYS)
    name = _text(given, "name", row.get("name"), "how boards call it, like name: Accuracy")
    low, high = (_bound(given, key) for key in ("low", "high"))
    if low is not None and high is not None and low >= high:
        raise given.error("high", "is not above low.", "Correct one of the two.")
    return Column(name, _keys(given, name, by_split), _direction(given), low, high, _precision(given))


def _text(given: Given, key: str, value: Any, meaning: str) -> str:
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        problem = "is missing." if value is None else f"{value!r} is no name."
        raise given.error(key, problem, f"Write {meaning}.")
    if len(value) > LONGEST_NAME:
        raise given.error(key, f"has {len(value)} characters.", f"Keep it within {LONGEST_NAME}.")
    return value


def _keys(given: Given, name: str, by_split: bool) -> dict[str, str]:
    value = given.values.get("key", name)
    if not by_split:
        return dict.fromkeys(SPLITS, _text(given, "key", value, "what the program calls it, like key: acc"))
    if not isinstance(value, Mapping) or set(value) != set(SPLITS):
        remedy = "Write one for either split, like key: {public: acc_a, private: acc_b}."
        raise given.error("key", "has no public and private.", remedy)
    return {split: _text(given, f"key.{split}", value[split], "a key") for split in SPLITS}


def _direction(given: Given) -> Direction:
    match given.values.get("direction"):
        case "higher":
            return "higher"
        case "lower":
            return "lower"
        case None:
            raise given.error("direction", "is missing.", "Write which is better, higher or lower.")
        case value:
            raise given.error("direction", f"{value!r} is none.", "Write higher or lower.")


def _bound(given: Given, key: str) -> float | None:
    value = given.values.get(key)
    if value is not None and not is_number(value):
        raise given.error(key, f"{value!r} is no number.", "Write a number, or leave it out.")
    return None if value is None else float(value)


def _precision(given: Given) -> int | None:
    value = given.values.get("precision")
    if value is None or (
        isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_DIGITS
    ):
        return value
    raise given.error("precision", f"{value!r} is no number of digits.", f"Write 0 to {MOST_DIGITS}.")
