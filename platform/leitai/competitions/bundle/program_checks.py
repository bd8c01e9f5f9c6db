"""What does not fit between the program that evaluates and the rest of its task."""

from collections.abc import Iterator
from pathlib import Path

from evaluators.programs.spec import Program
from evaluators.spec.task import parse
from evaluators.splits import SPLITS
from leitai.competitions.bundle import programs, reference
from leitai.competitions.bundle.schema import TaskSpec

# The key below the task, what is wrong, what to do.
Fault = tuple[str, str, str]


def faults(task: TaskSpec, root: Path, folder: Path) -> Iterator[Fault]:
    """Everything of this kind; ``folder`` is where the task is written."""
    program = parse(task.evaluation).program
    if program is None:
        return
    yield from _output(task, program)
    yield from _misplaced(task, programs.places(task.evaluation, root, folder))
    if program.image == "task" and task.image is None:
        yield "evaluation.program.image", "is the task's, which has none.", "Write image below the task."
    if program.kind == "evalai":
        yield from _unlike(program, [phase.slug for phase in task.phases])
    for number, phase in enumerate(task.phases):
        for problem, remedy in _of_reference(program, phase.reference.path, task):
            yield f"phases[{number}].reference", f"{phase.reference.written} {problem}", remedy


def _output(task: TaskSpec, program: Program) -> Iterator[Fault]:
    if program.ingestion and task.kind != "code":
        yield "evaluation.program.ingestion", "is given, but the task takes predictions.", "Remove it."
    if task.kind == "code" and program.kind != "codabench" and "file" not in task.evaluation:
        remedy = f"Name the file that programs write, like predictions{program.accepts[0]}."
        yield "evaluation.file", "is missing, and the task takes code.", remedy


def _misplaced(task: TaskSpec, places: dict[str, Path]) -> Iterator[Fault]:
    """Submitted code reads the hidden input, and the ingestion program beside it."""
    keys = {"program": "evaluation.program.path", "ingestion": "evaluation.program.ingestion.path"}
    for name, path in places.items():
        if any(phase.input and path.is_relative_to(phase.input.path) for phase in task.phases):
            yield keys[name], "lies in a folder of hidden input.", "Move it out: submitted code reads that."
    beside = places.get("ingestion")
    for number, phase in enumerate(task.phases):
        if beside and phase.reference.path.is_relative_to(beside):
            remedy = "Move it out: submitted code runs beside that program."
            yield f"phases[{number}].reference", "lies in the folder of the ingestion program.", remedy


def _unlike(program: Program, phases: list[str]) -> Iterator[Fault]:
    for slug in phases:
        if slug not in program.phases:
            remedy = "Write what the program calls it: {codename: …, public: …, private: …}."
            yield f"evaluation.program.phases.{slug}", "is missing, and the task has this phase.", remedy
    for slug in program.phases:
        if slug not in phases:
            remedy = f"The phases are {', '.join(phases)}."
            yield f"evaluation.program.phases.{slug}", "is no phase of this task.", remedy


def _of_reference(program: Program, path: Path, task: TaskSpec) -> Iterator[tuple[str, str]]:
    if program.of_tables:
        if path.suffix != ".csv" or not path.is_file():
            yield "is no .csv file.", "Name the solution: a CSV file with ids and splits."
            return
        ignored = "ignored" if program.kind == "kaggle" else ""
        for fault in reference.faults(path, task.evaluation, ignored):
            yield fault.problem, fault.remedy
    elif program.kind == "evalai" and path.is_dir():
        yield "is a folder.", "Name the annotation file."
    elif program.splits == "folders":
        for split in SPLITS:
            if not any((path / split).rglob("*")):
                yield f"has no folder {split}.", "Put the reference of either split into its own."
