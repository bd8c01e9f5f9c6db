"""What a task's image may be: a Dockerfile's folder or a saved image, looked at before anything is built."""

from collections.abc import Iterator
from pathlib import Path

from leitai.competitions.bundle.schema import ImageSpec, TaskSpec
from leitai.settings import load_settings
from sandbox import dockerfiles, image_archives
from sandbox.errors import ImageError

# The key below `image`, what is wrong, what to do.
Fault = tuple[str, str, str]


def faults(task: TaskSpec) -> Iterator[Fault]:
    """Everything that is wrong with the task's image."""
    image = task.image
    if image is None:
        return
    evaluates = (task.evaluation.get("program") or {}).get("image") == "task"
    if task.kind != "code" and not evaluates:
        yield "", "is given, but no program runs: the task takes predictions.", "Remove it."
    yield from _in_dockerfile(image) if image.dockerfile else _in_archive(image)
    if image.dockerfile:
        yield from _hidden(task, image.dockerfile.path)


def _in_dockerfile(image: ImageSpec) -> Iterator[Fault]:
    place = image.place / dockerfiles.NAME
    if not place.is_file():
        yield image.kind, f"has no {dockerfiles.NAME}.", "Name the folder that holds it."
        return
    for fault in dockerfiles.faults(place.read_bytes(), load_settings().sandbox.allowed_bases):
        yield image.kind, f"{dockerfiles.NAME}, line {fault.line}: {fault.problem}", fault.remedy


def _in_archive(image: ImageSpec) -> Iterator[Fault]:
    try:
        saved = image_archives.read(image.place, load_settings().sandbox.image_limit)
        told = image_archives.settings_fault(saved.settings.get("config") or {})
    except ImageError as error:
        told = str(error)
    if told:
        problem, _, remedy = told.rpartition(". ")
        yield image.kind, f"{problem}.", remedy


def _hidden(task: TaskSpec, folder: Path) -> Iterator[Fault]:
    for phase in task.phases:
        if phase.reference.path.is_relative_to(folder):
            yield (
                "dockerfile",
                f"holds the reference of {phase.slug}.",
                "Move the reference out: code runs in it.",
            )
