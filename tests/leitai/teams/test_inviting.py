"""Ways into a team: who may use them, for how long, and what nobody can race past."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from leitai import db
from leitai.accounts.models import Person
from leitai.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from leitai.teams import inviting, service
from leitai.teams.models import Invitation, Membership, Team
from tests.leitai.factories import make_entry, make_person, make_phase, make_task, make_team


def formed() -> tuple[Team, Person]:
    with db.transaction() as session:
        captain = make_person(session)
        return make_team(session, captain), captain


def somebody(**values: object) -> Person:
    with db.transaction() as session:
        return make_person(session, **values)


def invited(captain: Person, team: Team, email: str | None = None) -> str:
    with db.transaction() as session:
        return inviting.invite(session, captain, team.id, email)


def joined(person: Person, secret: str) -> Team:
    with db.transaction() as session:
        return inviting.join(session, person, secret)


def people_in(team: Team) -> set[int]:
    with db.reading() as session:
        return set(session.scalars(select(Membership.person_id).where(Membership.team_id == team.id)))


def test_a_link_serves_many_until_it_is_revoked(both_databases: object) -> None:
    team, captain = formed()
    secret = invited(captain, team)
    one, other, late = somebody(), somebody(), somebody()
    assert joined(one, secret).id == joined(other, secret).id == team.id
    with db.transaction() as session:
        (invitation,) = inviting.open_invitations(session, team)
        inviting.revoke(session, captain, team.id, invitation.id)
        assert inviting.open_invitations(session, team) == []
    with pytest.raises(NotFound, match="no longer valid"):
        joined(late, secret)
    assert people_in(team) == {captain.id, one.id, other.id}


def test_only_a_digest_is_kept(database: object) -> None:
    team, captain = formed()
    secret = invited(captain, team)
    with db.reading() as session:
        assert secret not in vars(session.scalars(select(Invitation)).one()).values()


def test_an_invitation_by_mail_is_for_its_address_once(both_databases: object) -> None:
    team, captain = formed()
    secret = invited(captain, team, "Wang@Example.org")
    wang, other = somebody(email="wang@example.org"), somebody()
    with pytest.raises(NotAllowed, match="another address"):
        joined(other, secret)
    joined(wang, secret)
    with db.transaction() as session:
        service.leave(session, wang, team.id)
    with pytest.raises(NotFound, match="no longer valid"):
        joined(wang, secret)
    assert people_in(team) == {captain.id}


def test_an_invitation_ends_after_seven_days(database: object, monkeypatch: pytest.MonkeyPatch) -> None:
    team, captain = formed()
    secret, person, start = invited(captain, team), somebody(), db.now()
    monkeypatch.setattr(db, "now", lambda: start + timedelta(days=6, hours=23))
    with db.reading() as session:
        assert inviting.show_invitation(session, secret).id == team.id
    monkeypatch.setattr(db, "now", lambda: start + timedelta(days=7))
    with pytest.raises(NotFound, match="no longer valid"):
        joined(person, secret)


@pytest.mark.parametrize("forged", ["", "x", "%00", "你" * 100])
def test_a_forged_link_leads_nowhere(database: object, forged: str) -> None:
    team, captain = formed()
    invited(captain, team)
    with pytest.raises(NotFound), db.reading() as session:
        inviting.show_invitation(session, forged)
    with pytest.raises(NotFound):
        joined(somebody(), forged)


def test_an_unconfirmed_person_does_not_join(database: object) -> None:
    team, captain = formed()
    with pytest.raises(NotAllowed, match="Confirm your e-mail"):
        joined(somebody(confirmed_at=None), invited(captain, team))


def test_whoever_is_in_the_team_already_stays_and_uses_nothing_up(database: object) -> None:
    team, captain = formed()
    secret = invited(captain, team, captain.email)
    assert joined(captain, secret).id == team.id
    with db.reading() as session:
        assert len(inviting.open_invitations(session, team)) == 1


def test_an_address_that_cannot_be_one_is_not_invited(database: object) -> None:
    team, captain = formed()
    with pytest.raises(Invalid):
        invited(captain, team, "nowhere")


def test_so_many_invitations_may_be_open(database: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inviting, "MOST_OPEN", 1)
    team, captain = formed()
    invited(captain, team)
    with pytest.raises(Conflict, match="Revoke some"):
        invited(captain, team)


def test_the_invitation_of_another_team_is_not_revoked(database: object) -> None:
    team, captain = formed()
    other, other_captain = formed()
    invited(other_captain, other)
    with db.transaction() as session:
        (invitation,) = inviting.open_invitations(session, other)
        with pytest.raises(NotFound, match="no such invitation"):
            inviting.revoke(session, captain, team.id, invitation.id)


def test_of_two_who_join_at_once_only_as_many_come_in_as_the_task_allows(
    both_databases: object,
) -> None:
    from leitai.competitions import entering

    assert entering.follow_into_team in service.joining_checks
    team, captain = formed()
    with db.transaction() as session:
        task = make_task(session, team_size_max=2)
        make_phase(session, task)
        make_entry(session, task, session.get_one(Team, team.id))
    secret, barrier = invited(captain, team), threading.Barrier(2)
    outcomes: list[str] = []

    def join(person: Person) -> None:
        barrier.wait(10)
        try:
            joined(person, secret)
            outcomes.append("joined")
        except Refusal as refusal:
            outcomes.append(refusal.code)

    threads = [threading.Thread(target=join, args=(somebody(),)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["conflict", "joined"]
    assert len(people_in(team)) == 2


def test_one_who_joins_twice_at_once_is_in_once(both_databases: object) -> None:
    team, captain = formed()
    secret, person, barrier = invited(captain, team), somebody(), threading.Barrier(2)
    broken: list[Exception] = []

    def join() -> None:
        barrier.wait(10)
        try:
            joined(person, secret)
        except Exception as error:  # noqa: BLE001 whatever it is, the test shows it
            broken.append(error)

    threads = [threading.Thread(target=join) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert broken == []
    assert people_in(team) == {captain.id, person.id}


def test_who_revokes_and_who_joins_at_once_do_not_wait_for_each_other(both_databases: object) -> None:
    team, captain = formed()
    secret, person, barrier = invited(captain, team), somebody(), threading.Barrier(2)
    with db.reading() as session:
        (invitation,) = inviting.open_invitations(session, team)
    outcomes: list[object] = []

    def take(do: object, *given: object) -> None:
        barrier.wait(10)
        try:
            with db.transaction() as session:
                do(session, *given)  # type: ignore[operator]  # one of the two verbs
            outcomes.append("done")
        except Exception as error:  # noqa: BLE001 whatever it is, the test shows it
            outcomes.append(getattr(error, "code", error))

    revoking = threading.Thread(target=take, args=(inviting.revoke, captain, team.id, invitation.id))
    joining = threading.Thread(target=take, args=(inviting.join, person, secret))
    for thread in (revoking, joining):
        thread.start()
    for thread in (revoking, joining):
        thread.join(30)
    assert outcomes.count("done") >= 1
    assert set(outcomes) <= {"done", "not_found"}
