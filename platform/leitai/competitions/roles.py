"""Who may do what: organizers by competition, judges by task, operators by machine."""

from sqlalchemy import bindparam, exists, or_, select
from sqlalchemy.orm import Session

from leitai.accounts.models import Person
from leitai.competitions.models import Judge, Organizer, Task
from leitai.errors import N_, NotAllowed


def is_organizer(session: Session, person: Person | None, competition_id: int) -> bool:
    """Whether this person runs the competition."""
    return person is not None and session.get(Organizer, (competition_id, person.id)) is not None


def is_judge(session: Session, person: Person | None, task_id: int) -> bool:
    """Whether this person reviews the finalists of the task."""
    return person is not None and session.get(Judge, (task_id, person.id)) is not None


def require_organizer(session: Session, person: Person | None, task: Task) -> None:
    """Refuse whoever does not run the task's competition; operators too.

    Raises:
        NotAllowed: not an organizer.
    """
    if not is_organizer(session, person, task.competition_id):
        raise NotAllowed(N_("This is for the organizers of the competition. Ask one of them to do it."))


def require_judge(session: Session, person: Person | None, task: Task) -> None:
    """Refuse whoever does not judge the task; its organizers too.

    Raises:
        NotAllowed: not a judge.
    """
    if not is_judge(session, person, task.id):
        raise NotAllowed(N_("This is for the judges of the task. An organizer can name you as one."))


def require_operator(person: Person | None) -> None:
    """Refuse whoever does not run the machines.

    Raises:
        NotAllowed: not an operator.
    """
    if person is None or not person.is_operator:
        raise NotAllowed(N_("This is for the operators of the portal."))


# Made once, for every upload asks.
_concerned = select(
    or_(
        exists().where(
            Organizer.competition_id == bindparam("competition"), Organizer.person_id == bindparam("person")
        ),
        exists().where(Judge.task_id == bindparam("task"), Judge.person_id == bindparam("person")),
    )
)


def may_enter_freely(session: Session, person: Person, task: Task) -> bool:
    """Whether this person may compete: whoever knows the hidden data or judges the others may not."""
    given = {"competition": task.competition_id, "task": task.id, "person": person.id}
    return not session.scalar(_concerned, given)
