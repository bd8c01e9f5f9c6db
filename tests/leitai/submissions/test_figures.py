"""Who sees the details of a submission, on its page and in programs' answers, and who does not."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import event

from leitai import db, queues
from leitai.accounts import service as accounts
from leitai.accounts.models import Person
from leitai.settings import Settings
from leitai.submissions.models import Run, Score, State, Submission
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

SignIn = Callable[..., FlaskClient]
WORD = "telltale"
MATRIX = {
    "kind": "matrix",
    "name": "confusion",
    "labels": [WORD, "b"],
    "counts": [[1, 2], [3, 4]],
    "others": False,
}
CURVE = {
    "kind": "curve", "name": "roc", "of": "rmse", "x": "", "y": "", "diagonal": True,
    "lines": [{"name": "", "points": [[0, 0.25], [1, 1]]}],
}  # fmt: skip
HISTOGRAM = {"kind": "histogram", "name": "residuals", "x": "", "edges": [-1, 0.5, 1], "counts": [3, 4]}
TABLE = {
    "kind": "table",
    "name": "own",
    "title": {"en": "A", "zh": "B"},
    "columns": ["x"],
    "rows": [["1"], [2], [None]],
}
EXAMPLES = {"kind": "examples", "name": "examples", "columns": ["id", "x"], "rows": [["001", 2.5]]}
FIGURES = [MATRIX, CURVE, HISTOGRAM, TABLE, EXAMPLES]


@dataclass
class World:
    """A scored submission with figures, and everybody around it."""

    people: dict[str, Person]
    number: int
    path: str


@pytest.fixture
def world(database: Settings, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(queues, "wake", lambda: None)
    with db.transaction() as session:
        roles = ("captain", "member", "organizer", "elsewhere", "judge", "stranger")
        people = {role: make_person(session) for role in roles}
        people["operator"] = make_person(session, is_operator=True)
        competition = make_competition(session, (people["organizer"],))
        make_competition(session, (people["elsewhere"],))
        task = make_task(session, competition, (people["judge"],))
        phase = make_phase(session, task)
        people["rival"] = make_entry(session, task).team.captain
        team = make_team(session, people["captain"], (people["member"],))
        make_entry(session, task, team)
        row = make_submission(session, phase, team, state=State.SCORED, finished_at=db.now())
        run = make_run(session, row, state=State.SCORED, finished_at=db.now(), stage="done", figures=FIGURES)
        row.run_id = run.id
        session.add(Score(run_id=run.id, split="public", metric="rmse", value=0.5))
        return World(people, row.id, f"/competitions/{competition.slug}/{task.slug}")


def asked(world: World, role: str, client: FlaskClient, path: str) -> Any:
    with db.transaction() as session:
        token = accounts.make_token(session, session.get_one(Person, world.people[role].id), "tests")
    return client.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {token}"})


@pytest.mark.parametrize("role", ["captain", "member", "organizer", "judge"])
def test_whoever_sees_the_submission_sees_its_details(
    world: World, sign_in: SignIn, client: FlaskClient, role: str
) -> None:
    for part in ("", "/progress"):
        page = BeautifulSoup(
            sign_in(world.people[role]).get(f"/submissions/{world.number}{part}").data, "html.parser"
        )
        assert len(page.select("section.details figure")) == 5
        assert [each.text for each in page.select(".details tbody th.answer")] == [WORD, "b"]
        assert page.find_all(style=True) == []
    assert json.loads(asked(world, role, client, f"/submissions/{world.number}").data)["figures"]


@pytest.mark.parametrize("role", ["rival", "elsewhere", "stranger", "operator"])
def test_nobody_else_does(world: World, sign_in: SignIn, client: FlaskClient, role: str) -> None:
    browser = sign_in(world.people[role])
    for part in ("", "/progress", "/receipt.json"):
        answer = browser.get(f"/submissions/{world.number}{part}")
        assert answer.status_code == 404
        assert WORD not in answer.text
    for path in (world.path, f"{world.path}/board", f"{world.path}/submissions"):
        assert WORD not in browser.get(path).text
    answer = asked(world, role, client, f"/submissions/{world.number}")
    assert answer.status_code == 404
    assert WORD not in answer.text


def test_nobody_signed_in_does(world: World, client: FlaskClient) -> None:
    for path in (f"/submissions/{world.number}", f"/submissions/{world.number}/progress"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert WORD not in answer.text
    assert client.get(f"/api/v1/submissions/{world.number}").status_code == 401


def test_a_program_gets_the_figures_as_they_are_kept(world: World, client: FlaskClient) -> None:
    found = json.loads(asked(world, "captain", client, f"/submissions/{world.number}").data)["figures"]
    assert [{name: each[name] for name in kept} for each, kept in zip(found, FIGURES, strict=True)] == FIGURES
    assert [each["of"] for each in found] == [None, "rmse", None, None, None]


def test_lists_load_no_figures(world: World, sign_in: SignIn, client: FlaskClient) -> None:
    asked_for: list[str] = []

    def note(*given: Any) -> None:
        asked_for.append(given[2])

    event.listen(db.engine(), "before_cursor_execute", note)
    listed = json.loads(asked(world, "captain", client, f"/tasks{world.path[13:]}/submissions").data)
    assert [(row["id"], row["figures"]) for row in listed] == [(world.number, [])]
    for role, path in (
        ("captain", "/submissions"),
        ("captain", "/board"),
        ("organizer", "/organize/submissions"),
        ("judge", "/judge"),
    ):
        page = sign_in(world.people[role]).get(world.path + path)
        assert page.status_code == 200
        assert WORD not in page.text
    event.remove(db.engine(), "before_cursor_execute", note)
    assert asked_for
    assert not [statement for statement in asked_for if "figures" in statement]


def test_details_go_with_the_public_scores_of_the_run_that_counts(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.people["captain"])
    with db.transaction() as session:
        row = session.get_one(Submission, world.number)
        counting = row.run_id
        row.state = State.RUNNING
        make_run(session, row, attempt=1)
    assert WORD in client.get(f"/submissions/{world.number}").text
    with db.transaction() as session:
        row = session.get_one(Submission, world.number)
        session.query(Score).delete()
        row.state = State.SCORED
        assert session.get_one(Run, counting).figures == FIGURES
    assert WORD not in client.get(f"/submissions/{world.number}").text


def test_the_description_tells_of_every_kind(client: FlaskClient) -> None:
    schemas = json.loads(client.get("/api/v1/openapi.json").data)["components"]["schemas"]
    kinds = schemas["SubmissionOut"]["properties"]["figures"]["items"]["discriminator"]["mapping"]
    assert set(kinds) == {"matrix", "curve", "histogram", "table", "examples"}
    assert {address.rsplit("/", 1)[1] for address in kinds.values()} <= set(schemas)
    assert set(schemas["SubmissionOut.TableOut"]["properties"]) == {
        "name",
        "of",
        "title",
        "kind",
        "columns",
        "rows",
    }
