"""Organizers and judges, named by e-mail in a bundle; each must have an account."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from leitai.accounts.models import Person
from leitai.competitions.bundle.errors import Problem
from leitai.competitions.changes import Change

REMEDY = "Let them sign up on the portal first, or correct the address."


def find_people(
    session: Session, emails: Sequence[str], file: str, key: str
) -> tuple[list[Person], list[Problem]]:
    """The accounts with these addresses, and a problem for each address without one."""
    found = {
        person.email: person for person in session.scalars(select(Person).where(Person.email.in_(emails)))
    }
    problems = [
        Problem(file, f"{key}[{number}]", f"{email} has no account here.", REMEDY)
        for number, email in enumerate(emails)
        if email not in found
    ]
    return list(found.values()), problems


def replace_people(present: list[Person], wanted: Sequence[Person], what: str, of: str) -> list[Change]:
    """Let the list hold those wanted and nobody else."""
    gone = [person for person in present if person not in wanted]
    new = [person for person in wanted if person not in present]
    for person in gone:
        present.remove(person)
    present.extend(new)
    return [
        *(Change("created", what, f"{of}/{person.email}") for person in new),
        *(Change("removed", what, f"{of}/{person.email}") for person in gone),
    ]
