"""Who a token belongs to, and that nothing else opens the API."""

import pytest
from flask.testing import FlaskClient

from leitai import db
from leitai.accounts import service
from tests.leitai.conftest import SignIn
from tests.leitai.factories import make_person


def test_a_token_tells_whose_it_is(client: FlaskClient) -> None:
    with db.transaction() as session:
        person = make_person(session, name="Wang", email="wang@example.org", country="CN", language="zh")
        secret = service.make_token(session, person, "laptop")
    answer = client.get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"})
    assert answer.json == {
        "name": "Wang",
        "email": "wang@example.org",
        "country": "CN",
        "language": "zh",
        "confirmed": True,
    }


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer leitai_x", "Basic eDp5", "leitai_x"])
def test_without_a_valid_token_nobody_is_answered(client: FlaskClient, header: str) -> None:
    answer = client.get("/api/v1/me", headers={"Authorization": header} if header else {})
    assert answer.status_code == 401
    assert answer.json["error"]["code"] == "sign_in_needed"


def test_a_cookie_does_not_open_the_api(sign_in: SignIn) -> None:
    with db.transaction() as session:
        person = make_person(session)
    client = sign_in(person)
    assert client.get("/account").status_code == 200
    assert client.get("/api/v1/me").status_code == 401


def test_a_token_opens_no_page(client: FlaskClient) -> None:
    with db.transaction() as session:
        secret = service.make_token(session, make_person(session), "laptop")
    assert client.get("/account", headers={"Authorization": f"Bearer {secret}"}).status_code == 302
