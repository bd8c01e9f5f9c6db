"""A program as evaluator: its files, its command, its limits."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from evaluators.programs.spec import LONGEST_COMMAND
from leitai.competitions.bundle.errors import BundleError, refuse
from leitai.competitions.bundle.explaining import explain
from leitai.competitions.bundle.files import Context, Place, files_below, resolve
from leitai.competitions.bundle.limits import ProgramLimits
from leitai.competitions.bundle.yaml_reader import read_yaml

METADATA = ("metadata.yaml", "metadata")
# The file that holds the function, and what it is called there.
FUNCTIONS = {"kaggle": "metric.py", "huggingface": "metric.py", "evalai": "main.py"}
LARGEST_BYTES = 500_000_000


def settled(evaluation: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """The evaluation with the commands that the programs' own metadata give; all else is as it was written.

    Raises:
        PydanticCustomError: a file is missing or unsuitable, or a limit is none.
    """
    program = dict(evaluation["program"])
    place = _found(program["path"], context, "program.path")
    _check_limits(program.get("limits") or {})
    if program["kind"] != "codabench":
        _check_function(program["kind"], place)
        return dict(evaluation)
    program["command"] = _command(program, place, "program")
    if program.get("ingestion"):
        inner = dict(program["ingestion"])
        place = _found(inner["path"], context, "program.ingestion.path")
        program["ingestion"] = {**inner, "command": _command(inner, place, "program.ingestion")}
    return {**evaluation, "program": program}


def _found(path: str, context: Context, key: str) -> Place:
    try:
        place = resolve(path, context["root"], context["folder"])
        files = files_below(place.path) if place.path.is_dir() else [place.path]
    except PydanticCustomError as error:
        told = error.context or {}
        raise refuse(told["problem"], told["remedy"], key=key) from None
    if sum(file.stat().st_size for file in files) > LARGEST_BYTES:
        problem = f"{path!r} is larger than {LARGEST_BYTES // 1_000_000} MB."
        raise refuse(problem, "Leave out what scoring does not read.", key=key)
    return place


def _check_limits(limits: Mapping[str, Any]) -> None:
    try:
        ProgramLimits.model_validate(limits)
    except ValidationError as error:
        first = explain(error.errors(), ProgramLimits, "", "program.limits")[0]
        raise refuse(first.problem, first.remedy, key=first.key) from None


def _check_function(kind: str, place: Place) -> None:
    """Raises PydanticCustomError: nothing there can hold the function."""
    path, name = place.path, FUNCTIONS[kind]
    known = [name, *(("__init__.py",) if kind == "evalai" else ())]
    if path.is_dir():
        found = len(list(path.glob("*.py"))) == 1 or any((path / file).is_file() for file in known)
    else:
        found = path.suffix == ".py"
    if not found:
        problem = f"{place.written!r} holds no {' and no '.join(known)}."
        remedy = "Name the Python file, or the folder that has it at its top."
        raise refuse(problem, remedy, key="program.path")


def _command(step: Mapping[str, Any], place: Place, key: str) -> str:
    if not place.path.is_dir():
        raise refuse(f"{place.written!r} is no folder.", "Name the folder of the program.", key=f"{key}.path")
    if step.get("command"):
        return str(step["command"])
    file = next((place.path / name for name in METADATA if (place.path / name).is_file()), None)
    if file is None:
        problem = f"{place.written!r} has no {' and no '.join(METADATA)}."
        raise refuse(problem, "Add it, or write the command here.", key=f"{key}.command")
    try:
        command = read_yaml(file, file.name).get("command")
    except BundleError as error:
        first = error.problems[0]
        remedy = f"{first.remedy} Or write the command here."
        raise refuse(f"{file.name} {first.problem}", remedy, key=f"{key}.command") from None
    command = " ".join(command.split()) if isinstance(command, str) else ""
    if not command or len(command) > LONGEST_COMMAND or not command.isprintable():
        problem = f"{file.name} says no command of one line."
        raise refuse(problem, "Correct it, or write the command here.", key=f"{key}.command")
    return command


def places(evaluation: Mapping[str, Any], root: Path, folder: Path) -> dict[str, Path]:
    """Where the programs of an evaluation lie: the one that scores, and the one that ingests."""
    program = evaluation.get("program")
    if not program:
        return {}
    found = {"program": resolve(program["path"], root, folder).path}
    if program.get("ingestion"):
        found["ingestion"] = resolve(program["ingestion"]["path"], root, folder).path
    return found
