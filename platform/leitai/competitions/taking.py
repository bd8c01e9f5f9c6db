"""What a task takes of its teams; one that is not kept yet may still be without its evaluation."""

from evaluators import formats
from leitai.competitions.bundle.evaluation import accepted, ingested
from leitai.competitions.models import Kind, Task

SUFFIXES: dict[str, tuple[str, ...]] = {Kind.PREDICTIONS: formats.SUFFIXES, Kind.CODE: (".zip",)}


def suffixes(task: Task) -> tuple[str, ...]:
    """The ends of names of what may be handed in: those of tables, unless a program takes something else."""
    own = accepted(task.evaluation or {}) if task.kind == Kind.PREDICTIONS else ()
    return own or SUFFIXES[task.kind]


def takes_programs(task: Task) -> bool:
    """Whether code must be a program that can be run, and not the files that an ingestion program loads."""
    return task.kind == Kind.CODE and not ingested(task.evaluation or {})
