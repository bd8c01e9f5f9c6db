"""Each role reaches as far as it says, and no role stands for another."""

from collections.abc import Callable

import pytest

from leitai import db
from leitai.accounts.models import Person
from leitai.competitions.models import Task
from leitai.competitions.roles import (
    is_judge,
    is_organizer,
    require_judge,
    require_operator,
    require_organizer,
)
from leitai.errors import NotAllowed
from tests.leitai.factories import make_competition, make_person, make_task

Require = Callable[[Person | None, Task], None]


def organizer(person: Person | None, task: Task) -> None:
    with db.reading() as session:
        require_organizer(session, person, task)


def judge(person: Person | None, task: Task) -> None:
    with db.reading() as session:
        require_judge(session, person, task)


def operator(person: Person | None, task: Task) -> None:
    require_operator(person)


@pytest.fixture
def task(database: object) -> Task:
    with db.transaction() as session:
        people = {
            name: make_person(session, email=f"{name}@demo.example", is_operator=name == "operator")
            for name in ("organizer", "judge", "operator", "somebody", "other-organizer", "other-judge")
        }
        competition = make_competition(session, (people["organizer"],))
        make_competition(session, (people["other-organizer"],))
        make_task(session, competition, (people["other-judge"],))
        return make_task(session, competition, (people["judge"],))


def person(name: str) -> Person | None:
    with db.reading() as session:
        return session.query(Person).filter_by(email=f"{name}@demo.example").one_or_none()


ALLOWED = {"organizer": organizer, "judge": judge, "operator": operator}
EVERYBODY = ["nobody", "somebody", "organizer", "judge", "operator", "other-organizer", "other-judge"]


@pytest.mark.parametrize(("role", "require"), ALLOWED.items())
def test_who_has_the_role_may(task: Task, role: str, require: Require) -> None:
    require(person(role), task)


@pytest.mark.parametrize("name", EVERYBODY)
@pytest.mark.parametrize(("role", "require"), ALLOWED.items())
def test_everybody_else_is_refused(task: Task, name: str, role: str, require: Require) -> None:
    if name == role:
        return
    with pytest.raises(NotAllowed):
        require(person(name), task)


def test_questions_get_answers_instead_of_refusals(task: Task) -> None:
    with db.reading() as session:
        assert is_organizer(session, person("organizer"), task.competition_id)
        assert not is_organizer(session, None, task.competition_id)
        assert is_judge(session, person("judge"), task.id)
        assert not is_judge(session, person("operator"), task.id)
