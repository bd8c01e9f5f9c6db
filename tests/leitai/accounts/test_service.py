"""The verbs of accounts, on both databases."""

import secrets
import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from leitai import db
from leitai.accounts import links, passwords, service
from leitai.accounts.models import Person, Token
from leitai.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.leitai.factories import make_person

PASSWORD = "a sentence as password"


def signed_up(email: str = "wang@example.org", *, confirmed: bool = True) -> Person:
    with db.transaction() as session:
        person = service.create_person(
            session, email=email, name="Wang", password=PASSWORD, confirmed=confirmed
        )
        assert person
        return person


def again(person: Person) -> Person:
    with db.reading() as session:
        return session.get_one(Person, person.id)


def test_an_address_has_one_account_in_whatever_case_it_is_written(both_databases: object) -> None:
    signed_up("Wang@Example.org")
    with db.transaction() as session:
        second = service.create_person(session, email="wang@EXAMPLE.org", name="W", password=PASSWORD)
        assert second is None
        assert session.scalar(select(func.count(Person.id))) == 1


def test_two_who_sign_up_at_once_with_one_address_make_one_account(both_databases: object) -> None:
    barrier, made = threading.Barrier(2), []

    def sign_up() -> None:
        barrier.wait(10)
        with db.transaction() as session:
            found = service.create_person(session, email="one@example.org", name="One", password=PASSWORD)
        made.append(found is not None)

    threads = [threading.Thread(target=sign_up) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(made) == [False, True]


@pytest.mark.parametrize("email", ["", "wang", "wang@", "a@b@c.org", "wang@example.org\nBcc: x@example.org"])
def test_what_is_no_address_is_refused(database: object, email: str) -> None:
    with db.transaction() as session, pytest.raises(Invalid):
        service.create_person(session, email=email, name="Wang", password=PASSWORD)


@pytest.mark.parametrize("name", ["", "  ", "\u200b\u202e", "\u3164", "\u00ad\ufe0f", "x" * 81])
def test_a_name_that_nobody_can_read_is_refused(database: object, name: str) -> None:
    with pytest.raises(Invalid):
        service.clean_name(name)


def test_a_name_loses_what_cannot_be_seen(database: object) -> None:
    assert service.clean_name(" Li\u200b \u202eMing\n") == "Li Ming"


@pytest.mark.parametrize("length", [0, passwords.SHORTEST - 1, passwords.LONGEST + 1])
def test_a_password_that_is_too_short_or_too_long_is_refused(database: object, length: int) -> None:
    with db.transaction() as session, pytest.raises(Invalid):
        service.create_person(session, email="a@example.org", name="A", password="x" * length)


def test_the_password_itself_is_not_kept(database: object) -> None:
    person = signed_up()
    assert person.password_hash.startswith("$argon2id$")
    assert PASSWORD not in person.password_hash


def test_only_the_right_password_signs_in(both_databases: object) -> None:
    person = signed_up()
    with db.transaction() as session:
        assert service.authenticate(session, " WANG@example.org ", PASSWORD).id == person.id
        for email, password in (("wang@example.org", "another sentence"), ("nobody@example.org", PASSWORD)):
            with pytest.raises(NotAllowed, match="E-mail or password is wrong"):
                service.authenticate(session, email, password)


def test_a_link_confirms_once(both_databases: object) -> None:
    person = signed_up(confirmed=False)
    token = links.token(links.CONFIRM, person)
    with db.transaction() as session:
        service.confirm(session, token)
    assert again(person).confirmed_at
    with db.transaction() as session, pytest.raises(Invalid, match="no longer valid"):
        service.confirm(session, token)


def test_a_link_sets_one_password_once_and_signs_out(both_databases: object) -> None:
    person = signed_up(confirmed=False)
    token = links.token(links.RESET, person)
    with db.transaction() as session:
        changed = service.reset_password(session, token, "a new sentence")
    assert changed.session_key != person.session_key
    assert changed.confirmed_at, "the link reached the address"
    with db.transaction() as session, pytest.raises(Invalid, match="no longer valid"):
        service.reset_password(session, token, "a third sentence")


def test_a_link_dies_when_the_password_changes_another_way(database: object) -> None:
    person = signed_up()
    token = links.token(links.RESET, person)
    with db.transaction() as session:
        service.change_password(session, person, PASSWORD, "a new sentence")
    with db.transaction() as session, pytest.raises(Invalid):
        service.reset_password(session, token, "a third sentence")


@pytest.mark.parametrize("purpose", [links.CONFIRM, links.RESET])
def test_a_link_that_is_too_old_opens_nothing(
    database: object, purpose: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = links.token(purpose, signed_up(confirmed=False))
    monkeypatch.setitem(links.VALID_S, purpose, -1)
    with db.transaction() as session, pytest.raises(Invalid, match="too old"):
        links.person_of(session, purpose, token)


@pytest.mark.parametrize("forged", ["", "x", "WzEsIiJd.x.y", "." * 300, "\u4f60"])
def test_a_forged_link_opens_nothing(database: object, forged: str) -> None:
    signed_up(confirmed=False)
    with db.transaction() as session, pytest.raises(Invalid):
        links.person_of(session, links.RESET, forged)


def test_a_link_for_one_purpose_is_none_for_another(database: object) -> None:
    token = links.token(links.CONFIRM, signed_up(confirmed=False))
    with db.transaction() as session, pytest.raises(Invalid):
        service.reset_password(session, token, "a new sentence")


def test_whoever_does_not_know_the_present_password_cannot_change_it(database: object) -> None:
    person = signed_up()
    with db.transaction() as session, pytest.raises(NotAllowed):
        service.change_password(session, person, "not this one", "a new sentence")
    assert again(person).password_hash == person.password_hash


def test_a_token_is_shown_once_and_only_its_digest_is_kept(both_databases: object) -> None:
    person = signed_up()
    with db.transaction() as session:
        secret = service.make_token(session, person, "laptop")
    with db.reading() as session:
        (kept,) = service.tokens_of(session, person)
    assert secret.startswith("leitai_")
    assert secret not in vars(kept).values()
    owner = service.owner_of_token(secret)
    assert owner
    assert owner.id == person.id


def test_the_last_use_of_a_token_is_noted_once_a_minute(
    database: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, start = signed_up(), db.now()
    with db.transaction() as session:
        secret = service.make_token(session, person, "laptop")
    seen = []
    for later in (0, 30, 61):
        moment = start + timedelta(seconds=later)
        monkeypatch.setattr(db, "now", lambda moment=moment: moment)
        service.owner_of_token(secret)
        with db.reading() as session:
            seen.append(session.scalars(select(Token.last_used_at)).one())
    assert seen == [start, start, start + timedelta(seconds=61)]


def test_a_revoked_token_opens_nothing(both_databases: object) -> None:
    person = signed_up()
    with db.transaction() as session:
        secret = service.make_token(session, person, "laptop")
        (token,) = service.tokens_of(session, person)
        service.revoke_token(session, person, token.id)
        assert service.tokens_of(session, person) == []
    assert service.owner_of_token(secret) is None


def test_nobody_revokes_the_token_of_another(database: object) -> None:
    person, other = signed_up(), signed_up("other@example.org")
    with db.transaction() as session:
        secret = service.make_token(session, person, "laptop")
        (token,) = service.tokens_of(session, person)
        with pytest.raises(NotFound):
            service.revoke_token(session, other, token.id)
    assert service.owner_of_token(secret)


def test_an_unconfirmed_person_gets_no_token(database: object) -> None:
    with db.transaction() as session, pytest.raises(NotAllowed, match="Confirm your e-mail"):
        service.make_token(session, make_person(session, confirmed_at=None), "laptop")


def test_a_token_that_was_guessed_opens_nothing(database: object) -> None:
    for guess in ("", "leitai_", f"leitai_{secrets.token_urlsafe(32)}"):
        assert service.owner_of_token(guess) is None


def test_only_a_known_address_becomes_an_operators(database: object) -> None:
    person = signed_up()
    with db.transaction() as session:
        assert service.make_operator(session, "WANG@example.org").is_operator
        with pytest.raises(NotFound):
            service.make_operator(session, "nobody@example.org")
    assert again(person).is_operator


def test_whoever_has_not_confirmed_an_address_does_not_become_the_operator_that_is_meant(
    database: object,
) -> None:
    person = signed_up(confirmed=False)
    with db.transaction() as session, pytest.raises(Conflict, match="is not confirmed"):
        service.make_operator(session, person.email)
    assert not again(person).is_operator
