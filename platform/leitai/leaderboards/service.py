"""What other slices and the pages ask of the boards."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from leitai import db
from leitai.competitions.models import Phase, Task
from leitai.competitions.stage import current_phase
from leitai.errors import N_, NotFound
from leitai.leaderboards.exporting import export
from leitai.leaderboards.models import Standing
from leitai.leaderboards.ordering import COLUMNS, on, total
from leitai.leaderboards.reading import Query, board
from leitai.leaderboards.revealing import lock_seal, reveal_due, unseal
from leitai.leaderboards.settling import settle
from leitai.submissions.models import Run, Split, Submission

__all__ = ["Query", "best", "board", "export", "facts", "find_phase", "place", "reveal_due", "withdraw"]


@dataclass(frozen=True)
class Facts:
    """What a card says of a task's board: the teams on it, and its first place, if there is one."""

    teams: int
    first: Standing | None


def place(session: Session, submission: Submission, run: Run) -> None:
    """Take a score that was just recorded into the standings; part of the recording's transaction."""
    session.flush()
    if lock_seal(session, submission.phase_id):
        unseal(session, Run.id == run.id)
    settle(session, submission.phase, submission.team_id)


def withdraw(session: Session, submission: Submission) -> None:
    """Let the team stand where its other scores put it, after a submission lost its score."""
    settle(session, submission.phase, submission.team_id)


def find_phase(phases: Iterable[Phase], slug: str | None, default: Phase) -> Phase:
    """The phase of an address; the default where none is named.

    Raises:
        NotFound: the task has no such phase.
    """
    if not slug:
        return default
    found = next((phase for phase in phases if phase.slug == slug), None)
    if found is None:
        raise NotFound(N_("The task has no such phase. Its board page lists them."))
    return found


def best(session: Session, task_id: int) -> Standing | None:
    """The first place on the public board of a task's current phase."""
    phase = _current(session, task_id)
    return _first(session, phase) if phase else None


def facts(session: Session, task_ids: Iterable[int]) -> dict[int, Facts]:
    """What cards show of several tasks, from their public boards."""
    found = {}
    for task_id in task_ids:
        phase = _current(session, task_id)
        found[task_id] = (
            Facts(total(session, phase.id, Split.PUBLIC), _first(session, phase)) if phase else Facts(0, None)
        )
    return found


def _current(session: Session, task_id: int) -> Phase | None:
    task = session.get(Task, task_id)
    return current_phase(task.phases, db.now()) if task and task.phases else None


def _first(session: Session, phase: Phase) -> Standing | None:
    first = select(Standing).where(on(phase.id, Split.PUBLIC)).order_by(*COLUMNS).limit(1)
    return session.scalar(first)
