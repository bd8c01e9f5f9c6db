"""Who a browser acts for."""

from collections.abc import Callable

import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient

from leitai import db
from leitai.accounts import service
from leitai.accounts.models import Person
from leitai.settings import Settings
from tests.leitai.factories import make_person

SignIn = Callable[..., FlaskClient]


@pytest.mark.parametrize("forged", ["{id}.", "{id}.wrong", "0.{key}", "{key}", "-{id}.{key}", ""])
def test_a_cookie_that_names_another_key_signs_nobody_in(client: FlaskClient, forged: str) -> None:
    with db.transaction() as session:
        person = make_person(session)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = forged.format(id=person.id, key=person.session_key)
    assert client.get("/account").status_code == 302


def test_a_hash_of_an_earlier_setting_is_renewed_when_its_owner_signs_in(database: Settings) -> None:
    password = "a sentence that is long"
    weak = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(password)
    with db.transaction() as session:
        person = make_person(session, password_hash=weak)
    with db.transaction() as session:
        service.authenticate(session, person.email, password)
    with db.transaction() as session:
        renewed = session.get_one(Person, person.id).password_hash
        assert renewed != weak
        service.authenticate(session, person.email, password)
        assert session.get_one(Person, person.id).password_hash == renewed
