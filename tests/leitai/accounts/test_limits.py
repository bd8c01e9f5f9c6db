"""How often one may guess, and have mails sent."""

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from leitai import db
from tests.leitai.conftest import SignIn
from tests.leitai.factories import make_person


def statuses(client: FlaskClient, path: str, times: int, email: str = "a@example.org") -> list[int]:
    """What as many requests got; each comes from another address when the e-mail stays the same."""
    found = []
    for number in range(times):
        given = email.format(number)
        address = "10.0.0.1" if given != email else f"10.0.0.{number + 1}"
        data = {"email": given, "password": "not this sentence"}
        found.append(client.post(path, data=data, environ_base={"REMOTE_ADDR": address}).status_code)
    return found


@pytest.mark.parametrize(("path", "most"), [("/sign-in", 10), ("/sign-up", 6), ("/reset", 6)])
def test_one_e_mail_is_tried_so_often_from_wherever(client: FlaskClient, path: str, most: int) -> None:
    found = statuses(client, path, most + 1)
    assert found[-1] == 429
    assert 429 not in found[:-1]


@pytest.mark.parametrize(("path", "most"), [("/sign-in", 20), ("/sign-up", 6), ("/reset", 6)])
def test_one_address_tries_so_many_e_mails(client: FlaskClient, path: str, most: int) -> None:
    found = statuses(client, path, most + 1, "person{}@example.org")
    assert found[-1] == 429
    assert 429 not in found[:-1]


def test_who_tried_too_often_can_still_look_at_the_page(client: FlaskClient) -> None:
    statuses(client, "/reset", 7, "person{}@example.org")
    assert client.get("/reset", environ_base={"REMOTE_ADDR": "10.0.0.1"}).status_code == 200


def test_the_confirming_mail_is_sent_again_so_often(app: APIFlask, sign_in: SignIn) -> None:
    with db.transaction() as session:
        person = make_person(session, confirmed_at=None)
    client = sign_in(person)
    found = [
        client.post("/account/confirmation", environ_base={"REMOTE_ADDR": f"10.0.0.{n}"}).status_code
        for n in range(1, 8)
    ]
    assert found == [302] * 6 + [429]
    assert len(app.extensions["mailman"].outbox) == 6
