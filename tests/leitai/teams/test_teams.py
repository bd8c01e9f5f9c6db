"""Teams: names that look the same are the same, captains lead, invitations let in whom they are for."""

import re
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leitai import db
from leitai.accounts.models import Person
from leitai.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from leitai.settings import Settings
from leitai.teams import inviting, service
from leitai.teams.models import Invitation, Membership, Team, essence
from tests.leitai.factories import make_person, make_team

SignIn = Callable[..., FlaskClient]
Verb = Callable[[Session, Person, Team], object]


@pytest.fixture
def people(database: Settings) -> dict[str, Person]:
    """A captain, a member and a stranger."""
    with db.transaction() as session:
        return {name: make_person(session, name=name) for name in ("captain", "member", "stranger")}


@pytest.fixture
def team(people: dict[str, Person]) -> Team:
    with db.transaction() as session:
        return make_team(session, people["captain"], (people["member"],), name="Harbour Mist")


def members(team: Team) -> set[int]:
    with db.reading() as session:
        return set(session.scalars(select(Membership.person_id).where(Membership.team_id == team.id)))


def test_whoever_forms_a_team_is_its_captain_and_only_member(people: dict[str, Person]) -> None:
    with db.transaction() as session:
        formed = service.form_team(session, people["captain"], "  雾港队 ", "CN", "中山大学")
    assert (formed.name, formed.country, formed.affiliation) == ("雾港队", "CN", "中山大学")
    assert formed.captain_id == people["captain"].id
    assert members(formed) == {people["captain"].id}


@pytest.mark.parametrize(
    "name", ["harbour mist", "Harbour  Mist", "ＨＡＲＢＯＵＲ Mist", "Harbour\u200bMist", "HarbourMist"]
)
def test_a_name_that_looks_like_anothers_is_taken(team: Team, people: dict[str, Person], name: str) -> None:
    with pytest.raises(Conflict, match="Choose another"), db.transaction() as session:
        service.form_team(session, people["stranger"], name, "CN")


@pytest.mark.parametrize("name", ["", "   ", "\u202e\u200b", "!?…", "x" * 61])
def test_a_name_that_cannot_be_one_is_refused(people: dict[str, Person], name: str) -> None:
    with pytest.raises(Invalid), db.transaction() as session:
        service.form_team(session, people["captain"], name, "CN")


@given(st.text(max_size=20), st.sampled_from([str.upper, str.lower, str.title, lambda name: f" {name} "]))
def test_case_and_space_make_no_other_name(name: str, change: Callable[[str], str]) -> None:
    plain = "".join(sign for sign in name if sign.isascii())
    assert essence(change(plain)) == essence(plain)


def test_a_free_name_is_found_beside_those_that_are_taken(team: Team) -> None:
    with db.transaction() as session:
        assert service.free_name(session, "Harbour Mist") == "Harbour Mist 2"
        assert service.free_name(session, "Harbour") == "Harbour"


def test_whoever_has_not_confirmed_forms_no_team(database: Settings) -> None:
    with db.transaction() as session:
        unconfirmed = make_person(session, confirmed_at=None)
    with pytest.raises(NotAllowed, match="Confirm"), db.transaction() as session:
        service.form_team(session, unconfirmed, "A team", "CN")


CAPTAINS: dict[str, Verb] = {
    "change": lambda session, person, team: service.change_team(
        session, person, team.id, name="Other", country="SG", affiliation=""
    ),
    "hand over": lambda session, person, team: service.hand_over(session, person, team.id, person.id),
    "remove": lambda session, person, team: service.remove_member(session, person, team.id, person.id),
    "invite": lambda session, person, team: inviting.invite(session, person, team.id),
    "revoke": lambda session, person, team: inviting.revoke(session, person, team.id, 1),
}


@pytest.mark.parametrize("verb", CAPTAINS)
@pytest.mark.parametrize(("role", "refusal"), [("member", NotAllowed), ("stranger", NotFound)])
def test_only_the_captain_may(
    people: dict[str, Person], team: Team, verb: str, role: str, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal), db.transaction() as session:
        CAPTAINS[verb](session, people[role], team)
    with db.reading() as session:
        row = session.get_one(Team, team.id)
        assert (row.name, row.captain_id) == ("Harbour Mist", people["captain"].id)
        assert session.scalar(select(func.count()).select_from(Invitation)) == 0
    assert len(members(team)) == 2


def test_the_captain_hands_over_removes_and_leaves(people: dict[str, Person], team: Team) -> None:
    captain, member = people["captain"], people["member"]
    with pytest.raises(Conflict, match="Hand the team over"), db.transaction() as session:
        service.leave(session, captain, team.id)
    with pytest.raises(NotFound), db.transaction() as session:
        service.hand_over(session, captain, team.id, people["stranger"].id)
    with db.transaction() as session:
        service.hand_over(session, captain, team.id, member.id)
    with pytest.raises(NotAllowed), db.transaction() as session:
        service.remove_member(session, captain, team.id, member.id)
    with pytest.raises(Conflict, match="cannot be removed"), db.transaction() as session:
        service.remove_member(session, member, team.id, member.id)
    with db.transaction() as session:
        service.remove_member(session, member, team.id, captain.id)
    assert members(team) == {member.id}


def test_the_last_member_dissolves_an_unused_team(people: dict[str, Person], team: Team) -> None:
    with db.transaction() as session:
        service.leave(session, people["member"], team.id)
    with db.transaction() as session:
        service.leave(session, people["captain"], team.id)
    with db.reading() as session:
        assert session.get(Team, team.id) is None


def test_a_link_lets_in_whoever_has_it_until_it_is_revoked(people: dict[str, Person], team: Team) -> None:
    with db.transaction() as session:
        secret = inviting.invite(session, people["captain"], team.id)
        extra = make_person(session)
    with db.transaction() as session:
        inviting.join(session, people["stranger"], secret)
        # Whoever is in it stays in it.
        inviting.join(session, people["member"], secret)
    assert members(team) == {person.id for person in people.values()}
    with db.transaction() as session:
        row = session.scalars(select(Invitation)).one()
        assert secret not in row.digest
        inviting.revoke(session, people["captain"], team.id, row.id)
    with pytest.raises(NotFound, match="no longer valid"), db.transaction() as session:
        inviting.join(session, extra, secret)


def test_an_invitation_by_mail_is_for_one_address_and_one_use(people: dict[str, Person], team: Team) -> None:
    with db.transaction() as session:
        invited = make_person(session, email="invited@example.org")
        secret = inviting.invite(session, people["captain"], team.id, "Invited@Example.org")
    with pytest.raises(NotAllowed, match="another address"), db.transaction() as session:
        inviting.join(session, people["stranger"], secret)
    with db.transaction() as session:
        inviting.join(session, invited, secret)
    with pytest.raises(NotFound), db.transaction() as session:
        inviting.show_invitation(session, secret)
    assert invited.id in members(team)


def test_a_link_ends_after_seven_days_and_a_forged_one_opens_nothing(
    people: dict[str, Person], team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.transaction() as session:
        secret = inviting.invite(session, people["captain"], team.id)
    for wrong in ("", "x", secret[:-1]):
        with pytest.raises(NotFound), db.transaction() as session:
            inviting.join(session, people["stranger"], wrong)
    later = db.now() + timedelta(days=7, seconds=1)
    monkeypatch.setattr(db, "now", lambda: later)
    with pytest.raises(NotFound), db.transaction() as session:
        inviting.join(session, people["stranger"], secret)


def test_whoever_has_not_confirmed_joins_nothing(people: dict[str, Person], team: Team) -> None:
    with db.transaction() as session:
        secret = inviting.invite(session, people["captain"], team.id)
        unconfirmed = make_person(session, confirmed_at=None)
    with pytest.raises(NotAllowed, match="Confirm"), db.transaction() as session:
        inviting.join(session, unconfirmed, secret)


def test_of_two_who_join_at_once_a_check_counts_one_after_the_other(
    both_databases: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def at_most_two(session: Session, team: Team, person: Person) -> None:
        inside = select(func.count()).where(Membership.team_id == team.id)
        if (session.scalar(inside) or 0) >= 2:
            raise Conflict("full")

    monkeypatch.setattr(inviting, "joining_checks", [at_most_two])
    with db.transaction() as session:
        captain = make_person(session)
        team = make_team(session, captain)
        joiners = [make_person(session) for _ in range(8)]
        secret = inviting.invite(session, captain, team.id)

    def join(person: Person) -> None:
        try:
            with db.transaction() as session:
                inviting.join(session, person, secret)
        except Conflict:
            pass

    threads = [threading.Thread(target=join, args=(person,)) for person in joiners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(members(team)) == 2


def test_of_two_who_take_a_name_at_once_one_gets_it(both_databases: Settings) -> None:
    with db.transaction() as session:
        people = [make_person(session) for _ in range(8)]
    refused: list[Refusal] = []

    def form(person: Person) -> None:
        try:
            with db.transaction() as session:
                service.form_team(session, person, "The one", "CN")
        except Refusal as refusal:
            refused.append(refusal)

    threads = [threading.Thread(target=form, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [type(refusal) for refusal in refused] == [Conflict] * 7


def test_the_whole_way_by_pages(app: APIFlask, people: dict[str, Person], sign_in: SignIn) -> None:
    captain, stranger = sign_in(people["captain"]), sign_in(people["stranger"])
    given = {"name": "云脑一队", "country": "CN", "affiliation": "鹏城实验室"}
    formed = captain.post("/teams/new", data=given)
    assert formed.status_code == 302
    assert "云脑一队" in captain.get("/teams").text
    page = captain.post(f"{formed.location}/invitations").text
    (link,) = re.findall(r"http://127\.0\.0\.1:8000(/join/[\w-]+)", page)
    assert "云脑一队" in app.test_client().get(link).text
    assert "云脑一队" in stranger.get(link).text
    assert stranger.get("/teams").text.count("云脑一队") == 0
    assert stranger.post(link).location == formed.location
    assert "云脑一队" in stranger.get("/teams").text
    assert stranger.post(f"{formed.location}/leave").location == "/teams"


def test_an_invitation_by_mail_reaches_its_address(
    app: APIFlask, team: Team, people: dict[str, Person], sign_in: SignIn
) -> None:
    captain = sign_in(people["captain"])
    answer = captain.post(f"/teams/{team.id}/invitations/mail", data={"email": "friend@example.org"})
    assert answer.status_code == 302
    (mail,) = app.extensions["mailman"].outbox
    assert mail.to == ["friend@example.org"]
    assert "/join/" in mail.body
    assert "Harbour Mist" in mail.subject


@pytest.mark.parametrize("role", ["member", "stranger", None])
def test_others_see_the_team_without_what_only_the_captain_may(
    client: FlaskClient, team: Team, people: dict[str, Person], sign_in: SignIn, role: str | None
) -> None:
    browser = sign_in(people[role]) if role else client
    page = browser.get(f"/teams/{team.id}", headers={"Accept-Language": "en"}).text
    assert "Harbour Mist" in page
    assert "captain" in page
    assert "Make a link" not in page
    assert "Make captain" not in page
    assert people["captain"].email not in page
    for path in (
        "invitations",
        "invitations/mail",
        "invitations/1/revoke",
        f"members/{people['member'].id}/remove",
    ):
        assert browser.post(f"/teams/{team.id}/{path}", data={"email": "x@example.org"}).status_code in {
            302,
            403,
            404,
        }
    assert len(members(team)) == 2
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Invitation)) == 0


def test_a_hostile_name_is_text(people: dict[str, Person], sign_in: SignIn) -> None:
    browser = sign_in(people["captain"])
    given = {
        "name": "<script>alert(1)</script>",
        "country": "CN",
        "affiliation": "<img src=x onerror=alert(1)>",
    }
    formed = browser.post("/teams/new", data=given)
    page = browser.get(formed.location).text
    assert "<script>alert" not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_page_comes_in_both_languages(
    team: Team, people: dict[str, Person], sign_in: SignIn, language: str
) -> None:
    browser = sign_in(people["captain"])
    for path in ("/teams", "/teams/new", f"/teams/{team.id}"):
        answer = browser.get(path, headers={"Accept-Language": language})
        assert answer.status_code == 200
        assert f'<html lang="{language}"' in answer.text
