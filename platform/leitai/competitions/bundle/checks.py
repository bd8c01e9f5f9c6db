"""What no single key can tell: phases in order, hidden data that fits the kind, references, baselines."""

import filecmp
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise
from pathlib import Path

from evaluators import formats
from leitai.competitions.bundle import efficiency, images, reference, several
from leitai.competitions.bundle.archives import program_fault
from leitai.competitions.bundle.errors import Problem
from leitai.competitions.bundle.evaluation import accepted, ingested, metric_names
from leitai.competitions.bundle.files import files_below
from leitai.competitions.bundle.schema import Baseline, CompetitionSpec, TaskSpec, ValidationSpec

LONGEST_NAME = 120


def competition_problems(
    competition: CompetitionSpec, tasks: Sequence[tuple[TaskSpec, str, str]], file: str
) -> list[Problem]:
    """Problems between the parts of a competition; each task comes with its file and key."""
    tracks = [(track.slug, file, f"tracks[{n}]") for n, track in enumerate(competition.tracks)]
    slugs = [(spec.slug, shown, key) for spec, shown, key in tasks]
    return [
        *_twice(tracks, "track"),
        *_twice(slugs, "task"),
        *(problem for task in tasks for problem in _outside(competition, *task)),
    ]


def _twice(items: Iterable[tuple[str, str, str]], what: str) -> list[Problem]:
    items = list(items)
    counts = Counter(slug for slug, _, _ in items)
    return [
        Problem(file, _at(key, "slug"), f"{slug!r} is the slug of another {what} too.", "Choose another.")
        for slug, file, key in items
        if counts[slug] > 1
    ]


def _outside(competition: CompetitionSpec, task: TaskSpec, file: str, key: str) -> list[Problem]:
    remedy = "Correct the phase, or the dates in competition.yaml."
    found = []
    for number, phase in enumerate(task.phases):
        place = _at(key, f"phases[{number}]")
        if phase.starts.at < competition.starts.at:
            found.append(Problem(file, f"{place}.starts", "is before the competition starts.", remedy))
        if phase.ends.at > competition.ends.at:
            found.append(Problem(file, f"{place}.ends", "is after the competition ends.", remedy))
    return found


def task_problems(task: TaskSpec, file: str, key: str) -> list[Problem]:
    """Problems between the parts of one task."""
    phases = [(phase.slug, file, _at(key, f"phases[{n}]")) for n, phase in enumerate(task.phases)]
    found = [
        *_twice(phases, "phase"),
        *_overlaps(task),
        *_hidden_data(task),
        *_references(task),
        *_data_names(task),
        *_validation(task),
        *efficiency.faults(task),
        *_image(task),
        *_baselines(task),
    ]
    return [_placed(problem, file, key) for problem in found]


def _placed(problem: Problem, file: str, key: str) -> Problem:
    if problem.file:
        return problem
    return Problem(file, _at(key, problem.key), problem.problem, problem.remedy)


def _at(key: str, rest: str) -> str:
    return f"{key}.{rest}" if key else rest


def _problem(key: str, problem: str, remedy: str) -> Problem:
    return Problem("", key, problem, remedy)


def _overlaps(task: TaskSpec) -> Iterable[Problem]:
    for number, (earlier, later) in enumerate(pairwise(task.phases), start=1):
        if later.starts.at < earlier.ends.at:
            remedy = "Write the phases in order, each starting when the one before has ended or later."
            yield _problem(f"phases[{number}].starts", f"is before {earlier.slug} ends.", remedy)


def _hidden_data(task: TaskSpec) -> Iterable[Problem]:
    yield from _output(task)
    inputs = [phase.input.path for phase in task.phases if phase.input]
    for number, phase in enumerate(task.phases):
        place = f"phases[{number}].input"
        if task.kind == "code" and phase.input is None:
            yield _problem(place, "is missing, and the task takes code.", "Name the folder of hidden input.")
        if task.kind == "predictions" and phase.input is not None:
            remedy = "Remove it, or list the files under data."
            yield _problem(place, "is given, but nothing would read it: the task takes predictions.", remedy)
        if any(phase.reference.path.is_relative_to(folder) for folder in inputs):
            remedy = "Move it out: submitted code reads that folder."
            yield _problem(f"phases[{number}].reference", "lies in a folder of hidden input.", remedy)


def _output(task: TaskSpec) -> Iterable[Problem]:
    if task.kind == "code" and task.evaluation.keys().isdisjoint({"file", "files", "program"}):
        remedy = "Name the file that programs write, like predictions.csv."
        yield _problem("evaluation.file", "is missing, and the task takes code.", remedy)
    if task.kind == "predictions" and task.preload:
        remedy = "Remove it: nothing of the teams' runs."
        yield _problem("preload", "is given, but the task takes predictions.", remedy)
    if task.kind == "predictions" and "file" in task.evaluation:
        remedy = "Remove it: teams choose the name of their table."
        yield _problem("evaluation.file", "is given, but the task takes predictions.", remedy)


def _references(task: TaskSpec) -> Iterable[Problem]:
    if "program" in task.evaluation:
        return  # whose references may be of any form
    for number, phase in enumerate(task.phases):
        if "files" in task.evaluation:
            for fault in several.faults(phase.reference.path, task.evaluation):
                problem = f"{phase.reference.written} {fault.problem}"
                yield _problem(f"phases[{number}].reference", problem, fault.remedy)
            continue
        if phase.reference.path.is_dir():
            problem = f"{phase.reference.written!r} is not a file."
            yield _problem(f"phases[{number}].reference", problem, "Name the file with the answers.")
            continue
        for fault in reference.faults(phase.reference.path, task.evaluation):
            name = phase.reference.written
            yield _problem(f"phases[{number}].reference", f"{name} {fault.problem}", fault.remedy)


def _validation(task: TaskSpec) -> Iterable[Problem]:
    if task.validation is None:
        return
    if "program" in task.evaluation:
        remedy = "Leave it out: programs run in the sandbox alone, and teams have none."
        yield _problem("validation", "is given, but a program computes the scores.", remedy)
        return
    if mismatch := _other_files(task.validation, task.evaluation.get("files", {})):
        yield from mismatch
        return
    listed = {data.file.path for data in task.data}
    for name, place in task.validation.places.items():
        key = f"validation.files.{name}" if name else "validation.reference"
        if place.path not in listed:
            remedy = "List the file under data too: teams download it."
            yield _problem(key, f"{place.written} is no open data.", remedy)
        compared = several.compared(task.evaluation["files"][name]) if name else task.evaluation
        for fault in reference.faults(place.path, compared):
            yield _problem(key, f"{place.written} {fault.problem}", fault.remedy)


def _other_files(validation: ValidationSpec, files: Collection[str]) -> list[Problem]:
    """Where the tables are not those that submissions hold."""
    if not files:
        remedy = "Name the open table with the answers under reference."
        found = [_problem("validation.files", "are given, but a submission is one table.", remedy)]
        return found if validation.files else []
    if validation.reference:
        remedy = f"Write a table for each under files, like files: {{{next(iter(files))}: data/open.csv, …}}."
        return [_problem("validation.reference", "is given, but submissions hold several tables.", remedy)]
    missing = [name for name in files if name not in validation.files]
    unknown = [name for name in validation.files if name not in files]
    return [
        *(_problem("validation.files", f"has no table for {name}.", "Add it.") for name in missing),
        *(
            _problem(f"validation.files.{name}", "is none of evaluation.files.", "Remove it.")
            for name in unknown
        ),
    ]


def _image(task: TaskSpec) -> Iterable[Problem]:
    for key, problem, remedy in images.faults(task):
        yield _problem(f"image.{key}" if key else "image", problem, remedy)


def _data_names(task: TaskSpec) -> Iterable[Problem]:
    hidden = set(_reference_files(task))
    inputs = [phase.input.path for phase in task.phases if phase.input]
    counts = Counter(data.file.path.name for data in task.data)
    for number, data in enumerate(task.data):
        place = f"data[{number}].file"
        if counts[data.file.path.name] > 1:
            yield _problem(place, f"{data.file.path.name} is listed twice.", "Give each file its own name.")
        name = data.file.path.name
        if len(name) > LONGEST_NAME or not name.isprintable():
            remedy = f"Give it a name of {LONGEST_NAME} printable characters at most."
            yield _problem(place, f"{name!r} is no name that every computer can keep.", remedy)
        if data.file.path in hidden or any(data.file.path.is_relative_to(folder) for folder in inputs):
            yield _problem(place, "is hidden data of a phase.", "Remove it: open data is given to everybody.")
        elif any(filecmp.cmp(data.file.path, path, shallow=False) for path in hidden):
            yield _problem(
                place, "holds the same bytes as a reference.", "Remove it, or name the right file."
            )


def _reference_files(task: TaskSpec) -> Iterable[Path]:
    for path in (phase.reference.path for phase in task.phases):
        yield from files_below(path) if path.is_dir() else [path]


def _baselines(task: TaskSpec) -> Iterable[Problem]:
    counts = Counter(baseline.name for baseline in task.baselines)
    for number, baseline in enumerate(task.baselines):
        place = f"baselines[{number}]"
        if counts[baseline.name] > 1:
            yield _problem(f"{place}.name", f"{baseline.name!r} stands here twice.", "Choose another.")
        yield from _baseline(task, baseline, place)


def _baseline(task: TaskSpec, baseline: Baseline, place: str) -> Iterable[Problem]:
    phases = [phase.slug for phase in task.phases]
    if baseline.phase is not None and baseline.phase not in phases:
        remedy = f"The phases are {', '.join(phases)}."
        yield _problem(f"{place}.phase", f"{baseline.phase!r} is no phase of this task.", remedy)
    names = metric_names(task.evaluation)
    for name in baseline.score:
        if name not in names:
            remedy = f"The metrics are {', '.join(names)}."
            yield _problem(f"{place}.score.{name}", "is no metric of this task.", remedy)
    if fault := _baseline_file(task, baseline):
        yield _problem(f"{place}.file", *fault)


def _baseline_file(task: TaskSpec, baseline: Baseline) -> tuple[str, str] | None:
    path = baseline.file.path
    if task.kind == "code":
        return None if ingested(task.evaluation) else program_fault(path)
    if (suffixes := accepted(task.evaluation)) and (path.is_dir() or path.suffix not in suffixes):
        return "is not what teams hand in.", f"Name a file that ends in {' or '.join(suffixes)}."
    if not suffixes and (path.is_dir() or formats.suffix(path.name) not in formats.SUFFIXES):
        return "is no table.", f"Name a file that ends in {', '.join(formats.SUFFIXES)}."
    return None
