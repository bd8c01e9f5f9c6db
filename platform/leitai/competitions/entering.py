"""Entering a task: a captain registers the team, and everybody in it takes part in this team alone."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from leitai import db
from leitai.accounts.models import Person
from leitai.accounts.service import require_confirmed
from leitai.competitions.models import Entry, EntryMember, Phase, Task
from leitai.competitions.roles import is_judge, is_organizer
from leitai.errors import N_, Conflict, Invalid, NotAllowed
from leitai.teams.models import Membership, Team
from leitai.teams.service import captains_team, dissolving_checks, form_team, joining_checks

ONE_TEAM = N_("%(name)s takes part in this task in another team already. One task, one team.")
TOO_MANY = N_("The team has %(members)s members, and this task allows %(most)s.")
CHANGED = N_("The rules or the data agreement changed while you read. Read them again, then enter.")


@dataclass(frozen=True)
class Accepted:
    """Digests of the texts that the captain saw and accepted; empty for a box left unticked."""

    rules: str
    agreement: str


def digest(text: str) -> str:
    """What stands in an entry for a text that was accepted."""
    return hashlib.sha256(text.encode()).hexdigest()


def enter(session: Session, person: Person, task: Task, team_id: int, accepted: Accepted) -> Entry:
    """Register a team for a task.

    Raises:
        NotFound: no such team, or the person is not in it.
        NotAllowed: not its captain, or somebody in it organizes or judges.
        Invalid: a text was not accepted.
        Conflict: the task is over, the texts changed, the team is too large or entered, or a member takes
            part in another team.
    """
    require_confirmed(person)
    team = captains_team(session, person, team_id)
    _require_open(session, task)
    _require_accepted(task, accepted)
    members = _members(session, team)
    _require_fitting(session, task, team, members)
    entry = Entry(
        task_id=task.id,
        team_id=team.id,
        entered_by_id=person.id,
        rules_digest=accepted.rules,
        agreement_digest=accepted.agreement,
    )
    return _written(session, entry, members)


def enter_alone(session: Session, person: Person, task: Task, name: str, accepted: Accepted) -> Entry:
    """Form a team of one for this person and register it.

    Raises:
        Refusal: the name is taken or empty, or whatever `enter` refuses.
    """
    require_confirmed(person)
    _require_open(session, task)
    _require_accepted(task, accepted)
    team = form_team(session, person, name, person.country)
    session.flush()
    return enter(session, person, task, team.id, accepted)


def teams_to_enter(session: Session, person: Person, task: Task) -> Sequence[Team]:
    """The teams that this person leads and that have not entered the task."""
    entered = select(Entry.team_id).where(Entry.task_id == task.id)
    statement = select(Team).where(Team.captain_id == person.id, Team.id.not_in(entered)).order_by(Team.name)
    return session.scalars(statement).all()


def _require_open(session: Session, task: Task) -> None:
    last = session.scalar(select(func.max(Phase.ends_at)).where(Phase.task_id == task.id))
    if last is None or db.now() >= last:
        raise Conflict(N_("The task is over: its last phase has ended. Other tasks are still open."))


def _require_accepted(task: Task, accepted: Accepted) -> None:
    if not (accepted.rules and accepted.agreement):
        raise Invalid(N_("Accept the rules and the data agreement to enter: tick both boxes."))
    for seen, texts in ((accepted.rules, task.rules), (accepted.agreement, task.agreement)):
        if seen not in map(digest, texts.values()):
            raise Conflict(CHANGED)


def _members(session: Session, team: Team) -> Sequence[Person]:
    statement = (
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.team_id == team.id)
        .order_by(Membership.id)
    )
    return session.scalars(statement).all()


def _require_fitting(session: Session, task: Task, team: Team, members: Sequence[Person]) -> None:
    if session.scalar(select(Entry.id).where(Entry.task_id == task.id, Entry.team_id == team.id)):
        raise Conflict(N_("%(team)s has entered this task already."), team=team.name)
    _require_size(task, len(members))
    for member in members:
        require_free(session, task, member)


def _require_size(task: Task, members: int) -> None:
    if members > task.team_size_max:
        raise Conflict(TOO_MANY, members=members, most=task.team_size_max)


def require_free(
    session: Session, task: Task, person: Person, entry: Entry | None = None
) -> EntryMember | None:
    """Refuse whoever may not compete in the task, or only in another team than that of ``entry``.

    Returns the place that the person has in that entry already.
    """
    if is_organizer(session, person, task.competition_id) or is_judge(session, person, task.id):
        raise NotAllowed(
            N_("%(name)s organizes the competition or judges the task, and cannot take part."),
            name=person.name,
        )
    taken = _taken(session, task, person)
    if taken is not None and (entry is None or taken.entry_id != entry.id):
        raise Conflict(ONE_TEAM, name=person.name)
    return taken


def _taken(session: Session, task: Task, person: Person) -> EntryMember | None:
    statement = select(EntryMember).where(EntryMember.task_id == task.id, EntryMember.person_id == person.id)
    return session.scalars(statement).one_or_none()


def _written(session: Session, entry: Entry, members: Sequence[Person]) -> Entry:
    session.add(entry)
    _flush(session)
    # In one order for everybody, lest two teams that share members wait for each other.
    session.add_all(_member(entry, person) for person in sorted(members, key=lambda person: person.id))
    _flush(session)
    return entry


def _member(entry: Entry, person: Person) -> EntryMember:
    return EntryMember(entry_id=entry.id, task_id=entry.task_id, person_id=person.id)


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError:
        # Another request of this moment was first; the tables' uniqueness decides.
        raise Conflict(N_("The team, or somebody in it, has just entered. Load the page again.")) from None


def follow_into_team(session: Session, team: Team, person: Person) -> None:
    """Check who joins a team against the tasks it has entered, and let them take part in those still open.

    Raises:
        Conflict: the team would be too large for a task, or the person takes part in another team.
        NotAllowed: the person organizes or judges one of the tasks.
    """
    session.execute(select(Team.id).where(Team.id == team.id).with_for_update())
    members = session.scalar(select(func.count(Membership.id)).where(Membership.team_id == team.id)) or 0
    for entry in _open_entries(session, team):
        _require_size(entry.task, members + 1)
        # Read once: a second look could find what another request has written meanwhile.
        if require_free(session, entry.task, person, entry) is None:
            session.add(_member(entry, person))
    _flush(session)


def _open_entries(session: Session, team: Team) -> Sequence[Entry]:
    ended = select(func.max(Phase.ends_at)).where(Phase.task_id == Entry.task_id).scalar_subquery()
    statement = select(Entry).where(Entry.team_id == team.id, ended > db.now())
    return session.scalars(statement).all()


def keep_entered(session: Session, team: Team) -> None:
    """Let no team be dissolved that has entered a task.

    Raises:
        Conflict: it has.
    """
    if session.scalar(select(Entry.id).where(Entry.team_id == team.id).limit(1)):
        raise Conflict(N_("The team has entered a task, so its last member cannot leave it."))


joining_checks.append(follow_into_team)
dissolving_checks.append(keep_entered)
