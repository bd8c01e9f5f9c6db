"""From pydantic's errors to problems that a person can mend."""

import difflib
from collections.abc import Iterable
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from leitai.competitions.bundle.errors import Problem

REMEDIES = {
    "string_type": "Write a text; put numbers and dates that are meant as text in quotes.",
    "int_type": "Write a whole number, without a unit.",
    "float_type": "Write a number.",
    "bool_type": "Write true or false.",
    "list_type": "Write a list, each item on a line of its own after `- `.",
    "model_type": "Write keys and values below it.",
    "dict_type": "Write keys and values below it.",
    "string_too_short": "Write a text.",
}
PATTERNS = {
    "slug": "Use small letters, digits and single hyphens, like `load-forecast`.",
    "phase": "Name a phase by its slug.",
    "country": "Use the two capital letters of ISO 3166, like CN.",
    "reason": "Use a verdict like time_limit or a code like missing_ids.",
}


def explain(errors: Iterable[ErrorDetails], model: type[BaseModel], file: str, prefix: str) -> list[Problem]:
    """Every error as a problem of ``file``; ``prefix`` is the place of an inline mapping in it."""
    return [_explained(error, model, file, prefix) for error in errors]


def _explained(error: ErrorDetails, model: type[BaseModel], file: str, prefix: str) -> Problem:
    place = tuple(part for part in error["loc"] if _is_key(part))
    context = error.get("ctx", {})
    key = _joined(prefix, key_path(place), context.get("key", ""))
    if error["type"] == "extra_forbidden":
        return Problem(file, key, "is not a known key.", _nearest(model, place))
    if error["type"] == "missing":
        return Problem(file, key, "is missing.", _missing(str(place[-1])))
    if error["type"] == "bundle":
        return Problem(file, key, context["problem"], context["remedy"])
    if error["type"] == "string_pattern_mismatch":
        return Problem(file, key, f"{error['input']!r} does not fit.", _pattern_remedy(place))
    problem = error["msg"][0].lower() + error["msg"][1:] + "."
    return Problem(file, key, problem, REMEDIES.get(error["type"], "Correct the value."))


def _is_key(part: int | str) -> bool:
    # Pydantic names the branch of a union in the place of the error; the file has no such key.
    return isinstance(part, int) or not any(sign in part for sign in "[(,")


def key_path(place: tuple[int | str, ...]) -> str:
    """``tracks[0].tasks[1]`` for ("tracks", 0, "tasks", 1)."""
    text = ""
    for part in place:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


def _joined(*parts: str) -> str:
    return ".".join(part for part in parts if part)


def _missing(key: str) -> str:
    if key in {"en", "zh"}:
        return "Write every text in both languages, en and zh."
    return "Add it; see the bundle format."


def _pattern_remedy(place: tuple[int | str, ...]) -> str:
    names = [part for part in place if isinstance(part, str)]
    return PATTERNS.get(names[-1], "Write an e-mail address, like organizer@demo.example.")


def _nearest(model: type[BaseModel], place: tuple[int | str, ...]) -> str:
    known = _known_keys(model, place[:-1])
    near = difflib.get_close_matches(str(place[-1]), known, n=1)
    if near:
        return f"Did you mean {near[0]}?"
    return f"Known here are {', '.join(known)}."


def _known_keys(model: type[BaseModel], place: tuple[int | str, ...]) -> list[str]:
    for part in place:
        if isinstance(part, str):
            model = _model_of(model.model_fields[part].annotation) or model
    return list(model.model_fields)


def _model_of(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for arg in get_args(annotation) if (found := _model_of(arg))), None)
