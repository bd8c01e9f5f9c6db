"""A mapping of the specification as somebody wrote it, with the place where it stands."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from evaluators.catalogue.parameters import Parameter
from evaluators.errors import SpecError

LONGEST_COLUMN = 200
LONGEST_NAME = 60


@dataclass(frozen=True)
class Given:
    """Keys and values, and how to complain of them."""

    values: Mapping[Any, Any]
    place: str = ""

    def error(self, key: str, problem: str, remedy: str) -> SpecError:
        """What is wrong under this key."""
        return SpecError(problem, remedy, self.at(key))

    def at(self, key: str) -> str:
        """The place of a key."""
        return f"{self.place}.{key}" if self.place else key

    def check_keys(self, known: Iterable[str]) -> None:
        """Raises SpecError: a key is not among these."""
        known = list(known)
        for key in self.values:
            if key not in known:
                remedy = f"{near(str(key), known)}The keys are {', '.join(known)}."
                raise self.error(str(key), "is not a known key.", remedy)

    def column(self, key: str, meaning: str) -> str:
        """The name of a column that must be given."""
        if key not in self.values:
            raise self.error(key, "is missing.", f"Name {meaning}.")
        return self.column_name(self.values[key], key, meaning)

    def column_name(self, value: Any, key: str, meaning: str) -> str:
        """A text that can be the name of a column."""
        if not isinstance(value, str) or not value.strip():
            raise self.error(key, f"{value!r} is no name of a column.", f"Name {meaning}.")
        if len(value) > LONGEST_COLUMN:
            problem = f"has {len(value)} characters; a column's name may have {LONGEST_COLUMN}."
            raise self.error(key, problem, "Shorten the name of the column.")
        return value

    def name(self, default: str) -> str:
        """What heads the score's column on the board."""
        name = self.values.get("name", default)
        if not isinstance(name, str) or not name or name != name.strip() or not name.isprintable():
            remedy = "Write a short text without spaces around it, like RMSE."
            raise self.error("name", f"{name!r} is no name.", remedy)
        if len(name) > LONGEST_NAME:
            problem = f"has {len(name)} characters; a name may have {LONGEST_NAME}."
            raise self.error("name", problem, "Shorten it: it heads a column of the board.")
        return name

    def parameter(self, name: str, parameter: Parameter) -> Any:
        """The value of a setting, None where it may be and is left out."""
        example = f"{name}: {parameter.example}"
        if name not in self.values:
            if parameter.required:
                raise self.error(name, "is missing.", f"Write {parameter.meaning}, like {example}.")
            return None
        value = self.values[name]
        if not parameter.accepts(value):
            quoting = " YAML reads yes, no, true and false as truth values: quote them."
            remedy = f"Write {parameter.meaning}, like {example}.{quoting if isinstance(value, bool) else ''}"
            raise self.error(name, f"{value!r} is not {parameter.meaning}.", remedy)
        return value


def near(word: str, words: Iterable[str]) -> str:
    """A question that names the words which may have been meant; empty when none is near."""
    known = list(words)
    plain = word.lower().replace("-", "_").replace(" ", "_")
    if plain in known:
        return f"Did you mean {plain}? "
    found = difflib.get_close_matches(plain, known, n=3, cutoff=0.6)
    found += [name for name in known if plain in name.split("_") and name not in found]
    return f"Did you mean {' or '.join(found[:3])}? " if found else ""
