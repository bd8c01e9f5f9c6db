"""The verbs of teams: form, change, hand over, leave. Invitations are in ``teams.inviting``."""

from collections.abc import Callable, Sequence

from sqlalchemy import bindparam, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from leitai import db
from leitai.accounts.models import Person
from leitai.accounts.service import clean_name, require_confirmed
from leitai.errors import N_, Conflict, Invalid, NotAllowed, NotFound
from leitai.teams.models import Membership, Team, essence

LONGEST, AFFILIATION_LONGEST = 60, 120
TAKEN = N_("Another team has this name, or one that looks the same. Choose another.")
NAME = N_("A team's name has 1 to %(most)s characters, a letter or digit among them.")
NO_TEAM = N_("There is no such team.")

# What higher slices ask before somebody joins, and before a team is dissolved; each raises a Refusal.
joining_checks: list[Callable[[Session, Team, Person], None]] = []
dissolving_checks: list[Callable[[Session, Team], None]] = []

_row = select(Team.id).where(Team.id == bindparam("team")).with_for_update(key_share=True)


def hold(session: Session, team_id: int) -> None:
    """Let nobody else record something of this team before the commit; what merely points at it may go on."""
    db.lock(session, _row, {"team": team_id})


def form_team(session: Session, person: Person, name: str, country: str, affiliation: str = "") -> Team:
    """Make a team whose captain and only member this person is.

    Raises:
        NotAllowed: the person's address is not confirmed.
        Invalid: the name cannot be taken.
        Conflict: another team has it.
    """
    require_confirmed(person)
    team = Team(captain_id=person.id)
    _describe(session, team, name, country, affiliation)
    session.add(team)
    _flush(session)
    session.add(Membership(team_id=team.id, person_id=person.id))
    session.flush()
    return team


def change_team(
    session: Session, person: Person, team_id: int, *, name: str, country: str, affiliation: str
) -> Team:
    """Change what others see of the team.

    Raises:
        NotFound, NotAllowed: not the captain's.
        Invalid, Conflict: the name cannot be taken.
    """
    team = captains_team(session, person, team_id)
    _describe(session, team, name, country, affiliation)
    _flush(session)
    return team


def hand_over(session: Session, person: Person, team_id: int, to_person_id: int) -> Team:
    """Make another member the captain.

    Raises:
        NotFound: no such team or member.
        NotAllowed: not the captain.
    """
    team = captains_team(session, person, team_id)
    team.captain_id = _membership(session, team, to_person_id).person_id
    return team


def remove_member(session: Session, person: Person, team_id: int, member_id: int) -> Team:
    """Take a member out of the team; what they accepted and handed in stays.

    Raises:
        NotFound: no such team or member.
        NotAllowed: not the captain.
        Conflict: the captain cannot be removed.
    """
    team = captains_team(session, person, team_id)
    if member_id == team.captain_id:
        raise Conflict(N_("The captain cannot be removed. Hand the team over first."))
    session.delete(_membership(session, team, member_id))
    return team


def leave(session: Session, person: Person, team_id: int) -> None:
    """Go out of a team; the last member dissolves it, if it has not been entered anywhere.

    Raises:
        NotFound: not in this team.
        Conflict: the captain of others, or the last member of an entered team.
    """
    team = members_team(session, person, team_id, lock=True)
    others = [row for row in team.memberships if row.person_id != person.id]
    if team.captain_id == person.id and others:
        raise Conflict(N_("Hand the team over to another member before you leave it."))
    if others:
        session.delete(_membership(session, team, person.id))
        return
    for check in dissolving_checks:
        check(session, team)
    session.delete(team)


def teams_of(session: Session, person: Person) -> Sequence[Team]:
    """The teams that a person is in, by name."""
    mine = select(Membership.team_id).where(Membership.person_id == person.id)
    return session.scalars(select(Team).where(Team.id.in_(mine)).order_by(Team.name)).all()


def team_of(session: Session, person_id: int, team_id: int) -> Team | None:
    """The team, if the person is in it."""
    inside = select(Membership.id).where(Membership.person_id == person_id, Membership.team_id == team_id)
    return session.get(Team, team_id) if session.scalar(inside) is not None else None


def show_team(session: Session, team_id: int) -> Team:
    """A team as everybody may see it.

    Raises:
        NotFound: there is none.
    """
    team = session.get(Team, team_id)
    if team is None:
        raise NotFound(NO_TEAM)
    return team


def members_team(session: Session, person: Person, team_id: int, *, lock: bool = False) -> Team:
    """The team, for a member of it.

    Raises:
        NotFound: no such team, or the person is not in it.
    """
    team = session.get(Team, team_id, with_for_update=lock or None, populate_existing=lock)
    if team is None or team_of(session, person.id, team_id) is None:
        raise NotFound(NO_TEAM)
    return team


def captains_team(session: Session, person: Person, team_id: int) -> Team:
    """The team, for its captain; locked, so that its members stay as they are meanwhile.

    Raises:
        NotFound: no such team, or the person is not in it.
        NotAllowed: a member, but not the captain.
    """
    team = members_team(session, person, team_id, lock=True)
    if team.captain_id != person.id:
        raise NotAllowed(N_("Only the captain of the team can do this."))
    return team


def free_name(session: Session, wanted: str) -> str:
    """The wanted name, or the first with a number behind it that no team has."""
    alike = select(Team.essence).where(Team.essence.startswith(essence(wanted), autoescape=True))
    taken = set(session.scalars(alike))
    number, name = 1, wanted
    while essence(name) in taken:
        number += 1
        name = f"{wanted} {number}"
    return name


def _describe(session: Session, team: Team, name: str, country: str, affiliation: str) -> None:
    shown = clean_name(name)
    if len(shown) > LONGEST or not any(sign.isalnum() for sign in shown):
        raise Invalid(NAME, most=LONGEST)
    same = select(func.count()).where(Team.essence == essence(shown), Team.id != (team.id or 0))
    if session.scalar(same):
        raise Conflict(TAKEN)
    team.name, team.essence, team.country = shown, essence(shown), country
    team.affiliation = clean_name(affiliation)[:AFFILIATION_LONGEST] if affiliation.strip() else ""


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError:
        raise Conflict(TAKEN) from None


def _membership(session: Session, team: Team, person_id: int) -> Membership:
    wanted = select(Membership).where(Membership.team_id == team.id, Membership.person_id == person_id)
    found = session.scalar(wanted)
    if found is None:
        raise NotFound(N_("The team has no such member."))
    return found
