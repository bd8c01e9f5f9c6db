"""Whether a person may submit to a task now, for which team and phase, and what is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from leitai import db
from leitai.accounts.models import Person
from leitai.competitions.models import Entry, EntryMember, Phase, Task
from leitai.competitions.roles import may_enter_freely
from leitai.competitions.taking import suffixes
from leitai.errors import N_, Conflict, NotAllowed, Refusal
from leitai.submissions import quota
from leitai.submissions.intake import upload_limit
from leitai.submissions.quota import Quota
from leitai.submissions.refusals import NotConfirmed, NotEntered, PhaseClosed, TeamUnclear
from leitai.teams.models import Membership, Team

TWO_TEAMS = N_("You have just submitted for another team. One task, one team.")


@dataclass(frozen=True)
class Allowance:
    """What a person may hand in now; ``refusal`` says why nothing.

    ``upload_bytes`` and ``suffixes`` hold for whoever asks; the rest is there as far as it is known.
    ``bound`` says that the person is recorded as having taken part with the entry's team.
    """

    task: Task
    upload_bytes: int
    suffixes: tuple[str, ...]
    phase: Phase | None = None
    entry: Entry | None = None
    bound: bool = False
    quota: Quota | None = None
    refusal: Refusal | None = None

    @property
    def permitted(self) -> bool:
        """Whether a submission would be taken."""
        return self.refusal is None


def check(
    session: Session, person: Person, task: Task, team: str | None = None, *, lock: bool = False
) -> Allowance:
    """Find out without raising. ``team`` is a team's name or number, needed only when several have entered.

    ``lock`` keeps other submissions of the same team waiting until this transaction ends.
    """
    phase: Phase | None = None
    entry: Entry | None = None
    bound = False
    left: Quota | None = None
    refusal: Refusal | None = None
    try:
        entry, bound = find_entry(session, person, task, team, lock=lock)
        phase = open_phase(task.phases, db.now())
        left = quota.measure(session, entry.team_id, phase)
        _admit(session, person, task, entry.team, phase)
        refusal = quota.refusal(left)
    except Refusal as reason:
        refusal = reason
    most = upload_limit(task, task.phases)
    return Allowance(task, most, suffixes(task), phase, entry, bound, left, refusal)


def _admit(session: Session, person: Person, task: Task, team: Team, phase: Phase) -> None:
    if person.confirmed_at is None:
        raise NotConfirmed(N_("Confirm your e-mail address first; your account page sends the link again."))
    if not may_enter_freely(session, person, task):
        raise NotAllowed(N_("You organize the competition or judge the task, and cannot hand anything in."))
    for other in quota.admission_checks:
        other(session, team, phase)


def open_phase(phases: Sequence[Phase], moment: datetime) -> Phase:
    """The phase of a task that takes submissions at a moment.

    Raises:
        PhaseClosed: there is none; the text says when the next one begins.
    """
    for phase in phases:
        if phase.starts_at <= moment < phase.ends_at:
            return phase
    coming = min((phase.starts_at for phase in phases if phase.starts_at > moment), default=None)
    if coming is None:
        raise PhaseClosed(N_("The last phase of this task is over. Nothing more can be handed in."))
    raise PhaseClosed(
        N_("No phase is open now. The next one begins at %(time)s UTC."), time=f"{coming:%Y-%m-%d %H:%M}"
    )


def find_entry(
    session: Session, person: Person, task: Task, team: str | None = None, *, lock: bool = False
) -> tuple[Entry, bool]:
    """The entry that a person submits for: that of the team named, else the only one.

    With it comes whether the person is recorded as having taken part with that team.

    Raises:
        NotEntered: no team of the person has entered the task.
        TeamUnclear: several have.
    """
    found = _entries(session, person, task, lock=lock)
    entries = [row for row in found if team is None or _is_named(row[0].team, team)]
    if not entries:
        raise NotEntered(_why_none(session, person, task, team))
    if len(entries) > 1:
        names = ", ".join(sorted(entry.team.name for entry, _ in entries))
        raise TeamUnclear(
            N_("Several of your teams have entered: %(names)s. Name the one you mean."), names=names
        )
    return entries[0]


# Made once: every upload asks twice. Who took part in the task once stays with that entry.
_mine = (
    select(Entry, EntryMember.entry_id)
    .outerjoin(
        EntryMember,
        and_(EntryMember.task_id == Entry.task_id, EntryMember.person_id == bindparam("person")),
    )
    .where(
        Entry.task_id == bindparam("task"),
        exists().where(Membership.team_id == Entry.team_id, Membership.person_id == bindparam("person")),
    )
    .options(joinedload(Entry.team))
    .order_by(Entry.id)
)
_mine_locked = _mine.with_for_update(of=Entry)


def _entries(session: Session, person: Person, task: Task, *, lock: bool = False) -> list[tuple[Entry, bool]]:
    """Entries of the person's teams, each with whether the person is bound to it, and to no other."""
    rows = session.execute(_mine_locked if lock else _mine, {"person": person.id, "task": task.id})
    return [(entry, bound is not None) for entry, bound in rows if bound in (None, entry.id)]


def _bound(session: Session, person: Person, task: Task) -> int | None:
    return session.scalar(
        select(EntryMember.entry_id).where(EntryMember.task_id == task.id, EntryMember.person_id == person.id)
    )


def _is_named(team: Team, wanted: str) -> bool:
    return wanted.strip() in {team.name, str(team.id)}


def _why_none(session: Session, person: Person, task: Task, team: str | None) -> str:
    if team is not None and _entries(session, person, task):
        return N_("That team is not yours, or has not entered this task. Name another, or none.")
    if _bound(session, person, task) is not None:
        return N_("You took part in this task with a team that you have left; one task, one team.")
    return N_("Your team has not entered this task. Enter it first, then submit.")


def bind(session: Session, person: Person, entry: Entry) -> None:
    """Record that a person who joined after the entry takes part with this team.

    Raises:
        Conflict: this very moment the person did so with another team.
    """
    bound = select(EntryMember.entry_id).filter_by(task_id=entry.task_id, person_id=person.id)
    try:
        if (found := session.scalar(bound)) is None:
            session.add(EntryMember(entry_id=entry.id, task_id=entry.task_id, person_id=person.id))
            session.flush()
    except IntegrityError:
        raise Conflict(TWO_TEAMS) from None
    if found not in (None, entry.id):
        raise Conflict(TWO_TEAMS)


def teams(session: Session, person: Person, task: Task) -> list[tuple[str, str]]:
    """The teams between which a person may have to choose: number and name."""
    return [(str(entry.team_id), entry.team.name) for entry, _ in _entries(session, person, task)]


def check_any_team(session: Session, person: Person, task: Task) -> Allowance:
    """As `check`, before a team is named: where several are possible, one that may submit is enough."""
    found = check(session, person, task)
    if not isinstance(found.refusal, TeamUnclear):
        return found
    each = [check(session, person, task, number) for number, _ in teams(session, person, task)]
    return next((allowance for allowance in each if allowance.permitted), each[0])
