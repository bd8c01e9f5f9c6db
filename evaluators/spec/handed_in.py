"""The `files` of a task whose submissions hold several tables."""

from collections.abc import Mapping
from typing import Any

from evaluators.errors import SpecError
from evaluators.formats import PACKED, SUFFIXES, stem, suffix
from evaluators.spec.given import Given

MOST_FILES = 10
LONGEST_FILE = 100
_SINGLE = tuple(end for end in SUFFIXES if end not in PACKED)
_LIKE = "Write names of tables, each with id, split and metrics, like files: {boxes.csv: {id: id, …}}."


def parse_files(given: Given) -> dict[str, Given]:
    """What is said of each file, by its name.

    Raises:
        SpecError: a name is none, or two tables of the reference would have one name.
    """
    files = given.values["files"]
    if not isinstance(files, Mapping) or not files:
        raise given.error("files", f"{files!r} names no files.", _LIKE)
    if len(files) > MOST_FILES:
        problem = f"has {len(files)} files; a submission may have {MOST_FILES}."
        raise given.error("files", problem, "Put tables with the same ids into one.")
    found: dict[str, Given] = {}
    for name, value in files.items():
        place = f"{given.at('files')}.{name}"
        _check_name(name, place)
        if stem(name) in map(stem, found):
            remedy = "Name them apart: the reference has one table for each, by this name."
            raise SpecError("differs from another file in its end alone.", remedy, place)
        if not isinstance(value, Mapping):
            raise SpecError(f"{value!r} is not a mapping.", "Write id, split and metrics.", place)
        found[name] = Given(value, place)
    return found


def _check_name(name: Any, place: str) -> None:
    plain = isinstance(name, str) and name.isprintable() and not {"/", "\\"} & set(name)
    if not plain or name.startswith(".") or len(name) > LONGEST_FILE:
        raise SpecError("is no plain file name.", "Write one without folders, like boxes.csv.", place)
    if suffix(name) not in _SINGLE:
        raise SpecError(
            "is the name of no table.", f"Choose a name that ends in {', '.join(_SINGLE)}.", place
        )
