"""A bundle's data files go into the artefact store, before any row names them."""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from leitai.competitions.bundle.archives import write_file_tar, write_folder_tar
from leitai.competitions.bundle.loading import Bundle
from leitai.competitions.bundle.schema import PhaseSpec, TaskSpec
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
    """Store every data file: open data as it is, hidden data as tars. The same bytes are kept once."""
    return {slot: _put(slot, path, store) for task in bundle.tasks for slot, path in _slots(task.spec)}


def _slots(task: TaskSpec) -> Iterator[tuple[Slot, Path]]:
    for data in task.data:
        yield Slot(task.slug, None, Role.OPEN, data.file.path.name), data.file.path
    for phase in task.phases:
        yield from _hidden(task, phase)


def _hidden(task: TaskSpec, phase: PhaseSpec) -> Iterator[tuple[Slot, Path]]:
    yield Slot(task.slug, phase.slug, Role.REFERENCE, "reference.tar"), phase.reference.path
    if phase.input:
        yield Slot(task.slug, phase.slug, Role.INPUT, "input.tar"), phase.input.path


def _put(slot: Slot, path: Path, store: ArtefactStore) -> Artefact:
    if slot.role == Role.OPEN:
        with path.open("rb") as stream:
            return store.put(stream, path.stat().st_size)
    with tempfile.TemporaryFile(dir=load_settings().path("spool")) as archive:
        return _put_tar(path, archive, store)


def _put_tar(path: Path, archive: IO[bytes], store: ArtefactStore) -> Artefact:
    write = write_folder_tar if path.is_dir() else write_file_tar
    write(path, archive)
    size = archive.tell()
    archive.seek(0)
    return store.put(archive, size)
