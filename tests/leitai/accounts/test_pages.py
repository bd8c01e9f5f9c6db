"""The pages of accounts: what a browser sees, and what it must not learn."""

import re
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from leitai import db
from leitai.accounts import links, service
from leitai.accounts.models import Person
from tests.leitai.accounts.mailbox import link, mails
from tests.leitai.conftest import SignIn
from tests.leitai.factories import make_person

PASSWORD = "a sentence as password"
# A form's token holds the second it was made in.
SIGNED = re.compile(r"[\w-]{20,}\.[\w-]+\.[\w-]+")
ENGLISH, CHINESE = {"Accept-Language": "en"}, {"Accept-Language": "zh-CN"}


def form(**values: str) -> dict[str, str]:
    return {"name": "Li", "email": "li@example.org", "password": PASSWORD, "country": "CN", **values}


def person_with(email: str = "wang@example.org", **values: Any) -> Person:
    with db.transaction() as session:
        given = {"name": "Wang", "password": PASSWORD, "country": "CN", "language": "en", "confirmed": True}
        person = service.create_person(session, email=email, **{**given, **values})
        assert person
        return person


def enter(client: FlaskClient, email: str = "wang@example.org", **values: str) -> Any:
    return client.post("/sign-in", data={"email": email, "password": PASSWORD, **values})


def who(client: FlaskClient) -> str:
    """The name of whoever the browser acts for."""
    answer = client.get("/account", headers=ENGLISH)
    return answer.text.split("<h1>")[1].split("<")[0] if answer.status_code == 200 else ""


def told(answer: Any) -> str:
    """The page without what differs by the second or by what was written."""
    return SIGNED.sub("", answer.text).replace("wang@", "newo@")


def test_from_signing_up_to_being_signed_in(app: APIFlask, client: FlaskClient) -> None:
    client.post("/sign-up", data=form(), headers=ENGLISH)
    path = link(app)
    assert "Confirm" in client.get(path).text
    with db.reading() as session:
        person = service.person_by_email(session, "li@example.org")
    assert person
    assert person.confirmed_at is None, "a mail scanner that opens the link confirms nothing"
    assert client.post(path).location == "/sign-in"
    assert enter(client, "li@example.org").status_code == 302
    assert who(client) == "Li"
    assert client.post(path).status_code == 400


def test_signing_up_tells_nobody_which_addresses_are_known(app: APIFlask, client: FlaskClient) -> None:
    person_with()
    known = client.post("/sign-up", data=form(email="wang@example.org"), headers=ENGLISH)
    new = client.post("/sign-up", data=form(email="newo@example.org"), headers=ENGLISH)
    assert known.status_code == new.status_code == 200
    assert told(known) == told(new)
    first, second = mails(app, 2)
    assert (first.to, second.to) == (["wang@example.org"], ["newo@example.org"])
    assert "have one already" in first.body
    assert "/confirm/" not in first.body


def test_a_reset_tells_nobody_which_addresses_are_known(app: APIFlask, client: FlaskClient) -> None:
    person_with()
    known = client.post("/reset", data={"email": "wang@example.org"}, headers=ENGLISH)
    unknown = client.post("/reset", data={"email": "newo@example.org"}, headers=ENGLISH)
    assert known.status_code == unknown.status_code == 200
    assert told(known) == told(unknown)
    assert [mail.to for mail in mails(app, 1)] == [["wang@example.org"]]


def test_signing_in_tells_nobody_which_addresses_are_known(client: FlaskClient) -> None:
    person_with()
    wrong = {"password": "not this sentence"}
    known, unknown = enter(client, "wang@example.org", **wrong), enter(client, "newo@example.org", **wrong)
    assert known.status_code == unknown.status_code == 403
    assert told(known) == told(unknown)
    assert who(client) == ""


def test_a_password_is_reset_by_mail(app: APIFlask, client: FlaskClient, sign_in: SignIn) -> None:
    elsewhere = sign_in(person_with())
    client.post("/reset", data={"email": "Wang@example.org"})
    path = link(app)
    assert client.get(path).status_code == 200
    assert client.post(path, data={"password": "short"}).status_code == 400
    assert client.post(path, data={"password": "a new sentence"}).location == "/sign-in"
    assert who(elsewhere) == "", "every browser is signed out"
    assert enter(client).status_code == 403
    assert enter(client, password="a new sentence").status_code == 302
    assert client.post(path, data={"password": "a third sentence"}).status_code == 400


@pytest.mark.parametrize("path", ["/confirm/forged.a.b", "/reset/forged.a.b"])
def test_a_link_that_opens_nothing_says_so_at_once(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers=ENGLISH)
    assert answer.status_code == 400
    assert "Ask for a new one" in answer.text
    assert 'type="password"' not in answer.text


def test_a_stale_confirming_link_offers_the_next_one(app: APIFlask, sign_in: SignIn) -> None:
    client = sign_in(person_with(confirmed=False))
    assert 'formaction="/account/confirmation"' in client.get("/confirm/forged.a.b").text
    client.post("/account/confirmation")
    path = link(app)
    assert client.post(path).status_code == 302
    used = client.get(path)
    assert used.status_code == 400
    assert "formaction" not in used.text, "the address is confirmed already"


def test_a_changed_password_signs_out_every_other_browser(app: APIFlask) -> None:
    person_with()
    here, remembered = app.test_client(), app.test_client()
    enter(here)
    enter(remembered, remember="y")
    remembered.delete_cookie("leitai")
    assert who(remembered) == "Wang"
    here.post("/account/password", data={"old": PASSWORD, "new": "a new sentence"})
    assert who(here) == "Wang"
    assert who(remembered) == ""
    remembered.delete_cookie("leitai")
    assert who(remembered) == ""


def test_only_who_wants_it_is_remembered(app: APIFlask) -> None:
    person_with()
    client = app.test_client()
    enter(client)
    assert client.get_cookie("remember_token") is None
    client.delete_cookie("leitai")
    assert who(client) == ""


def test_signing_out_needs_a_button(sign_in: SignIn) -> None:
    client = sign_in(person_with())
    assert client.get("/sign-out").status_code == 405
    client.post("/sign-out")
    assert who(client) == ""


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/a\r\nLocation: https://evil.example",
        "/\t/evil.example",
        " //evil.example",
        "evil.example",
    ],
)
def test_nobody_is_sent_elsewhere_after_signing_in(client: FlaskClient, wanted: str) -> None:
    person_with()
    answer = client.post(
        "/sign-in", query_string={"next": wanted}, data={"email": "wang@example.org", "password": PASSWORD}
    )
    assert answer.location == "/"
    assert client.get("/sign-in", query_string={"next": wanted}).location == "/"


def test_whoever_had_to_sign_in_comes_back(client: FlaskClient) -> None:
    person_with()
    asked = client.get("/teams?x=1")
    assert asked.status_code == 302
    page = client.get(asked.location)
    assert 'action="/sign-in?next=/teams?x%3D1"' in page.text.replace("%2F", "/").replace("%3F", "?")
    answer = client.post(asked.location, data={"email": "wang@example.org", "password": PASSWORD})
    assert answer.location == "/teams?x=1"


def test_after_signing_in_the_pages_are_in_the_persons_language(client: FlaskClient) -> None:
    person_with(language="zh")
    enter(client)
    assert 'lang="zh-CN"' in client.get("/account", headers=ENGLISH).text


def test_a_mail_is_in_the_language_of_whoever_gets_it(app: APIFlask, client: FlaskClient) -> None:
    person_with(language="zh")
    client.post("/reset", data={"email": "wang@example.org"}, headers=ENGLISH)
    assert mails(app, 1)[0].subject == "设置新密码"


def test_a_link_does_not_lead_where_the_request_says(app: APIFlask, client: FlaskClient) -> None:
    person_with()
    client.post("/reset", data={"email": "wang@example.org"}, headers={"Host": "evil.example"})
    assert "evil.example" not in mails(app, 1)[0].body


def test_the_profile_is_changed_and_its_language_used(sign_in: SignIn) -> None:
    client = sign_in(person_with())
    changed = {"name": "Wang Fang", "country": "SG", "language": "zh"}
    assert client.post("/account/profile", data=changed).status_code == 302
    page = client.get("/account", headers=ENGLISH).text
    assert "Wang Fang" in page
    assert "个人资料" in page
    assert '<option selected value="SG">新加坡</option>' in page


@pytest.mark.parametrize("wrong", [{"country": "XX"}, {"language": "fr"}, {"name": ""}, {"name": "\u200b"}])
def test_a_profile_that_cannot_be_taken_keeps_what_was_written(
    sign_in: SignIn, wrong: dict[str, str]
) -> None:
    client = sign_in(person_with())
    data = {"name": "Another", "country": "SG", "language": "en", **wrong}
    assert client.post("/account/profile", data=data).status_code == 400
    assert who(client) == "Wang"


def test_an_unconfirmed_person_can_have_the_mail_again(app: APIFlask, sign_in: SignIn) -> None:
    client = sign_in(person_with(confirmed=False))
    assert "not confirmed yet" in client.get("/account", headers=ENGLISH).text
    client.post("/account/confirmation")
    client.post(link(app))
    client.post("/account/confirmation")
    assert len(mails(app, 1)) == 1, "who is confirmed gets no other"


def test_a_token_is_shown_once_listed_and_revoked(sign_in: SignIn, client: FlaskClient) -> None:
    browser = sign_in(person_with())
    page = browser.post("/account/tokens", data={"token_name": "night runs"}, headers=ENGLISH).text
    secret = page.split('<pre id="secret">')[1].split("<")[0]
    listed = browser.get("/account", headers=ENGLISH).text
    assert "night runs" in listed
    assert secret not in listed
    program = {"Authorization": f"Bearer {secret}"}
    assert client.get("/api/v1/me", headers=program).status_code == 200
    path = listed.split('action="/account/tokens/')[1].split('"')[0]
    assert browser.post(f"/account/tokens/{path}").status_code == 302
    assert client.get("/api/v1/me", headers=program).status_code == 401


def test_the_token_of_another_looks_like_none(sign_in: SignIn) -> None:
    person, other = person_with(), person_with("other@example.org")
    with db.transaction() as session:
        service.make_token(session, person, "laptop")
        (token,) = service.tokens_of(session, person)
    answers = [sign_in(other).post(f"/account/tokens/{number}/revoke") for number in (token.id, 99)]
    assert [answer.status_code for answer in answers] == [404, 404]


@pytest.mark.parametrize("path", ["/account", "/teams", "/teams/new"])
def test_a_page_of_ones_own_asks_to_sign_in(client: FlaskClient, path: str) -> None:
    assert client.get(path).location == f"/sign-in?next={path}"


@pytest.mark.parametrize("path", ["profile", "password", "tokens", "tokens/1/revoke", "confirmation"])
def test_what_changes_an_account_asks_to_sign_in(client: FlaskClient, path: str) -> None:
    assert client.post(f"/account/{path}").location.startswith("/sign-in")


def test_no_form_is_taken_from_another_site(app: APIFlask, sign_in: SignIn) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    client = sign_in(person_with())
    for path in ("/sign-out", "/sign-in", "/account/profile", "/account/tokens", "/account/password"):
        assert client.post(path).status_code == 400
    assert who(client) == "Wang"


def test_the_pages_are_there_in_both_languages(client: FlaskClient, sign_in: SignIn) -> None:
    with db.transaction() as session:
        person = make_person(session, name="王芳", language="")
    own = sign_in(person)
    for path, english, chinese in (
        ("/sign-in", "Forgot the password?", "忘记密码？"),
        ("/sign-up", "Country or region", "国家或地区"),
        ("/reset", "Send the link", "发送链接"),
        ("/reset/x", "Ask for a new link", "重新获取链接"),
        (f"/reset/{links.token(links.RESET, person)}", "New password", "新密码"),
        ("/confirm/x", "Confirm your e-mail address", "确认邮箱"),
    ):
        assert english in client.get(path, headers=ENGLISH).text
        assert chinese in client.get(path, headers=CHINESE).text
    assert "Last used" not in own.get("/account", headers=ENGLISH).text
    assert "生成令牌" in own.get("/account", headers=CHINESE).text
