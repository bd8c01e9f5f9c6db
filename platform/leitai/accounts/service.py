"""The verbs of accounts: sign up, confirm, sign in, change, reset; tokens."""

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Sequence
from datetime import timedelta

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from leitai import db
from leitai.accounts import links, passwords
from leitai.accounts.models import Person, Token
from leitai.errors import N_, Conflict, Invalid, NotAllowed, NotFound

UNCONFIRMED = N_("Confirm your e-mail address first: open the link in our mail, or have it sent again.")
WRONG = N_("E-mail or password is wrong.")
SHORT = N_("A password has at least %(least)s characters.")
NO_ADDRESS = N_("This is no e-mail address that mail can be sent to.")
NO_NAME = N_("Write a name of 1 to %(most)s characters.")
NAME_LONGEST = 80
TOKEN_SEEN = timedelta(minutes=1)
# Direction marks and control characters would let one name pass for another.
UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    r"\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0]"
)


def create_person(
    session: Session,
    *,
    email: str,
    name: str,
    password: str,
    country: str = "",
    language: str = "",
    confirmed: bool = False,
) -> Person | None:
    """Make an account; None when the address has one already.

    Raises:
        Invalid: the address, the name or the password cannot be taken.
    """
    address, shown = clean_email(email), clean_name(name)
    require_password(password)
    kept = passwords.hashed(password)
    if person_by_email(session, address) is not None:
        return None
    person = Person(
        email=address,
        name=shown,
        password_hash=kept,
        country=country,
        language=language,
        session_key=secrets.token_urlsafe(32),
        confirmed_at=db.now() if confirmed else None,
    )
    try:
        with session.begin_nested():
            session.add(person)
    except IntegrityError:
        # Sent twice, the other request was first.
        return None
    return person


def operators(session: Session) -> Sequence[Person]:
    """Who runs the machines, by their addresses."""
    return session.scalars(select(Person).where(Person.is_operator).order_by(Person.email)).all()


def make_operator(session: Session, email: str) -> Person:
    """Let a person run the machines; for whoever has the machine's command line.

    Raises:
        NotFound: nobody has this address.
        Conflict: whoever signed up with it has not shown that it is theirs.
    """
    person = _person_of(session, email)
    if person.confirmed_at is None:
        raise Conflict(
            N_("The address %(email)s is not confirmed: its owner has a link for it by mail."), email=email
        )
    person.is_operator = True
    return person


def dismiss_operator(session: Session, email: str) -> Person:
    """Let a person run the machines no longer.

    Raises:
        NotFound: nobody has this address.
    """
    person = _person_of(session, email)
    person.is_operator = False
    return person


def _person_of(session: Session, email: str) -> Person:
    person = person_by_email(session, email)
    if person is None:
        raise NotFound(N_("Nobody has an account with the address %(email)s."), email=email)
    return person


def person_by_email(session: Session, email: str) -> Person | None:
    """Whose address it is, in whatever case it is written."""
    return session.scalar(select(Person).where(Person.email == email.strip().lower()))


def confirm(session: Session, token: str) -> Person:
    """Take note that a link reached its address.

    Raises:
        Invalid: the link is forged, too old or used.
    """
    person = links.person_of(session, links.CONFIRM, token)
    person.confirmed_at = db.now()
    return person


def authenticate(session: Session, email: str, password: str) -> Person:
    """Find whose e-mail and password these are; it takes the same time whether the address is known or not.

    Raises:
        NotAllowed: nobody's.
    """
    person = person_by_email(session, email)
    if person is None:
        passwords.waste_time(password)
        raise NotAllowed(WRONG)
    if not passwords.matches(person.password_hash, password):
        raise NotAllowed(WRONG)
    return person


def renew_hash(session: Session, person: Person, password: str) -> None:
    """Hash a password that was just checked at the present setting; one changed meanwhile stays."""
    kept = passwords.hashed(password)
    unchanged = (Person.id == person.id) & (Person.password_hash == person.password_hash)
    session.execute(update(Person).where(unchanged).values(password_hash=kept))


def change_password(session: Session, person: Person, old: str, new: str) -> Person:
    """Set another password; every browser is signed out, and the row with the new key is returned.

    Raises:
        NotAllowed: the old one is wrong.
        Invalid: the new one cannot be taken.
    """
    row = session.get_one(Person, person.id, with_for_update=True)
    if not passwords.matches(row.password_hash, old):
        raise NotAllowed(N_("The present password is wrong."))
    return _set_password(row, new)


def reset_password(session: Session, token: str, new: str) -> Person:
    """Set another password by a link. The link reached the address, so the address is confirmed with it.

    Raises:
        Invalid: the link is forged, too old or used, or the password cannot be taken.
    """
    person = links.person_of(session, links.RESET, token)
    person.confirmed_at = person.confirmed_at or db.now()
    return _set_password(person, new)


def _set_password(person: Person, new: str) -> Person:
    require_password(new)
    person.password_hash = passwords.hashed(new)
    person.session_key = secrets.token_urlsafe(32)
    return person


def change_profile(session: Session, person: Person, *, name: str, country: str, language: str) -> Person:
    """Change what others see, and the language of mails.

    Raises:
        Invalid: the name cannot be taken.
    """
    row = session.get_one(Person, person.id)
    row.name, row.country, row.language = clean_name(name), country, language
    return row


def require_confirmed(person: Person) -> None:
    """Let only people act whose address is known to be theirs.

    Raises:
        NotAllowed: it is not.
    """
    if person.confirmed_at is None:
        raise NotAllowed(UNCONFIRMED)


def make_token(session: Session, person: Person, name: str) -> str:
    """Make a token and return it; it is never shown again, for only its digest is kept.

    Raises:
        NotAllowed: the address is not confirmed.
        Invalid: the name cannot be taken.
    """
    require_confirmed(person)
    secret = f"leitai_{secrets.token_urlsafe(32)}"
    session.add(Token(person_id=person.id, name=clean_name(name), digest=_digest(secret)))
    session.flush()
    return secret


def revoke_token(session: Session, person: Person, token_id: int) -> None:
    """Let a token open nothing any more.

    Raises:
        NotFound: it is not this person's.
    """
    token = session.get(Token, token_id)
    if token is None or token.person_id != person.id:
        raise NotFound(N_("You have no such token."))
    token.revoked_at = token.revoked_at or db.now()


def tokens_of(session: Session, person: Person) -> list[Token]:
    """The tokens that still open something, newest first."""
    mine = select(Token).where(Token.person_id == person.id, Token.revoked_at.is_(None))
    return list(session.scalars(mine.order_by(Token.id.desc())))


# Made once, for every request of a program asks.
_valid = (
    select(Token)
    .where(Token.digest == bindparam("digest"), Token.revoked_at.is_(None))
    .options(joinedload(Token.person))
)


def owner_of_token(secret: str) -> Person | None:
    """Whose token it is. Its use is noted once a minute at most, so that reading requests seldom write."""
    with db.reading() as session:
        token = session.scalar(_valid, {"digest": _digest(secret)})
    if token is None:
        return None
    if token.last_used_at is None or db.now() - token.last_used_at > TOKEN_SEEN:
        with db.transaction() as session:
            session.execute(update(Token).where(Token.id == token.id).values(last_used_at=db.now()))
    return token.person


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def clean_email(email: str) -> str:
    """The address in lower case.

    Raises:
        Invalid: mail cannot be sent to it.
    """
    try:
        # The mail server finds out whether the domain exists; test domains are for tests and demos.
        found = validate_email(email, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise Invalid(NO_ADDRESS) from None
    return found.normalized.lower()


def clean_name(name: str) -> str:
    """The name without what cannot be seen, in one line.

    Raises:
        Invalid: nothing is left, or too much.
    """
    shown = " ".join(UNSEEN.sub(" ", unicodedata.normalize("NFC", name)).split())
    if not 0 < len(shown) <= NAME_LONGEST:
        raise Invalid(NO_NAME, most=NAME_LONGEST)
    return shown


def require_password(password: str) -> None:
    """Refuse what is quickly guessed.

    Raises:
        Invalid: too short, or too long to be hashed for everybody who asks.
    """
    if not passwords.SHORTEST <= len(password) <= passwords.LONGEST:
        raise Invalid(SHORT, least=passwords.SHORTEST)
