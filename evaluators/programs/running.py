"""Runs the program of a task and writes what was taken from it: scores of both splits, or a rejection."""

import importlib
import json
import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from evaluators.errors import ReferenceTrouble, Rejected, SpecError
from evaluators.programs.results import ProgramTrouble, Results, drawn, taken
from evaluators.spec.task import Spec, parse

# What the digits of a score may depend on.
LIBRARIES = ("numpy", "pandas", "scikit-learn", "scipy")


@dataclass(frozen=True)
class Places:
    """Folders: the reference, the organizer's program, what was handed in."""

    reference: Path
    program: Path
    handed_in: Path


def main(arguments: Sequence[str]) -> int:
    """Exit 0 with a result, or in place of it the program that ingests; exit 1 with a text on stderr."""
    task, *rest = arguments
    try:
        if task == "ingest":
            from evaluators.programs.ingestion import ingest

            return ingest(rest[0], *map(Path, rest[1:]))
        _score(*map(Path, rest))
    except (SpecError, ReferenceTrouble, ProgramTrouble, OSError) as error:
        sys.stdout.flush()
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _score(spec_file: Path, reference: Path, program: Path, handed_in: Path, out: Path) -> None:
    spec = parse(json.loads(spec_file.read_text(encoding="utf-8")))
    result = evaluate(spec, Places(reference, program, handed_in))
    out.write_text(json.dumps(result, ensure_ascii=False, allow_nan=False), encoding="utf-8")


def evaluate(spec: Spec, places: Places) -> dict[str, Any]:
    """The result as it is recorded: scores, figures, notes and versions, or the rejection.

    Raises:
        ReferenceTrouble, ProgramTrouble: the organizer's to mend.
    """
    assert spec.program
    adapter = importlib.import_module(f"evaluators.programs.{spec.program.kind}")
    try:
        found: Results = adapter.run(spec, places)
        scores, notes = taken(spec.program, found.by_split)
    except Rejected as error:
        return {"rejection": {"code": error.code, "params": error.params}}
    figures, left_out = drawn(spec.program, found)
    more = {"rows": found.rows, "figures": figures}
    result = {"scores": scores, "notes": notes + left_out, "versions": versions()}
    return result | {key: value for key, value in more.items() if value}


def versions() -> Mapping[str, str]:
    """Those of Python and of what programs mostly compute with, where it is installed."""
    found = {"python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found
