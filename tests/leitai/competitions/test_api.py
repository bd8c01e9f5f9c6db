"""The API of competitions, tasks and data: what programs get, and what they do not."""

import hashlib
import io
import secrets
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from leitai import db
from leitai.accounts.models import Person, Token
from leitai.competitions.models import DataFile, Download, Role, Task
from leitai.storage import artefacts
from tests.leitai.conftest import SignIn
from tests.leitai.factories import (
    make_competition,
    make_entry,
    make_person,
    make_phase,
    make_task,
    make_team,
)

TASK = "/api/v1/tasks/cup/load"


@pytest.fixture
def captain(database: object) -> Person:
    stored = artefacts().put(io.BytesIO(b"x,1\n"), 100)
    with db.transaction() as session:
        captain = make_person(session)
        task = make_task(session, make_competition(session, slug="cup"), slug="load")
        phase = make_phase(session, task, slug="only")
        make_entry(session, task, make_team(session, captain, name="Team"))
        given = {"task_id": task.id, "digest": stored.digest, "size": stored.size}
        session.add(DataFile(role=Role.OPEN, name="train.csv", description={"en": "Past"}, **given))
        session.add(DataFile(role=Role.REFERENCE, name="reference.tar", phase_id=phase.id, **given))
        return captain


def bearer(person: Person) -> dict[str, str]:
    token = secrets.token_urlsafe(32)
    with db.transaction() as session:
        digest = hashlib.sha256(token.encode()).hexdigest()
        session.add(Token(person_id=person.id, name="test", digest=digest))
    return {"Authorization": f"Bearer {token}"}


def test_competitions_come_with_their_tasks_without_a_token(captain: Person, client: FlaskClient) -> None:
    [cup] = client.get("/api/v1/competitions").get_json()
    assert (cup["slug"], cup["state"], cup["teams"]) == ("cup", "running", 1)
    [task] = cup["tasks"]
    assert (task["slug"], task["state"], task["phase"]) == ("load", "open", "only")
    assert (task["metric"], task["direction"]) == ("rmse", "lower")
    assert datetime.fromisoformat(task["phase_ends_at"]).utcoffset() is not None


def test_a_task_tells_phases_limits_metrics_and_my_team(captain: Person, client: FlaskClient) -> None:
    task = client.get(TASK, headers=bearer(captain)).get_json()
    assert task["team"] == "Team"
    assert [phase["state"] for phase in task["phases"]] == ["now"]
    assert [metric["name"] for metric in task["metrics"]] == ["rmse", "mae"]
    assert task["limits"]["upload_bytes"] == 1_000_000
    assert set(task).isdisjoint({"evaluation", "reference", "judges"})


def test_data_is_listed_without_what_is_hidden(captain: Person, client: FlaskClient) -> None:
    [file] = client.get(f"{TASK}/data", headers=bearer(captain)).get_json()
    assert (file["name"], file["size"], file["version"]) == ("train.csv", 4, 1)
    assert len(file["digest"]) == 64


def test_a_download_by_token_is_recorded(captain: Person, client: FlaskClient) -> None:
    headers = bearer(captain)
    [file] = client.get(f"{TASK}/data", headers=headers).get_json()
    assert client.get(f"{TASK}/data/{file['id']}", headers=headers).data == b"x,1\n"
    with db.reading() as session:
        assert [row.person_id for row in session.scalars(select(Download))] == [captain.id]


def test_hidden_data_has_no_address(captain: Person, client: FlaskClient) -> None:
    with db.reading() as session:
        hidden = session.scalars(select(DataFile).where(DataFile.role == Role.REFERENCE)).one()
    response = client.get(f"{TASK}/data/{hidden.id}", headers=bearer(captain))
    assert (response.status_code, response.get_json()["error"]["code"]) == (404, "not_found")


def test_who_has_not_entered_gets_no_data(captain: Person, client: FlaskClient) -> None:
    with db.transaction() as session:
        stranger = make_person(session)
        number = session.scalars(select(DataFile.id).where(DataFile.role == Role.OPEN)).one()
    response = client.get(f"{TASK}/data/{number}", headers=bearer(stranger))
    assert (response.status_code, response.get_json()["error"]["code"]) == (403, "not_allowed")
    assert client.get(TASK, headers=bearer(stranger)).get_json()["team"] is None


@pytest.mark.parametrize("address", [TASK, f"{TASK}/data", f"{TASK}/data/1"])
def test_a_cookie_is_no_token(captain: Person, sign_in: SignIn, client: FlaskClient, address: str) -> None:
    assert sign_in(captain).get(address).status_code == 401
    assert client.get(address).status_code == 401


@pytest.mark.parametrize("address", ["/api/v1/tasks/cup/none", "/api/v1/tasks/none/load/data"])
def test_what_is_not_there_is_not_found(captain: Person, client: FlaskClient, address: str) -> None:
    response = client.get(address, headers=bearer(captain))
    assert (response.status_code, response.get_json()["error"]["code"]) == (404, "not_found")


def test_the_description_names_every_route(captain: Person, client: FlaskClient) -> None:
    paths = client.get("/api/v1/openapi.json").get_json()["paths"]
    assert {path for path in paths if "/tasks/{competition}/{task}" in path and "data" in path} == {
        "/api/v1/tasks/{competition}/{task}/data",
        "/api/v1/tasks/{competition}/{task}/data/{data_id}",
    }
    assert "/api/v1/competitions" in paths


def test_the_list_needs_few_statements_however_many_tasks(captain: Person, client: FlaskClient) -> None:
    with db.transaction() as session:
        competition = session.scalars(select(Task)).first().competition  # type: ignore[union-attr]  # it is there
        for _ in range(20):
            make_phase(session, make_task(session, competition))
    statements: list[str] = []
    from sqlalchemy import event

    event.listen(db.engine(), "before_cursor_execute", lambda *given: statements.append(given[2]))
    assert len(client.get("/api/v1/competitions").get_json()[0]["tasks"]) == 21
    assert len(statements) < 12
