"""Scores a file on one's own machine, with the code and the messages of the portal."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import evaluators
from evaluators.formats import stem
from leitai.competitions.bundle.errors import BundleError, Problem
from leitai.competitions.bundle.loading import NAME, Bundle, LoadedTask, load_bundle
from leitai.competitions.bundle.schema import PhaseSpec
from leitai.scoring import written
from leitai.scoring.verdicts import figures, read_verdict, rejection, scores
from leitai.scoring.work import Result, ScoringTrouble

TASK = "task.yaml"
# What `leitai download` leaves for teams where a task has open validation data.
OPEN = "evaluation.json"
LARGEST = 1_000_000


@dataclass(frozen=True)
class Target:
    """What a file is compared with; ``phase`` is None for validation data, ``bundle`` for what teams have.

    ``references`` are tables by the name of the file that each is compared with; under no name stands what a
    submission is compared with as a whole, a table or the folder of several.
    """

    name: str
    evaluation: dict[str, Any]
    references: Mapping[str, Path]
    bundle: Bundle | None = None
    task: LoadedTask | None = None
    phase: PhaseSpec | None = None

    @property
    def needs_sandbox(self) -> bool:
        """Whether somebody's program runs, which it does in a container alone."""
        code = self.phase is not None and self.task is not None and self.task.spec.kind == "code"
        return code or "program" in self.evaluation


def find(path: Path, now: datetime, task: str = "", phase: str = "", *, validation: bool = False) -> Target:
    """What the folder or file at ``path`` offers to compare with.

    Raises:
        BundleError: it offers nothing, or has problems.
    """
    folder = path if path.is_dir() else path.parent
    if path.name == OPEN or not _in_bundle(folder):
        return _downloaded(folder)
    root = next(place for place in (folder, *folder.parents) if (place / NAME).is_file())
    bundle = load_bundle(root, now)
    loaded = _task(bundle, folder, task)
    spec = loaded.spec
    if validation:
        if spec.validation is None:
            raise _none(loaded.file, "validation", "is missing.", "Name the open data to compare with.")
        places = {name: place.path for name, place in spec.validation.places.items()}
        return Target(f"{spec.slug}, validation data", spec.evaluation, places, bundle, loaded)
    chosen = _phase(loaded, phase)
    name = f"{spec.slug}, {chosen.slug}"
    return Target(name, spec.evaluation, {"": chosen.reference.path}, bundle, loaded, chosen)


def _in_bundle(folder: Path) -> bool:
    if (folder / NAME).is_file():
        return True
    return (folder / TASK).is_file() and any((place / NAME).is_file() for place in folder.parents)


def _task(bundle: Bundle, folder: Path, slug: str) -> LoadedTask:
    at = (folder.resolve() / TASK).relative_to(bundle.root)
    tasks = {loaded.spec.slug: loaded for loaded in bundle.tasks}
    here = [loaded for loaded in bundle.tasks if not slug and Path(loaded.file) == at]
    if here:
        return here[0]
    if slug in tasks:
        return tasks[slug]
    if len(tasks) == 1 and not slug:
        return next(iter(tasks.values()))
    problem = f"{slug!r} is no task." if slug else "has several tasks."
    raise _none(NAME, "tracks", problem, f"Choose one with --task: {', '.join(tasks)}.")


def _phase(loaded: LoadedTask, slug: str) -> PhaseSpec:
    phases = {phase.slug: phase for phase in loaded.spec.phases}
    if not slug:
        return loaded.spec.phases[0]
    if slug not in phases:
        raise _none(
            loaded.file, "phases", f"{slug!r} is no phase.", f"Choose with --phase: {', '.join(phases)}."
        )
    return phases[slug]


def _downloaded(folder: Path) -> Target:
    place = folder / OPEN
    if not place.is_file():
        remedy = f"Name the folder of a bundle, or one that `leitai download` filled with an {OPEN}."
        raise _none(str(folder), "", f"has neither {NAME} nor {OPEN}.", remedy)
    try:
        with place.open("rb") as file:
            found = json.loads(file.read(LARGEST))
        evaluation, named = dict(found["evaluation"]), found["validation"]
        evaluators.validate(evaluation)
        several = evaluation.get("files")
        tables = {name: named[name] for name in several} if several else {"": named}
    except (ValueError, TypeError, KeyError, RecursionError, evaluators.SpecError):
        raise _none(OPEN, "", "cannot be used.", "Fetch it again: leitai download.") from None
    places = {name: _open(folder, str(table)) for name, table in tables.items()}
    return Target(f"{found.get('task', folder.name)}, validation data", evaluation, places)


def _open(folder: Path, name: str) -> Path:
    place = folder / name
    if name != Path(name).name or place.is_symlink() or not place.is_file():
        raise _none(OPEN, "validation", f"{name!r} is not there.", "Fetch it again: leitai download.")
    return place


def _none(file: str, key: str, problem: str, remedy: str) -> BundleError:
    return BundleError([Problem(file, key, problem, remedy)])


def evaluate(target: Target, file: Path) -> Result:
    """Score a table, or a folder of several, against the reference, in a process of its own; built-in metrics
    alone.

    Raises:
        ScoringTrouble: the reference is at fault, not the file.
    """
    with tempfile.TemporaryDirectory(prefix="leitai-evaluate-") as scratch:
        folder = Path(scratch)
        table = file
        if file.is_dir() and (names := target.evaluation.get("files")):
            table = folder / "written.zip"
            if missing := written.pack(file, names, table):
                return Result("rejected", code="missing_output", params={"file": missing})
        _lay(target.references, folder / "reference")
        (folder / "spec.json").write_text(json.dumps(target.evaluation), encoding="utf-8")
        measured = _measured(target, file)
        (folder / "measured.json").write_text(json.dumps(measured), encoding="utf-8")
        return _verdict(target, _run(folder, table), measured)


def _lay(references: Mapping[str, Path], place: Path) -> None:
    """Tables by the names of what they are compared with, or the folder of several as it is."""
    if (folder := references.get("")) and folder.is_dir():
        shutil.copytree(folder, place)
        return
    place.mkdir()
    for name, table in references.items():
        shutil.copyfile(table, place / f"{stem(name) or 'reference'}{table.suffix.lower()}")


def _measured(target: Target, file: Path) -> dict[str, int]:
    """Predictions as they would be handed in have a size; those of a program tell nothing of it."""
    by_program = "file" in target.evaluation or file.is_dir()
    return {} if by_program else {"submission_bytes": file.stat().st_size}


def _run(folder: Path, file: Path) -> dict[str, Any]:
    out = folder / "scores.json"
    places = (folder / "spec.json", folder / "reference", file.resolve(), out, folder / "measured.json")
    command = [sys.executable, "-m", "evaluators.score", *map(str, places)]
    path = str(Path(evaluators.__file__).parent.parent)
    done = subprocess.run(  # noqa: S603 our own program, with paths of ours
        command, cwd=path, capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode:
        raise ScoringTrouble(done.stderr.strip()[-2000:] or f"The evaluator ended with {done.returncode}.")
    return read_verdict(out)


def _verdict(target: Target, verdict: dict[str, Any], measured: Collection[str]) -> Result:
    if refused := rejection(verdict):
        code, params = refused
        return Result("rejected", code=code, params=params)
    names = evaluators.computed(target.evaluation, measured)
    public, private = scores(verdict, names)
    return Result("scored", public=public, private=private, figures=figures(verdict)[0])
