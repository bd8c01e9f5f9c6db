"""Versions of data files: changed bytes are a new row, and the old one is retired."""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leitai import db
from leitai.competitions.keeping import Slot
from leitai.competitions.models import DataFile, Role, Task
from leitai.storage import Artefact


def current(session: Session, task_id: int, role: Role) -> list[DataFile]:
    """The files of a task that are in use, in the order of their first version."""
    statement = (
        select(DataFile)
        .where(DataFile.task_id == task_id, DataFile.role == role, DataFile.retired_at.is_(None))
        .order_by(DataFile.id)
    )
    return list(session.scalars(statement))


def digests(session: Session, role: Role) -> set[str]:
    """What all tasks have in use for this."""
    statement = select(DataFile.digest).where(DataFile.role == role, DataFile.retired_at.is_(None))
    return set(session.scalars(statement))


def place(
    session: Session, task: Task, phase_id: int | None, slot: Slot, artefact: Artefact
) -> tuple[DataFile, bool]:
    """The current row with these bytes, and whether it is new; one with other bytes is retired."""
    rows = _rows(session, task.id, phase_id, slot)
    present = next((row for row in rows if row.retired_at is None), None)
    if present and present.digest == artefact.digest:
        return present, False
    if present:
        present.retired_at = db.now()
    row = DataFile(
        task_id=task.id,
        phase_id=phase_id,
        role=slot.role,
        name=slot.name,
        digest=artefact.digest,
        size=artefact.size,
        version=max((row.version for row in rows), default=0) + 1,
        description={},
    )
    session.add(row)
    return row, True


def _rows(session: Session, task_id: int, phase_id: int | None, slot: Slot) -> list[DataFile]:
    statement = select(DataFile).where(
        DataFile.task_id == task_id,
        DataFile.phase_id.is_(None) if phase_id is None else DataFile.phase_id == phase_id,
        DataFile.role == slot.role,
        DataFile.name == slot.name,
    )
    return list(session.scalars(statement))


def retire_others(session: Session, task: Task, in_use: Iterable[DataFile]) -> list[DataFile]:
    """Retire every file of the task that the bundle no longer names. Returns them."""
    session.flush()
    kept = {row.id for row in in_use}
    statement = select(DataFile).where(DataFile.task_id == task.id, DataFile.retired_at.is_(None))
    gone = [row for row in session.scalars(statement) if row.id not in kept]
    for row in gone:
        row.retired_at = db.now()
    return gone


def count(session: Session, task_id: int) -> int:
    """How many open files a task has."""
    statement = select(func.count(DataFile.id)).where(
        DataFile.task_id == task_id, DataFile.role == Role.OPEN, DataFile.retired_at.is_(None)
    )
    return session.scalar(statement) or 0
