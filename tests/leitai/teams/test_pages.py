"""The pages of teams: members, captains, visitors, and the way in."""

import re

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from leitai import db
from leitai.accounts.models import Person
from leitai.teams import inviting
from leitai.teams.models import Team
from tests.leitai.conftest import SignIn
from tests.leitai.factories import make_person, make_team

ENGLISH, CHINESE = {"Accept-Language": "en"}, {"Accept-Language": "zh-CN"}
# What only a captain may send.
CAPTAINS = ["", "/invitations", "/invitations/mail", "/invitations/1/revoke"]
NEW = {"name": "Night Owls", "country": "CN", "affiliation": "", "email": "a@example.org"}


@pytest.fixture
def people(database: object) -> tuple[Team, Person, Person, Person]:
    """A team, its captain, a member and a stranger."""
    with db.transaction() as session:
        captain = make_person(session, name="Captain Wang")
        member = make_person(session, name="Member Li", email="li@example.org")
        team = make_team(session, captain, (member,), name="Owls", affiliation="South University")
        return team, captain, member, make_person(session, name="Stranger")


def shown(client: FlaskClient, team: Team, headers: dict[str, str] = ENGLISH) -> str:
    return client.get(f"/teams/{team.id}", headers=headers).text


def main(page: str) -> str:
    """What the page says, without the form's keys and what stands on every page."""
    text = page.split("<main")[1]
    return re.sub(r'name="csrf_token" value="[^"]*"', "", text)


def test_a_team_is_formed_and_shown(sign_in: SignIn) -> None:
    with db.transaction() as session:
        person = make_person(session, country="SG")
    client = sign_in(person)
    assert "in no team yet" in client.get("/teams", headers=ENGLISH).text
    assert 'selected value="SG"' in client.get("/teams/new").text
    answer = client.post("/teams/new", data=NEW)
    assert answer.status_code == 302
    assert "Night Owls" in client.get(answer.location).text
    assert "Night Owls" in client.get("/teams").text


@pytest.mark.parametrize(
    ("wrong", "status", "says"),
    [
        ({"name": "OWLS"}, 409, "looks the same"),
        ({"name": "!!!"}, 400, "a letter or digit"),
        ({"country": ""}, 400, "Fill this in"),
        ({"country": "ZZ"}, 400, "Not a valid choice"),
    ],
)
def test_a_team_that_cannot_be_formed_keeps_what_was_written(
    people: tuple[Team, Person, Person, Person],
    sign_in: SignIn,
    wrong: dict[str, str],
    status: int,
    says: str,
) -> None:
    client = sign_in(people[3])
    answer = client.post("/teams/new", data={**NEW, "affiliation": "Kept", **wrong}, headers=ENGLISH)
    assert answer.status_code == status
    assert says in answer.text
    assert 'value="Kept"' in answer.text


def test_an_unconfirmed_person_is_told_what_to_do(sign_in: SignIn) -> None:
    with db.transaction() as session:
        person = make_person(session, confirmed_at=None)
    answer = sign_in(person).post("/teams/new", data=NEW, headers=ENGLISH)
    assert answer.status_code == 403
    assert "Confirm your e-mail address first" in answer.text


def test_everybody_sees_who_is_in_a_team_and_no_address(
    people: tuple[Team, Person, Person, Person], client: FlaskClient, sign_in: SignIn
) -> None:
    team, captain, member, stranger = people
    for reader in (client, sign_in(stranger), sign_in(member)):
        page = shown(reader, team)
        for text in ("Owls", "CN", "South University", captain.name, member.name):
            assert text in page
        assert captain.email not in page
        assert "Send an invitation" not in page
        assert "Make captain" not in page
    assert "Leave the team" not in shown(client, team)
    assert "Leave the team" in shown(sign_in(member), team)
    page = shown(sign_in(captain), team)
    for text in ("Send an invitation", "Make captain", "Remove", "Change the team"):
        assert text in page


@pytest.mark.parametrize("path", CAPTAINS)
def test_only_the_captain_changes_a_team(
    people: tuple[Team, Person, Person, Person], app: APIFlask, sign_in: SignIn, path: str
) -> None:
    team, captain, member, stranger = people
    with db.transaction() as session:
        inviting.invite(session, captain, team.id)
    reader = sign_in(captain)
    before = shown(reader, team)
    address = f"/teams/{team.id}{path}"
    assert app.test_client().post(address, data=NEW).location.startswith("/sign-in")
    assert sign_in(stranger).post(address, data=NEW).status_code == 404
    refused = sign_in(member).post(address, data=NEW, follow_redirects=True, headers=ENGLISH)
    assert "Only the captain" in refused.text
    assert main(shown(reader, team)) == main(before)
    assert app.extensions["mailman"].outbox == []


@pytest.mark.parametrize("verb", ["captain", "remove"])
def test_only_the_captain_decides_about_members(
    people: tuple[Team, Person, Person, Person], app: APIFlask, sign_in: SignIn, verb: str
) -> None:
    team, captain, member, stranger = people
    address = f"/teams/{team.id}/members/{member.id}/{verb}"
    assert app.test_client().post(address).location.startswith("/sign-in")
    assert sign_in(stranger).post(address).status_code == 404
    assert "Only the captain" in sign_in(member).post(address, follow_redirects=True, headers=ENGLISH).text
    assert "Make captain" in shown(sign_in(captain), team)
    sign_in(captain).post(address)
    assert "Make captain" not in shown(sign_in(captain), team)


def test_a_link_shows_the_team_before_anybody_joins(
    people: tuple[Team, Person, Person, Person], client: FlaskClient, sign_in: SignIn
) -> None:
    team, captain, _, stranger = people
    page = sign_in(captain).post(f"/teams/{team.id}/invitations", headers=ENGLISH).text
    found = re.search(r"https?://[^/]+(/join/[\w-]+)", page)
    assert found
    assert found[0] not in shown(sign_in(captain), team), "shown once"
    visitor = client.get(found[1], headers=ENGLISH).text
    assert "Owls" in visitor
    assert f"/sign-in?next={found[1]}" in visitor
    browser = sign_in(stranger)
    assert "Join the team" in browser.get(found[1], headers=ENGLISH).text
    assert "Stranger" not in shown(client, team)
    assert browser.post(found[1]).location == f"/teams/{team.id}"
    assert "Stranger" in shown(client, team)


def test_an_invitation_by_mail_reaches_its_address_alone(
    people: tuple[Team, Person, Person, Person], app: APIFlask, sign_in: SignIn
) -> None:
    team, captain, member, stranger = people
    path = f"/teams/{team.id}/invitations/mail"
    sign_in(captain).post(path, data={"email": stranger.email}, headers=ENGLISH)
    (mail,) = app.extensions["mailman"].outbox
    assert mail.to == [stranger.email]
    assert "Captain Wang invites you to the team Owls" in mail.body
    found = re.search(r"/join/\S+", mail.body)
    assert found
    other = sign_in(member).post(found[0], follow_redirects=True, headers=ENGLISH)
    assert "sent to another address" in other.text
    assert sign_in(stranger).post(found[0]).location == f"/teams/{team.id}"
    assert sign_in(stranger).get(found[0]).status_code == 404


def test_a_link_is_shown_when_the_mail_cannot_be_sent(
    people: tuple[Team, Person, Person, Person],
    sign_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    team, captain, *_ = people
    monkeypatch.setattr("leitai.web.mail.send", lambda *_: False)
    client = sign_in(captain)
    answer = client.post(
        f"/teams/{team.id}/invitations/mail", data={"email": "a@example.org"}, headers=ENGLISH
    )
    assert "could not be sent" in answer.text
    assert "/join/" in answer.text


def test_a_revoked_link_leads_nowhere(
    people: tuple[Team, Person, Person, Person], client: FlaskClient, sign_in: SignIn
) -> None:
    team, captain, *_ = people
    with db.transaction() as session:
        secret = inviting.invite(session, captain, team.id)
    browser = sign_in(captain)
    found = re.search(r"/teams/\d+/invitations/\d+/revoke", shown(browser, team))
    assert found
    browser.post(found[0])
    answer = client.get(f"/join/{secret}", headers=ENGLISH)
    assert answer.status_code == 404
    assert "no longer valid" in answer.text


def test_leaving_leads_to_ones_other_teams(
    people: tuple[Team, Person, Person, Person], sign_in: SignIn
) -> None:
    team, captain, member, _ = people
    assert sign_in(member).post(f"/teams/{team.id}/leave").location == "/teams"
    assert "Member Li" not in shown(sign_in(captain), team)
    assert sign_in(captain).post(f"/teams/{team.id}/leave").location == "/teams"
    assert sign_in(captain).get(f"/teams/{team.id}").status_code == 404


def test_a_captain_is_told_to_hand_over_before_leaving(
    people: tuple[Team, Person, Person, Person], sign_in: SignIn
) -> None:
    team, captain, *_ = people
    page = sign_in(captain).post(f"/teams/{team.id}/leave", follow_redirects=True, headers=ENGLISH)
    assert "Hand the team over to another member" in page.text


def test_no_form_is_taken_from_another_site(
    people: tuple[Team, Person, Person, Person], app: APIFlask, sign_in: SignIn
) -> None:
    team, captain, *_ = people
    with db.transaction() as session:
        secret = inviting.invite(session, captain, team.id)
    app.config["WTF_CSRF_ENABLED"] = True
    for path in (f"/join/{secret}", f"/teams/{team.id}/leave", f"/teams/{team.id}", "/teams/new"):
        assert sign_in(captain).post(path, data=NEW).status_code == 400


def test_invitations_are_not_sent_without_end(
    people: tuple[Team, Person, Person, Person], sign_in: SignIn
) -> None:
    team, captain, *_ = people
    client = sign_in(captain)
    path = f"/teams/{team.id}/invitations/mail"
    found = [client.post(path, data={"email": f"a{n}@example.org"}).status_code for n in range(11)]
    assert found == [302] * 10 + [429]


def test_the_pages_are_there_in_both_languages(
    people: tuple[Team, Person, Person, Person], sign_in: SignIn
) -> None:
    team, captain, *_ = people
    with db.transaction() as session:
        secret = inviting.invite(session, captain, team.id)
    client = sign_in(captain)
    for path, english, chinese in (
        ("/teams", "You are the captain", "你是队长"),
        ("/teams/new", "Form the team", "组建队伍"),
        (f"/teams/{team.id}", "Leave the team", "退出队伍"),
        (f"/join/{secret}", "Join the team", "加入队伍"),
    ):
        assert english in client.get(path, headers=ENGLISH).text
        assert chinese in client.get(path, headers=CHINESE).text


@pytest.mark.parametrize("path", ["/teams/99", "/teams/0", "/teams/99999999999999", "/join/x"])
def test_what_is_not_there_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404
