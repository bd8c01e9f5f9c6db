"""Codabench's scoring programs: a command that reads /app/input and writes scores into /app/output."""

import contextlib
import json
import os
import shutil
import signal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evaluators.errors import ReferenceTrouble, Rejected
from evaluators.programs import commands
from evaluators.programs.results import ProgramTrouble, Results, from_json, one_line
from evaluators.programs.spec import Program
from evaluators.spec.task import Spec
from evaluators.splits import SPLITS

if TYPE_CHECKING:
    from evaluators.programs.running import Places

LARGEST_SCORES = LARGEST_FIGURES = 1_000_000
FIGURES = "figures.json"


def run(spec: Spec, places: "Places") -> Results:
    """Run it once, or with the reference of either split; then figures are those of the public one.

    Raises:
        Rejected: what was handed in lacks a file.
        ReferenceTrouble, ProgramTrouble: the organizer's to mend.
    """
    program = spec.program
    assert program
    for name in program.expects:
        if not (places.handed_in / name).is_file():
            raise Rejected("missing_file", file=name)
    if program.splits != "folders":
        scores, figures = _once(program, places, places.reference)
        return Results(dict.fromkeys(SPLITS, scores), figures=partial(from_json, figures))
    if missing := [split for split in SPLITS if not (places.reference / split).is_dir()]:
        raise ReferenceTrouble(f"the reference has no folder {missing[0]}")
    found = {split: _once(program, places, places.reference / split) for split in SPLITS}
    figures = found[SPLITS[0]][1]
    by_split = {split: scores for split, (scores, _) in found.items()}
    return Results(by_split, figures=partial(from_json, figures))


def _once(program: Program, places: "Places", reference: Path) -> tuple[dict[str, Any], bytes | None]:
    """The scores, and what it wrote of figures."""
    app = commands.APP
    for left in app.iterdir():
        shutil.rmtree(left)
    commands.mirror(reference, app / "input/ref")
    commands.mirror(places.handed_in, app / "input/res")
    commands.mirror(places.program, app / "program", commands.COPIED_BYTES)
    for name in ("output", "shared"):
        (app / name).mkdir()
    named = {
        "input": app / "input",
        "output": app / "output",
        "tmp": app / "output",
        "program": app / "program",
        "ingestion_program": app / "program",
        "hidden": app / "input/ref",
        "shared": app / "shared",
        "submission_program": app / "ingested_program",
        "predictions": app / "input/res",
    }
    _run(commands.arguments(program.step.command, named), app / "program")
    return _scores(app / "output"), _figures(app / "output" / FIGURES)


def _run(words: list[str], folder: Path) -> None:
    """Run it in a child and leave nothing of it alive.

    Raises:
        ProgramTrouble: it did not end well.
    """
    os.chdir(folder)
    try:
        # A shell would read more into the words than the contract does.
        child = os.posix_spawnp(words[0], words, os.environ, setpgroup=0)
    except OSError as error:
        raise ProgramTrouble(f"The program cannot be started: {words[0]}: {error.strerror}.") from None
    _, status = os.waitpid(child, 0)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(status)
    if code:
        ended = f"with exit code {code}" if code > 0 else f"by {signal.Signals(-code).name}"
        raise ProgramTrouble(f"The program ended {ended}.")


def _scores(folder: Path) -> dict[str, Any]:
    """Raises ProgramTrouble: it left no file of scores that can be read."""
    for name, read in (("scores.json", json.loads), ("scores.txt", _lines)):
        path = folder / name
        if not path.is_file():
            continue
        if path.stat().st_size > LARGEST_SCORES:
            raise ProgramTrouble(f"The program's {name} is larger than {LARGEST_SCORES} bytes.")
        try:
            found = read(path.read_text(encoding="utf-8-sig"))
        except (ValueError, RecursionError) as error:
            raise ProgramTrouble(f"The program's {name} cannot be read: {one_line(str(error))}.") from None
        if not isinstance(found, dict):
            raise ProgramTrouble(f"The program's {name} is no mapping of keys to numbers.")
        return found
    left = one_line(", ".join(sorted(path.name for path in folder.iterdir())[:20])) or "nothing"
    raise ProgramTrouble(f"The program wrote neither scores.json nor scores.txt, but {left}.")


def _figures(path: Path) -> bytes | None:
    """As much of the file as is ever read; what is cut off is no JSON, and told to be none."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return file.read(LARGEST_FIGURES)


def _lines(text: str) -> dict[str, Any]:
    """Lines `key: number`. What is no number stays a text, and is no score.

    Raises:
        ValueError: a line has another form.
    """
    found: dict[str, Any] = {}
    for line in text.splitlines():
        plain = line.partition(" #")[0].strip()
        if not plain or plain.startswith(("#", "---", "...")):
            continue
        key, colon, value = plain.partition(":")
        if not colon:
            raise ValueError(f"a line is not `key: number`: {plain[:60]!r}")
        found[key.strip().strip("'\"")] = _number(value.strip())
    return found


def _number(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text
