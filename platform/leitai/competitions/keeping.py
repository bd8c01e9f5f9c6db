"""A bundle's data files go into the artefact store, before any row names them."""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from leitai.competitions.bundle.archives import write_context_tar, write_file_tar, write_folder_tar
from leitai.competitions.bundle.loading import Bundle, LoadedTask
from leitai.competitions.bundle.programs import places
from leitai.competitions.bundle.schema import ImageSpec, PhaseSpec, TaskSpec
from leitai.competitions.models import Role
from leitai.settings import load_settings
from leitai.storage import Artefact, ArtefactStore


@dataclass(frozen=True)
class Slot:
    """Where a data file has its place; open data has no phase."""

    task: str
    phase: str | None
    role: Role
    name: str


Kept = Mapping[Slot, Artefact]


def keep(bundle: Bundle, store: ArtefactStore) -> Kept:
    """Store every data file: open data and saved images as they are, the rest as tars."""
    return {
        slot: _put(slot, path, store)
        for task in bundle.tasks
        for slot, path in (*_slots(task.spec), *_programs(task, bundle.root))
    }


def _slots(task: TaskSpec) -> Iterator[tuple[Slot, Path]]:
    for data in task.data:
        yield Slot(task.slug, None, Role.OPEN, data.file.path.name), data.file.path
    if task.image:
        yield image_slot(task.slug, task.image), task.image.place
    for phase in task.phases:
        yield from _hidden(task, phase)


def _programs(task: LoadedTask, root: Path) -> Iterator[tuple[Slot, Path]]:
    for role, path in places(task.spec.evaluation, root, (root / task.file).parent).items():
        yield program_slot(task.spec.slug, Role(role)), path


def program_slot(task: str, role: Role) -> Slot:
    """Where a program of the organizer's has its place."""
    return Slot(task, None, role, f"{role}.tar")


def image_slot(task: str, image: ImageSpec) -> Slot:
    """Where a task's image has its place; the name tells a build context from a saved image."""
    return Slot(task, None, Role.IMAGE, f"{image.kind}.tar")


def image_kind(name: str) -> Literal["dockerfile", "archive"]:
    """What the name of a task's image says of it."""
    return "dockerfile" if name == "dockerfile.tar" else "archive"


def _hidden(task: TaskSpec, phase: PhaseSpec) -> Iterator[tuple[Slot, Path]]:
    yield Slot(task.slug, phase.slug, Role.REFERENCE, "reference.tar"), phase.reference.path
    if phase.input:
        yield Slot(task.slug, phase.slug, Role.INPUT, "input.tar"), phase.input.path


def _put(slot: Slot, path: Path, store: ArtefactStore) -> Artefact:
    if path.is_file() and slot.role in (Role.OPEN, Role.IMAGE):
        with path.open("rb") as stream:
            return store.put(stream, path.stat().st_size)
    with tempfile.TemporaryFile(dir=load_settings().path("spool")) as archive:
        return _put_tar(path, archive, store, slot.role)


def _put_tar(path: Path, archive: IO[bytes], store: ArtefactStore, role: Role) -> Artefact:
    write_folder = write_context_tar if role == Role.IMAGE else write_folder_tar
    write = write_folder if path.is_dir() else write_file_tar
    write(path, archive)
    size = archive.tell()
    archive.seek(0)
    return store.put(archive, size)
