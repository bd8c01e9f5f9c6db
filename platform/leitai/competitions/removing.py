"""Removing what a bundle no longer names: refused where teams have put their work in."""

from collections.abc import Collection, Iterator

from sqlalchemy import ColumnElement, column, delete, func, select, table
from sqlalchemy.orm import Session

from leitai.competitions.bundle.errors import Problem
from leitai.competitions.bundle.loading import NAME
from leitai.competitions.changes import Change
from leitai.competitions.models import Competition, DataFile, Download, Entry, Judge, Phase, Task, Track

# By name, for the slices below submissions must not import it.
SUBMISSIONS = table("submissions", column("task_id"), column("phase_id"))


def submissions_of_task(session: Session, task_id: int) -> int:
    """How many submissions a task has."""
    return _count(session, SUBMISSIONS.c.task_id == task_id)


def submissions_of_phase(session: Session, phase_id: int) -> int:
    """How many submissions a phase has."""
    return _count(session, SUBMISSIONS.c.phase_id == phase_id)


def _count(session: Session, condition: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(SUBMISSIONS).where(condition)) or 0


def _number(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def tasks(session: Session, competition: Competition, in_use: Collection[str]) -> Iterator[Change | Problem]:
    """Remove the tasks that are not in use; one with entries or submissions is a problem."""
    statement = select(Task).where(Task.competition_id == competition.id, Task.slug.not_in(in_use))
    for task in session.scalars(statement).all():
        yield _task(session, task)


def _task(session: Session, task: Task) -> Change | Problem:
    entries = session.scalar(select(func.count(Entry.id)).where(Entry.task_id == task.id)) or 0
    submissions = submissions_of_task(session, task.id)
    if entries or submissions:
        work = (
            f"{_number(entries, 'entry', 'entries')} and {_number(submissions, 'submission', 'submissions')}"
        )
        text = f"no longer names the task {task.slug}, which has {work}."
        return Problem(NAME, "tracks", text, "Put the task back: what teams handed in is kept.")
    _delete_task(session, task)
    return Change("removed", "task", task.slug)


def _delete_task(session: Session, task: Task) -> None:
    files = select(DataFile.id).where(DataFile.task_id == task.id)
    session.execute(delete(Download).where(Download.data_file_id.in_(files)))
    for model in (DataFile, Phase, Judge):
        session.execute(delete(model).where(model.task_id == task.id))
    session.execute(delete(Task).where(Task.id == task.id))
    session.expire_all()


def phases(
    session: Session, task: Task, in_use: Collection[str], file: str, key: str
) -> Iterator[Change | Problem]:
    """Remove the phases of a task that are not in use; one with submissions is a problem."""
    statement = select(Phase).where(Phase.task_id == task.id, Phase.slug.not_in(in_use))
    for phase in session.scalars(statement).all():
        if submissions := submissions_of_phase(session, phase.id):
            work = _number(submissions, "submission", "submissions")
            text = f"no longer name {phase.slug}, which has {work}."
            yield Problem(file, key, text, "Put the phase back: what teams handed in is kept.")
            continue
        session.execute(delete(DataFile).where(DataFile.phase_id == phase.id))
        session.delete(phase)
        yield Change("removed", "phase", f"{task.slug}/{phase.slug}")


def tracks(session: Session, competition: Competition, in_use: Collection[str]) -> Iterator[Change]:
    """Remove the tracks that are not in use; their tasks have moved or gone before."""
    session.flush()
    statement = select(Track).where(Track.competition_id == competition.id, Track.slug.not_in(in_use))
    for track in session.scalars(statement).all():
        session.execute(delete(Track).where(Track.id == track.id))
        yield Change("removed", "track", track.slug)
