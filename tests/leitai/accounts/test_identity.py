"""Who a browser acts for."""

from collections.abc import Callable

import pytest
from apiflask import APIFlask
from argon2 import PasswordHasher
from flask.testing import FlaskClient

from leitai import db
from leitai.accounts import passwords, service
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


PASSWORD = "a sentence that is long"


def weakly(password: str) -> str:
    return PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(password)


def kept(person: Person) -> str:
    with db.reading() as session:
        return session.get_one(Person, person.id).password_hash


def test_a_hash_of_an_earlier_setting_is_renewed_when_its_owner_signs_in(app: APIFlask) -> None:
    with db.transaction() as session:
        person = make_person(session, password_hash=weakly(PASSWORD))
    given, before = {"email": person.email, "password": PASSWORD}, person.password_hash
    here, there = app.test_client(), app.test_client()
    assert here.post("/sign-in", data=given).status_code == 302
    renewed = kept(person)
    assert renewed != before
    assert there.post("/sign-in", data=given).status_code == 302
    assert kept(person) == renewed
    assert here.get("/account").status_code == 200, "the password is the same, so nobody is signed out"


def test_a_password_changed_meanwhile_is_not_set_back(both_databases: Settings) -> None:
    with db.transaction() as session:
        person = make_person(session, password_hash=weakly(PASSWORD))
    with db.transaction() as session:
        session.get_one(Person, person.id).password_hash = changed = weakly("another sentence")
    with db.transaction() as session:
        service.renew_hash(session, person, PASSWORD)
    assert kept(person) == changed


def test_signing_in_waits_for_nobody_who_writes(client: FlaskClient) -> None:
    with db.transaction() as session:
        person = make_person(session, password_hash=passwords.hashed(PASSWORD))
    with db.transaction() as session:
        make_person(session)
        given = {"email": person.email, "password": PASSWORD}
        assert client.post("/sign-in", data=given).status_code == 302
