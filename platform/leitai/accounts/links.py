"""Links that go out by mail: signed, for one purpose, for a time, and for one state of the account."""

from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy.orm import Session

from leitai.accounts.models import Person
from leitai.errors import N_, Invalid
from leitai.settings import load_settings

CONFIRM, RESET = "confirm", "reset"
VALID_S = {CONFIRM: 3 * 86_400, RESET: 3600}
STALE = N_("This link is no longer valid: it was used already, or it is too old. Ask for a new one.")


def token(purpose: str, person: Person) -> str:
    """What stands in the link. It dies when the address is confirmed or the password changes."""
    return _signer(purpose).dumps([person.id, _state(purpose, person)])


def person_of(session: Session, purpose: str, given: str) -> Person:
    """Whose link it is.

    Raises:
        Invalid: forged, too old, or used.
    """
    try:
        number, state = _signer(purpose).loads(given, max_age=VALID_S[purpose])
    except (BadSignature, ValueError, TypeError):
        raise Invalid(STALE) from None
    person = session.get(Person, number, with_for_update=True)
    if person is None or _state(purpose, person) != state:
        raise Invalid(STALE)
    return person


def _state(purpose: str, person: Person) -> str:
    if purpose == CONFIRM:
        return f"{person.email} {person.confirmed_at is not None}"
    return person.session_key


def _signer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(load_settings().secret_key.get_secret_value(), salt=f"leitai {purpose}")
