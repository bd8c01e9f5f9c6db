"""Who is before the judges: the places above the cut, on the board that decides."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from leitai.accounts.models import Person
from leitai.competitions.models import EntryMember, Phase, Task
from leitai.competitions.roles import require_judge
from leitai.competitions.stage import Stage, stage
from leitai.errors import N_, Conflict, NotAllowed, NotFound
from leitai.leaderboards.advancing import cut, deciding_split
from leitai.leaderboards.models import Standing
from leitai.leaderboards.ordering import COLUMNS, on, rank, total
from leitai.leaderboards.revealing import is_shown
from leitai.submissions.models import Split

# Where nobody goes on, as in a final, so many places are ruled on and signed.
PLACES = 20


@dataclass(frozen=True)
class Finalist:
    """A place under review, with the team's row and rank on the public board."""

    rank: int
    standing: Standing
    public: Standing | None
    public_rank: int | None


def finalists(session: Session, phase: Phase) -> list[Finalist]:
    """The places under review, best first: of the board that decides, as far as it is shown."""
    split = deciding_split(phase)
    places = cut(phase.advance, total(session, phase.id, split))
    statement = (
        select(Standing)
        .where(on(phase.id, split))
        .order_by(*COLUMNS)
        .limit(PLACES if places is None else places)
        .options(joinedload(Standing.team), joinedload(Standing.submission))
    )
    rows = session.scalars(statement).all()
    public = _public(session, phase, [row.team_id for row in rows])
    return [
        Finalist(place, row, *public.get(row.team_id, (None, None)))
        for place, row in enumerate(rows, start=1)
    ]


def _public(session: Session, phase: Phase, team_ids: list[int]) -> dict[int, tuple[Standing, int]]:
    found = select(Standing).where(on(phase.id, Split.PUBLIC), Standing.team_id.in_(team_ids))
    return {row.team_id: (row, rank(session, row)) for row in session.scalars(found)}


def observed(session: Session, person: Person, competition: str, task: str) -> Stage:
    """The stage of a task, for its judges and organizers.

    Raises:
        NotFound: no such task, or the person is neither.
    """
    found = stage(session, person, competition, task)
    if not (found.may_judge or found.may_organize):
        raise NotFound(N_("There is no such page, or none that you may see."))
    return found


def require_impartial_judge(session: Session, person: Person, task: Task) -> None:
    """Refuse whoever does not judge the task, or takes part in it.

    Raises:
        NotAllowed: not a judge, or one with a team in the task.
    """
    require_judge(session, person, task)
    taking_part = select(EntryMember.id).filter_by(task_id=task.id, person_id=person.id)
    if session.scalar(taking_part) is not None:
        raise NotAllowed(N_("You take part in this task with a team. Let another judge decide."))


def require_final(phase: Phase) -> None:
    """Refuse to rule on places that may still change.

    Raises:
        Conflict: the private board is not shown yet.
    """
    if not is_shown(phase):
        raise Conflict(N_("The places are not final yet. Come back once board B is shown."))


def find(session: Session, phase: Phase, team_id: int) -> Finalist:
    """The place of one team.

    Raises:
        NotFound: the team is not among the finalists.
    """
    found = next((place for place in finalists(session, phase) if place.standing.team_id == team_id), None)
    if found is None:
        raise NotFound(N_("This team is not among the finalists of the phase. The judges' page lists them."))
    return found
