"""The keys `program` and `columns` of an evaluation, checked and made into values."""

import json
import keyword
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from evaluators.efficiency import Usage
from evaluators.errors import SpecError
from evaluators.programs.columns import Column, parse_columns
from evaluators.spec.given import Given, near

KINDS = ("kaggle", "codabench", "evalai", "huggingface")
# Those that compare tables with a row for each id.
TABLES = ("kaggle", "huggingface")
IMAGES = ("runtime", "legacy", "task")
SPLITTING = ("same", "folders", "keys")
LONGEST_COMMAND = 1000
MOST_NAMES = 200
_KEYS_OF = {
    "kaggle": ("predictions", "parameters"),
    "huggingface": ("predictions", "parameters"),
    "codabench": ("command", "splits", "expects", "ingestion", "ingestion_only_during_scoring"),
    "evalai": ("accepts", "phases"),
}
_SUFFIX = re.compile(r"\.[a-z0-9]{1,10}")


@dataclass(frozen=True)
class Step:
    """A folder with a program and the command that starts it; empty where its metadata says so."""

    path: str
    command: str = ""


@dataclass(frozen=True)
class Codenames:
    """What a program calls a phase of the task, and the data of its public and private part.

    Of ``others`` it may give scores too, which nobody sees.
    """

    codename: str
    public: str
    private: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Program:
    """A program, what it is given, and the scores that are taken from it."""

    kind: str
    step: Step
    listed: tuple[Column | Usage, ...]
    image: str = IMAGES[0]
    limits: Mapping[str, Any] = field(default_factory=dict)
    predictions: tuple[str, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    splits: str = SPLITTING[0]
    expects: tuple[str, ...] = ()
    ingestion: Step | None = None
    accepts: tuple[str, ...] = (".csv",)
    phases: Mapping[str, Codenames] = field(default_factory=dict)
    figures: bool = False

    @property
    def columns(self) -> tuple[Column, ...]:
        """Those scores that the program gives; the others are measured."""
        return tuple(column for column in self.listed if isinstance(column, Column))

    @property
    def usages(self) -> tuple[Usage, ...]:
        """What is measured of a run."""
        return tuple(column for column in self.listed if isinstance(column, Usage))

    @property
    def of_tables(self) -> bool:
        """Whether ids are compared before it runs."""
        return self.kind in TABLES


def parse_program(evaluation: Mapping[str, Any]) -> Program:
    """The program of an evaluation that has one.

    Raises:
        SpecError: it cannot be used.
    """
    value = evaluation["program"]
    if not isinstance(value, Mapping):
        raise SpecError("is not a mapping.", "Write kind and path.", "program")
    given = Given(value, "program")
    kind = _choice(given, "kind", KINDS)
    given.check_keys(("kind", "path", "image", "limits", *_KEYS_OF[kind]))
    splits = _choice(given, "splits", SPLITTING) if kind == "codabench" else SPLITTING[0]
    listed = parse_columns(evaluation.get("columns"), by_split=splits == "keys")
    program = Program(
        kind,
        _step(given),
        listed,
        image=_choice(given, "image", IMAGES) if "image" in value else IMAGES[0],
        limits=_mapping(given, "limits"),
        predictions=_names(given, "predictions"),
        parameters=_parameters(given),
        splits=splits,
        expects=_expected(given),
        ingestion=_ingestion(given),
        accepts=_accepted(given, kind),
        phases=_phases(given) if kind == "evalai" else {},
        figures=_shows_figures(Given(evaluation)),
    )
    _check_listed(program)
    return program


def _check_listed(program: Program) -> None:
    if program.kind == "kaggle" and len(program.columns) > 1:
        raise SpecError("has more than one column.", "score() returns one number: keep one.", "columns")
    if not program.of_tables and any(usage.info.name == "throughput" for usage in program.usages):
        problem = f"has throughput, and programs of the kind {program.kind} count no rows."
        raise SpecError(problem, "Take wall_time.", "columns")


def _shows_figures(given: Given) -> bool:
    value = given.values.get("figures", False)
    if not isinstance(value, bool):
        remedy = "Write true where the program makes figures; it says itself which."
        raise given.error("figures", f"{value!r} is neither true nor false.", remedy)
    return value


def _choice(given: Given, key: str, known: tuple[str, ...]) -> str:
    value = given.values.get(key)
    if value not in known:
        problem = "is missing." if value is None else f"{value!r} is not known."
        raise given.error(key, problem, f"{near(str(value), known)}Write one of {', '.join(known)}.")
    return str(value)


def _step(given: Given) -> Step:
    path = given.values.get("path")
    if not isinstance(path, str) or not path.strip():
        raise given.error("path", "is missing.", "Name the program's file or folder.")
    command = given.values.get("command", "")
    if not isinstance(command, str) or len(command) > LONGEST_COMMAND or not command.isprintable():
        remedy = "Write it like command: python3 $program/score.py $input $output."
        raise given.error("command", "is no command of one line.", remedy)
    return Step(path, command)


def _mapping(given: Given, key: str) -> Mapping[str, Any]:
    value = given.values.get(key, {})
    if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
        raise given.error(key, "is not a mapping.", "Write names with their values, or leave it out.")
    return value


def _parameters(given: Given) -> Mapping[str, Any]:
    found = _mapping(given, "parameters")
    for name in found:
        if not name.isidentifier() or keyword.iskeyword(name):
            raise given.error(
                f"parameters.{name}", "is no name of an argument.", "Write it as in the program."
            )
    try:
        json.dumps(found, allow_nan=False)
    except (TypeError, ValueError):
        remedy = "Write texts, numbers, lists or mappings; put dates in quotes."
        raise given.error("parameters", "holds what is no plain value.", remedy) from None
    return found


def _names(given: Given, key: str) -> tuple[str, ...]:
    value = given.values.get(key, [])
    if not isinstance(value, list) or len(value) > MOST_NAMES:
        raise given.error(
            key, f"is no list of at most {MOST_NAMES} names.", f"Write it like {key}: [target]."
        )
    return tuple(given.column_name(name, key, "a column") for name in value)


def _expected(given: Given) -> tuple[str, ...]:
    names = _names(given, "expects")
    for name in names:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\\" in name or not name.isprintable():
            remedy = "Write the path inside the submission, like answer.csv."
            raise given.error("expects", f"{name!r} is no path inside a submission.", remedy)
    return names


def _ingestion(given: Given) -> Step | None:
    if given.values.get("ingestion_only_during_scoring"):
        remedy = "Let the ingestion program run in the prediction step, without the reference."
        problem = "is not done here: submitted code would share a container with the reference."
        raise given.error("ingestion_only_during_scoring", problem, remedy)
    value = given.values.get("ingestion")
    if value is None:
        return None
    if not isinstance(value, Mapping):
        raise given.error("ingestion", "is not a mapping.", "Write its path.")
    inner = Given(value, "program.ingestion")
    inner.check_keys(("path", "command"))
    return _step(inner)


def _accepted(given: Given, kind: str) -> tuple[str, ...]:
    if kind != "evalai":
        return (".zip",) if kind == "codabench" else (".csv",)
    value = given.values.get("accepts", [".json"])
    if not isinstance(value, list) or not 0 < len(value) <= 20:
        raise given.error("accepts", "is no list of endings.", "Write it like accepts: [.json, .csv].")
    for suffix in value:
        if not isinstance(suffix, str) or not _SUFFIX.fullmatch(suffix):
            raise given.error(
                "accepts", f"{suffix!r} is no ending.", "Write it small and with its dot: .json."
            )
    return tuple(value)


def _phases(given: Given) -> dict[str, Codenames]:
    value = given.values.get("phases")
    if not isinstance(value, Mapping) or not value:
        remedy = "Name each phase of the task with its codename and the splits of its two parts."
        raise given.error("phases", "is missing." if value is None else "is no mapping.", remedy)
    return {str(slug): _codenames(row, f"program.phases.{slug}") for slug, row in value.items()}


def _codenames(row: Any, place: str) -> Codenames:
    example = "Write it like {codename: dev, public: dev_split, private: test_split}."
    if not isinstance(row, Mapping):
        raise SpecError("is not a mapping.", example, place)
    inner = Given(row, place)
    inner.check_keys(("codename", "public", "private", "others"))
    for key in ("codename", "public", "private"):
        if not isinstance(row.get(key), str) or not row[key]:
            raise inner.error(key, "is missing.", example)
    return Codenames(row["codename"], row["public"], row["private"], _names(inner, "others"))


def in_phase(evaluation: Mapping[str, Any], phase: str) -> dict[str, Any]:
    """The evaluation as it is in one phase: without what only others need."""
    program = evaluation.get("program")
    if not isinstance(program, Mapping) or phase not in (program.get("phases") or {}):
        return dict(evaluation)
    return {**evaluation, "program": {**program, "phases": {phase: program["phases"][phase]}}}
