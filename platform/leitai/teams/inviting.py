"""Invitations: by link for whoever has it, or by mail for one address alone; only a digest is kept."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from leitai import db
from leitai.accounts.models import Person
from leitai.accounts.service import clean_email, require_confirmed
from leitai.errors import N_, Conflict, NotAllowed, NotFound
from leitai.teams.models import Invitation, Membership, Team
from leitai.teams.service import captains_team, joining_checks, team_of

VALID = timedelta(days=7)
STALE = N_("This invitation is no longer valid. Ask the team's captain for a new one.")
MOST_OPEN = 50


def invite(session: Session, person: Person, team_id: int, email: str | None = None) -> str:
    """Make an invitation and return what stands in its link; it is never shown again.

    Raises:
        NotFound, NotAllowed: not the captain's team.
        Invalid: mail cannot be sent to the address.
        Conflict: too many are open.
    """
    team = captains_team(session, person, team_id)
    require_confirmed(person)
    if len(open_invitations(session, team)) >= MOST_OPEN:
        raise Conflict(N_("Too many invitations are open. Revoke some first."))
    secret = secrets.token_urlsafe(32)
    session.add(
        Invitation(
            team_id=team.id,
            email=clean_email(email) if email else None,
            digest=_digest(secret),
            created_by_id=person.id,
            expires_at=db.now() + VALID,
        )
    )
    session.flush()
    return secret


def revoke(session: Session, person: Person, team_id: int, invitation_id: int) -> None:
    """Let an invitation open nothing any more.

    Raises:
        NotFound: no such team or invitation.
        NotAllowed: not the captain.
    """
    team = captains_team(session, person, team_id)
    found = session.get(Invitation, invitation_id)
    if found is None or found.team_id != team.id:
        raise NotFound(N_("The team has no such invitation."))
    found.revoked_at = found.revoked_at or db.now()


def open_invitations(session: Session, team: Team) -> list[Invitation]:
    """Those that somebody can still use, newest first."""
    usable = select(Invitation).where(
        Invitation.team_id == team.id,
        Invitation.revoked_at.is_(None),
        Invitation.accepted_at.is_(None),
        Invitation.expires_at > db.now(),
    )
    return list(session.scalars(usable.order_by(Invitation.id.desc())))


def show_invitation(session: Session, secret: str) -> Team:
    """The team that a link leads into.

    Raises:
        NotFound: the link is forged, too old, used or revoked.
    """
    return _usable(session, secret).team


def join(session: Session, person: Person, secret: str) -> Team:
    """Come into a team by a link; whoever is in it already stays.

    Raises:
        NotAllowed: the address is not confirmed, or the invitation is for another one.
        NotFound: the link is forged, too old, used or revoked.
        Refusal: whatever a task that the team entered demands of its members.
    """
    require_confirmed(person)
    invitation = _usable(session, secret)
    # Locked, so that two who join at once are counted one after the other, and so is a captain who revokes.
    team = session.get(Team, invitation.team_id, with_for_update=True)
    invitation = _usable(session, secret)
    if team is None:
        raise NotFound(STALE)
    if invitation.email is not None and invitation.email != person.email:
        raise NotAllowed(N_("This invitation was sent to another address. Sign in with that one."))
    if team_of(session, person.id, team.id) is not None:
        return team
    for check in joining_checks:
        check(session, team, person)
    session.add(Membership(team_id=team.id, person_id=person.id))
    if invitation.email is not None:
        invitation.accepted_at = db.now()
    session.flush()
    return team


def _usable(session: Session, secret: str) -> Invitation:
    wanted = select(Invitation).where(Invitation.digest == _digest(secret))
    found = session.scalar(wanted, execution_options={"populate_existing": True})
    if found is None or found.revoked_at or found.accepted_at or found.expires_at <= db.now():
        raise NotFound(STALE)
    return found


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
