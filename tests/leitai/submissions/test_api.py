"""API v1 of submissions: hand in, list, follow, by token alone."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from leitai import db, queues
from leitai.accounts import service as accounts
from leitai.competitions.models import Phase
from leitai.settings import Settings
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
)

SignIn = Callable[..., FlaskClient]


@pytest.fixture(autouse=True)
def deaf_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """No broker runs here; waking is tried in test_service."""
    monkeypatch.setattr(queues, "wake", lambda: None)


@dataclass
class World:
    """A task, a team that has entered it, and who else there is, each with a token."""

    phase: Phase
    team: Team
    tokens: dict[str, str]
    address: str


@pytest.fixture
def world(database: Settings) -> World:
    with db.transaction() as session:
        organizer, judge, elsewhere = (make_person(session) for _ in range(3))
        task = make_task(session, make_competition(session, (organizer,)), (judge,))
        make_competition(session, (elsewhere,))
        phase = make_phase(session, task)
        team = make_entry(session, task).team
        people = {
            "captain": team.captain, "organizer": organizer, "judge": judge, "elsewhere": elsewhere,
            "rival": make_entry(session, task).team.captain,
            "operator": make_person(session, is_operator=True), "stranger": make_person(session),
        }  # fmt: skip
        tokens = {role: accounts.make_token(session, person, role) for role, person in people.items()}
        address = f"/api/v1/tasks/{task.competition.slug}/{task.slug}/submissions"
    return World(phase, team, tokens, address)


def hand_in(
    client: FlaskClient,
    world: World,
    role: str = "captain",
    content: bytes = b"id,value\n",
    name: str = "p.csv",
    **form: str,
) -> TestResponse:
    data = {"file": (io.BytesIO(content), name), **form}
    return client.post(world.address, data=data, headers=bearer(world, role))


def bearer(world: World, role: str = "captain") -> dict[str, str]:
    return {"Authorization": f"Bearer {world.tokens[role]}"}


def error_of(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, json.loads(answer.data)["error"]["code"]


def test_a_file_is_handed_in_and_followed_at_its_address(world: World, client: FlaskClient) -> None:
    answer = hand_in(client, world, message="by program")
    assert answer.status_code == 201
    found = json.loads(answer.data)
    assert answer.headers["Location"].endswith(f"/api/v1/submissions/{found['id']}")
    assert (found["state"], found["stage"], found["place"]) == ("queued", "queued", 1)
    assert (found["message"], found["file_name"], found["team"]) == ("by program", "p.csv", world.team.name)
    assert json.loads(client.get(answer.headers["Location"], headers=bearer(world)).data) == found


def test_what_is_refused_says_so_by_a_code(world: World, client: FlaskClient) -> None:
    assert error_of(hand_in(client, world, name="p.exe")) == (400, "unsuitable_file")
    assert error_of(hand_in(client, world, content=b"")) == (400, "unsuitable_file")
    assert error_of(hand_in(client, world, content=b"x" * 1_000_001)) == (413, "too_large")
    assert error_of(hand_in(client, world, "stranger")) == (403, "not_entered")
    assert error_of(client.post(world.address, headers=bearer(world))) == (400, "unsuitable_file")
    assert error_of(hand_in(client, world, team="Nobody")) == (403, "not_entered")
    assert error_of(client.post(f"{world.address}x", headers=bearer(world))) == (404, "not_found")
    with db.transaction() as session:
        phase = session.get_one(Phase, world.phase.id)
        for _ in range(5):
            make_submission(session, phase, session.get_one(Team, world.team.id))
    assert error_of(hand_in(client, world)) == (429, "quota_used_up")
    with db.transaction() as session:
        session.get_one(Phase, world.phase.id).ends_at = db.now()
    assert error_of(hand_in(client, world)) == (409, "phase_closed")


def test_an_unconfirmed_address_is_refused_by_its_code(world: World, client: FlaskClient) -> None:
    with db.transaction() as session:
        session.get_one(Team, world.team.id).captain.confirmed_at = None
    assert error_of(hand_in(client, world)) == (403, "email_not_confirmed")


def test_an_announced_size_is_refused_without_reading_the_body(world: World, client: FlaskClient) -> None:
    class Unread(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise AssertionError(f"{size} bytes of the body were read")

    answer = client.post(
        world.address,
        input_stream=Unread(),
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": "5000000000"},
        headers=bearer(world),
    )
    assert error_of(answer) == (413, "too_large")


def test_a_size_that_was_not_announced_is_refused_while_it_comes(world: World, client: FlaskClient) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="p.csv"\r\n\r\n'
    body = io.BytesIO(head + b"1" * 3_000_000 + b"\r\n--x--\r\n")
    answer = client.post(
        world.address,
        input_stream=body,
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
        headers=bearer(world),
    )
    assert error_of(answer) == (413, "too_large")
    assert "1,000,000 bytes" in answer.text
    assert body.tell() < 2_000_000


def test_a_cookie_is_no_token(world: World, sign_in: SignIn) -> None:
    with db.reading() as session:
        captain = session.get_one(Team, world.team.id).captain
    client = sign_in(captain)
    for answer in (
        client.get(world.address),
        client.post(world.address),
        client.get("/api/v1/submissions/1"),
    ):
        assert error_of(answer) == (401, "sign_in_needed")


def test_a_wrong_token_opens_nothing(world: World, client: FlaskClient) -> None:
    world.tokens["nobody"] = "leitai_" + "x" * 43
    assert error_of(hand_in(client, world, "nobody")) == (401, "sign_in_needed")


@pytest.mark.parametrize(
    ("role", "status"),
    [("captain", 200), ("organizer", 200), ("judge", 200), ("rival", 404), ("elsewhere", 404),
     ("operator", 404), ("stranger", 404)],
)  # fmt: skip
def test_a_submission_is_there_for_those_who_may_see_it(
    world: World, client: FlaskClient, role: str, status: int
) -> None:
    number = json.loads(hand_in(client, world).data)["id"]
    answer = client.get(f"/api/v1/submissions/{number}", headers=bearer(world, role))
    assert answer.status_code == status
    if status == 404:
        assert error_of(answer) == (404, "not_found")


def test_the_list_is_ones_own_newest_first_a_page_at_a_time(world: World, client: FlaskClient) -> None:
    with db.transaction() as session:
        phase, team = session.get_one(Phase, world.phase.id), session.get_one(Team, world.team.id)
        rows = [make_submission(session, phase, team, state=State.CANCELLED).id for _ in range(60)]
        make_submission(session, phase)
    first = client.get(world.address, headers=bearer(world))
    second = client.get(f"{world.address}?page=2", headers=bearer(world))
    assert first.headers["X-Total-Count"] == "60"
    found = [row["id"] for answer in (first, second) for row in json.loads(answer.data)]
    assert found == sorted(rows, reverse=True)
    assert json.loads(client.get(world.address, headers=bearer(world, "stranger")).data) == []


def test_a_scored_one_has_its_public_scores_the_primary_one_first_and_no_private_one(
    world: World, client: FlaskClient
) -> None:
    number = json.loads(hand_in(client, world).data)["id"]
    with db.transaction() as session:
        row = session.get_one(Submission, number)
        run = make_run(session, row, state=State.SCORED, finished_at=db.now(), sealed={"rmse": 123.456})
        row.state, row.run_id, row.finished_at = State.SCORED, run.id, db.now()
        for split, metric, value in (
            ("public", "mae", 0.5),
            ("public", "rmse", 0.25),
            ("private", "rmse", 123.456),
        ):
            session.add(Score(run_id=run.id, split=split, metric=metric, value=value))
    answer = client.get(f"/api/v1/submissions/{number}", headers=bearer(world))
    assert list(json.loads(answer.data)["scores"].items()) == [("rmse", 0.25), ("mae", 0.5)]
    assert b"123.456" not in answer.data
    with db.transaction() as session:
        session.get_one(Phase, world.phase.id).revealed_at = db.now()
    shown = json.loads(client.get(f"/api/v1/submissions/{number}", headers=bearer(world)).data)
    assert shown["private_scores"] == {"rmse": 123.456}


def test_a_rejected_one_says_why_by_code_and_in_words(world: World, client: FlaskClient) -> None:
    number = json.loads(hand_in(client, world).data)["id"]
    with db.transaction() as session:
        row = session.get_one(Submission, number)
        run = make_run(
            session, row, state=State.REJECTED, code="no_rows", params={}, log="the end", stdout="said"
        )
        row.state, row.run_id = State.REJECTED, run.id
    found = json.loads(client.get(f"/api/v1/submissions/{number}", headers=bearer(world)).data)
    assert (found["state"], found["code"]) == ("rejected", "no_rows")
    assert (found["stdout"], found["log"], found["log_note"]) == ("said", "the end", "")
    assert found["text"].startswith("The file has no rows.")
    said = client.get(f"/api/v1/submissions/{number}", headers={**bearer(world), "Accept-Language": "zh"})
    assert json.loads(said.data)["code"] == "no_rows"


def test_too_many_tries_with_one_token_are_slowed_down(world: World, client: FlaskClient) -> None:
    statuses = [hand_in(client, world, content=b"").status_code for _ in range(31)]
    assert statuses == [400] * 30 + [429]
    assert hand_in(client, world, "rival").status_code == 201


def test_the_description_tells_of_the_form_and_the_answer(client: FlaskClient) -> None:
    found = json.loads(client.get("/api/v1/openapi.json").data)
    path = found["paths"]["/api/v1/tasks/{competition}/{task}/submissions"]
    assert "multipart/form-data" in path["post"]["requestBody"]["content"]
    assert "201" in path["post"]["responses"]
    assert {"state", "stage", "scores", "code", "text", "place"} <= set(
        found["components"]["schemas"]["SubmissionOut"]["properties"]
    )


def test_nothing_is_written_by_what_is_refused(world: World, client: FlaskClient) -> None:
    hand_in(client, world, name="p.exe")
    with db.reading() as session:
        assert session.scalars(select(Submission)).all() == []
