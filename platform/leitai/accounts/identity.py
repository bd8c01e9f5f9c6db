"""Who asks: a person signed in by cookie on pages, the owner of a token at the API, or nobody."""

from datetime import timedelta

from apiflask import APIFlask, HTTPTokenAuth
from flask import g, request
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from leitai import db
from leitai.accounts import service
from leitai.accounts.models import Person
from leitai.errors import N_, SignInNeeded

SIGN_IN = N_("Sign in first. Programs send a token: Authorization: Bearer …")
REMEMBERED = timedelta(days=30)

token_auth = HTTPTokenAuth("Bearer", description="A token from your account page.")


class Visitor(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """What Flask-Login keeps in the cookie: the number and the session key, so that a new key signs out."""

    def __init__(self, person: Person) -> None:
        self.person = person

    def get_id(self) -> str:
        """Number and key."""
        return f"{self.person.id}.{self.person.session_key}"


def install(app: APIFlask) -> None:
    """Set Flask-Login up."""
    manager = LoginManager(app)
    manager.session_protection = None
    manager.user_loader(_load)
    app.config.update(
        REMEMBER_COOKIE_DURATION=REMEMBERED,
        REMEMBER_COOKIE_HTTPONLY=True,
        REMEMBER_COOKIE_SAMESITE="Lax",
        REMEMBER_COOKIE_SECURE=app.config["SESSION_COOKIE_SECURE"],
    )


def sign_in(person: Person, *, remember: bool = False) -> None:
    """Let this browser act for the person."""
    login_user(Visitor(person), remember=remember)


def sign_out() -> None:
    """Forget who it was."""
    logout_user()


def current_person() -> Person | None:
    """Who asks; at the API only a token says so, never a cookie."""
    if request.path.startswith("/api/"):
        owner: Person | None = g.get("token_owner")
        return owner
    return current_user.person if current_user.is_authenticated else None


def require_person() -> Person:
    """Who asks.

    Raises:
        SignInNeeded: nobody is signed in.
    """
    person = current_person()
    if person is None:
        raise SignInNeeded(SIGN_IN)
    return person


@token_auth.verify_token  # type: ignore[untyped-decorator]  # Flask-HTTPAuth has no types
def _verify(given: str) -> Person | None:
    g.token_owner = service.owner_of_token(given) if given else None
    owner: Person | None = g.token_owner
    return owner


@token_auth.error_processor  # type: ignore[arg-type]  # it raises, and answers nothing
def _refuse(error: object) -> None:  # noqa: ARG001 APIFlask's signature
    raise SignInNeeded(SIGN_IN)


def _load(kept: str) -> Visitor | None:
    number, _, key = kept.partition(".")
    if not number.isdigit():
        return None
    with db.reading() as session:
        person = session.get(Person, int(number))
    return Visitor(person) if person is not None and person.session_key == key else None
