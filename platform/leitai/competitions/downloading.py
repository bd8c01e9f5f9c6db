"""Open data: who may take it, and a record of who took which version."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from leitai.accounts.models import Person
from leitai.competitions import versions
from leitai.competitions.models import DataFile, Download, Entry, Role, Task
from leitai.competitions.roles import is_organizer
from leitai.competitions.stage import entry_of, find_task
from leitai.errors import N_, NotAllowed, NotFound


@dataclass(frozen=True)
class Taken:
    """What is sent: the name for the reader's disk, and the digest of the bytes."""

    name: str
    digest: str
    size: int


def open_data(session: Session, task: Task) -> list[DataFile]:
    """The open data of a task as it stands now."""
    return versions.current(session, task.id, Role.OPEN)


def take(session: Session, person: Person, competition_slug: str, task_slug: str, data_id: int) -> Taken:
    """Record a download and say what to send.

    Raises:
        NotFound: no such file of open data, or a newer version has replaced it.
        NotAllowed: the person's team has not entered, which is when rules and agreement are accepted.
    """
    task = find_task(session, competition_slug, task_slug)
    entry = entry_of(session, person, task.id)
    if entry is None and not is_organizer(session, person, task.competition_id):
        raise NotAllowed(N_("Enter the task first: the data is given to teams that accepted its agreement."))
    file = _open_file(session, task, data_id)
    session.add(_record(file, person, entry))
    return Taken(file.name, file.digest, file.size)


def _open_file(session: Session, task: Task, data_id: int) -> DataFile:
    file = session.get(DataFile, data_id)
    if file is None or file.task_id != task.id or file.role != Role.OPEN:
        raise NotFound(N_("There is no such file. The data page lists all of them."))
    if file.retired_at is not None:
        raise NotFound(N_("A newer version has replaced this file. The data page has it."))
    return file


def _record(file: DataFile, person: Person, entry: Entry | None) -> Download:
    return Download(
        data_file_id=file.id,
        version=file.version,
        digest=file.digest,
        person_id=person.id,
        entry_id=entry.id if entry else None,
    )
