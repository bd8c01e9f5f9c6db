"""The verbs of teams: who may do what, and what stays true."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leitai import db
from leitai.accounts.models import Person
from leitai.errors import Conflict, Invalid, NotAllowed, NotFound
from leitai.teams import inviting, service
from leitai.teams.models import Invitation, Membership, Team
from tests.leitai.factories import make_entry, make_person, make_team

Verb = Callable[[Session, Person, Team, Person], Any]
# Each is done to a team by somebody, where it concerns a member, to that one.
CAPTAINS: dict[str, Verb] = {
    "change": lambda session, by, team, _: service.change_team(
        session, by, team.id, name="Another", country="SG", affiliation=""
    ),
    "hand over": lambda session, by, team, other: service.hand_over(session, by, team.id, other.id),
    "remove": lambda session, by, team, other: service.remove_member(session, by, team.id, other.id),
    "invite": lambda session, by, team, _: inviting.invite(session, by, team.id),
    "invite by mail": lambda session, by, team, _: inviting.invite(session, by, team.id, "a@example.org"),
    "revoke": lambda session, by, team, _: inviting.revoke(session, by, team.id, _invited(session, team)),
}


def _invited(session: Session, team: Team) -> int:
    wanted = select(Invitation.id).where(Invitation.team_id == team.id)
    found = session.scalar(wanted)
    if found is None:
        captain = session.get_one(Person, team.captain_id)
        inviting.invite(session, captain, team.id)
        found = session.scalar(wanted)
    assert found
    return found


def formed(members: int = 1) -> tuple[Team, Person, Person]:
    """A team, its captain, and a member of it."""
    with db.transaction() as session:
        captain, *others = [make_person(session) for _ in range(members + 1)]
        return make_team(session, captain, tuple(others)), captain, others[0]


def people_in(team: Team) -> set[int]:
    with db.reading() as session:
        return set(session.scalars(select(Membership.person_id).where(Membership.team_id == team.id)))


def test_who_forms_a_team_is_its_captain_and_only_member(both_databases: object) -> None:
    with db.transaction() as session:
        person = make_person(session)
        team = service.form_team(session, person, " The  Team ", "CN", "South China University")
        assert (team.name, team.captain_id, team.country) == ("The Team", person.id, "CN")
        assert service.team_of(session, person.id, team.id) is team
        assert service.teams_of(session, person) == [team]


def test_an_unconfirmed_person_forms_no_team(database: object) -> None:
    with db.transaction() as session, pytest.raises(NotAllowed, match="Confirm your e-mail"):
        service.form_team(session, make_person(session, confirmed_at=None), "Team", "CN")


@pytest.mark.parametrize("name", ["", "  ", "\u200b", "!!!", "x" * 61])
def test_a_name_that_says_nothing_or_too_much_is_refused(database: object, name: str) -> None:
    with db.transaction() as session, pytest.raises(Invalid):
        service.form_team(session, make_person(session), name, "CN")


@pytest.mark.parametrize("verb", CAPTAINS)
def test_the_captain_may(database: object, verb: str) -> None:
    team, captain, member = formed()
    with db.transaction() as session:
        CAPTAINS[verb](session, captain, team, member)


@pytest.mark.parametrize("verb", CAPTAINS)
def test_a_member_may_not(database: object, verb: str) -> None:
    team, captain, member = formed()
    with db.transaction() as session, pytest.raises(NotAllowed, match="Only the captain"):
        CAPTAINS[verb](session, member, team, captain)


@pytest.mark.parametrize("verb", CAPTAINS)
def test_a_captain_of_others_may_not(database: object, verb: str) -> None:
    team, _, member = formed()
    _, stranger, _ = formed()
    with db.transaction() as session, pytest.raises(NotFound):
        CAPTAINS[verb](session, stranger, team, member)


@pytest.mark.parametrize("verb", CAPTAINS)
def test_an_operator_may_not(database: object, verb: str) -> None:
    team, _, member = formed()
    with db.transaction() as session:
        operator = make_person(session, is_operator=True)
        with pytest.raises(NotFound):
            CAPTAINS[verb](session, operator, team, member)


@pytest.mark.parametrize("verb", ["hand over", "remove"])
def test_nothing_is_done_to_whoever_is_not_in_the_team(database: object, verb: str) -> None:
    team, captain, _ = formed()
    _, stranger, _ = formed()
    with db.transaction() as session, pytest.raises(NotFound, match="no such member"):
        CAPTAINS[verb](session, captain, team, stranger)


def test_a_team_is_handed_over(both_databases: object) -> None:
    team, captain, member = formed()
    with db.transaction() as session:
        service.hand_over(session, captain, team.id, member.id)
        with pytest.raises(NotAllowed):
            service.hand_over(session, captain, team.id, captain.id)
    with db.reading() as session:
        assert service.show_team(session, team.id).captain_id == member.id
    assert people_in(team) == {captain.id, member.id}


def test_a_member_is_removed_but_not_the_captain(both_databases: object) -> None:
    team, captain, member = formed()
    with db.transaction() as session:
        with pytest.raises(Conflict, match="Hand the team over"):
            service.remove_member(session, captain, team.id, captain.id)
        service.remove_member(session, captain, team.id, member.id)
    assert people_in(team) == {captain.id}


def test_a_member_leaves(both_databases: object) -> None:
    team, captain, member = formed()
    with db.transaction() as session:
        service.leave(session, member, team.id)
    assert people_in(team) == {captain.id}


def test_a_captain_does_not_leave_the_others_alone(database: object) -> None:
    team, captain, _ = formed()
    with db.transaction() as session, pytest.raises(Conflict, match="Hand the team over"):
        service.leave(session, captain, team.id)


def test_nobody_leaves_a_team_of_others(database: object) -> None:
    team, *_ = formed()
    with db.transaction() as session, pytest.raises(NotFound):
        service.leave(session, make_person(session), team.id)


def test_the_last_member_dissolves_a_team_with_its_invitations(both_databases: object) -> None:
    with db.transaction() as session:
        captain = make_person(session)
        team = make_team(session, captain)
        inviting.invite(session, captain, team.id)
    with db.transaction() as session:
        service.leave(session, captain, team.id)
    with db.reading() as session:
        assert session.get(Team, team.id) is None
        assert session.scalar(select(func.count(Invitation.id))) == 0


def test_a_team_that_has_entered_a_task_is_not_dissolved(app: object) -> None:
    with db.transaction() as session:
        captain = make_person(session)
        team = make_team(session, captain)
        make_entry(session, team=team)
    with db.transaction() as session, pytest.raises(Conflict, match="entered a task"):
        service.leave(session, captain, team.id)


def test_a_name_that_is_free_again_can_be_taken(database: object) -> None:
    team, captain, _ = formed()
    change = {"country": "CN", "affiliation": ""}
    with db.transaction() as session:
        service.change_team(session, captain, team.id, name="Dragons", **change)
        service.change_team(session, captain, team.id, name="dragons", **change)
        service.change_team(session, captain, team.id, name="Tigers", **change)
        assert service.form_team(session, captain, "DRAGONS", "CN").name == "DRAGONS"
