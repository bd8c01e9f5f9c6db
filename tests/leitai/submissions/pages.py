"""A task with everybody around it, for the tests of pages, and what is done and read there."""

import io
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from leitai import db
from leitai.accounts.models import Person
from leitai.competitions.models import Phase, Task
from leitai.submissions.models import Score, State, Submission
from leitai.teams.models import Team
from tests.leitai.factories import (
    make_competition,
    make_entry,
    make_person,
    make_phase,
    make_run,
    make_submission,
    make_task,
    make_team,
)

HOSTILE = "<script>alert(1)</script>\u202e\x1b[31m'\"><img src=x onerror=alert(1)>"


@dataclass
class World:
    """A task with everybody around it."""

    task: Task
    phase: Phase
    team: Team
    people: dict[str, Person]
    address: str

    def __getitem__(self, role: str) -> Person:
        return self.people[role]


def make_world() -> World:
    """A task for predictions, a team of two that has entered, and one person for every other role."""
    with db.transaction() as session:
        people = {
            role: make_person(session)
            for role in (
                "captain",
                "member",
                "organizer",
                "elsewhere",
                "judge",
                "judge elsewhere",
                "stranger",
            )
        }
        people["operator"] = make_person(session, is_operator=True)
        competition = make_competition(session, (people["organizer"],))
        task = make_task(session, competition, (people["judge"],))
        phase = make_phase(session, task)
        make_competition(session, (people["elsewhere"],))
        make_phase(session, make_task(session, competition, (people["judge elsewhere"],)))
        team = make_team(session, people["captain"], (people["member"],))
        make_entry(session, task, team)
        rival = make_entry(session, task).team
        people["rival"] = rival.captain
        address = f"/competitions/{competition.slug}/{task.slug}"
    return World(task, phase, team, people, address)


def in_world(world: World, **values: Any) -> Submission:
    with db.transaction() as session:
        return make_submission(
            session, session.get_one(Phase, world.phase.id), session.get_one(Team, world.team.id), **values
        )


def scored(world: World, public: float = 0.5, **values: Any) -> Submission:
    row = in_world(world, state=State.SCORED, finished_at=db.now(), **values)
    with db.transaction() as session:
        run = make_run(
            session, session.get_one(Submission, row.id), state=State.SCORED, finished_at=db.now(),
            stage="done", sealed={"rmse": 123.456, "mae": 7.5},
            sealed_intervals={"rmse": {"low": 123.4561, "high": 123.4569}},
            receipt={"submission": "ab" * 32, "seed": 0, "sealed": 123.456, "rows": {"private": 7}},
        )  # fmt: skip
        session.get_one(Submission, row.id).run_id = run.id
        session.add(Score(run_id=run.id, split="public", metric="rmse", value=public))
        session.add(Score(run_id=run.id, split="public", metric="mae", value=public / 2))
    return row


def rejected(world: World, code: str, params: dict[str, Any], log: str = "", **values: Any) -> Submission:
    row = in_world(world, state=State.REJECTED, finished_at=db.now(), **values)
    with db.transaction() as session:
        run = make_run(
            session, session.get_one(Submission, row.id), state=State.REJECTED, finished_at=db.now(),
            code=code, params=params, log=log, trouble="a word for organizers",
        )  # fmt: skip
        session.get_one(Submission, row.id).run_id = run.id
    return row


def upload(
    client: FlaskClient, world: World, content: bytes = b"id,value\n1,2\n", name: str = "p.csv", **form: str
) -> TestResponse:
    data = {"file": (io.BytesIO(content), name), **form}
    return client.post(f"{world.address}/submit", data=data, content_type="multipart/form-data")


def text_of(response: TestResponse) -> str:
    assert response.status_code == 200, response.text[:500]
    return BeautifulSoup(response.data, "html.parser").get_text(" ", strip=True)


def handed_in() -> list[Submission]:
    with db.reading() as session:
        return list(session.scalars(select(Submission).order_by(Submission.id)))
