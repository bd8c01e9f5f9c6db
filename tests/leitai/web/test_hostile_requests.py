"""Addresses and forms that no browser sends: an answer in words, never a 500, on either database."""

from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from leitai import db
from leitai.accounts import service as accounts
from leitai.app import create_app
from leitai.competitions.models import Organizer
from leitai.settings import Settings
from leitai.web.limits import limiter
from tests.leitai.factories import make_entry, make_person, make_phase

HUGE = "9" * 25
GETS = (
    f"/submissions/{HUGE}", "/submissions/3000000000", f"/submissions/{HUGE}/file",
    f"/submissions/{HUGE}/progress", f"/teams/{HUGE}", "/competitions/%00", "/competitions/%00/x",
    "{task}/board?find=%00", "{task}/board?country=%00", "{task}/board?phase=%00",
    "{task}/board?page=" + "9" * 5000, "{task}/organize/submissions?team=%00&phase=%00&state=%00",
    f"{{task}}/organize/entries?page={HUGE}", f"{{task}}/data/{HUGE}", "/join/%00", "/reset/%00",
    "/confirm/%00", "/assets/0/" + "a" * 5000, "/assets/0/%00", "/sign-in?next=%00", "/competitions/%ff/x",
)  # fmt: skip
POSTS = (
    (f"{{task}}/organize/submissions/{HUGE}/rescore", {}),
    (f"{{task}}/organize/submissions/{HUGE}/cancel", {"phase": "\0"}),
    ("{task}/organize/rescore", {"phase": "\0"}),
    (f"/submissions/{HUGE}/cancel", {}),
    ("/sign-in", {"email": "a\0@example.org", "password": "x\0" * 8}),
    ("/reset", {"email": "a\0@example.org"}),
    ("/teams/new", {"name": "x\0y", "country": "CN", "affiliation": "\0"}),
    ("{task}/enter", {"team": HUGE, "team_name": "\0"}),
    ("/account/tokens", {"token_name": "\0"}),
    ("{task}/submit", {"team": "\0", "message": "\0"}),
)


@dataclass
class Scene:
    """A task's address; a browser of nobody, of a captain and of an organizer; a captain's token."""

    task: str
    clients: tuple[FlaskClient, ...]
    token: str


@pytest.fixture
def scene(both_databases: Settings) -> Scene:
    app = create_app(both_databases)
    app.config["WTF_CSRF_ENABLED"] = False
    limiter.reset()
    with db.transaction() as session:
        entry = make_entry(session, make_phase(session).task)
        captain, organizer = entry.team.captain, make_person(session)
        session.add(Organizer(competition_id=entry.task.competition_id, person_id=organizer.id))
        token = accounts.make_token(session, captain, "fuzz")
        task = f"/competitions/{entry.task.competition.slug}/{entry.task.slug}"
    clients = tuple(app.test_client() for _ in range(3))
    for client, person in zip(clients[1:], (captain, organizer), strict=True):
        with client.session_transaction() as cookie:
            cookie["_user_id"] = f"{person.id}.{person.session_key}"
    return Scene(task, clients, token)


def test_no_address_breaks_a_page(scene: Scene) -> None:
    addresses = [address.format(task=scene.task) for address in GETS]
    found = {
        address[:60]: client.get(address).status_code for client in scene.clients for address in addresses
    }
    assert {address: status for address, status in found.items() if status >= 500} == {}


def test_no_form_breaks_a_page(scene: Scene) -> None:
    found = {
        address: client.post(address.format(task=scene.task), data=form).status_code
        for client in scene.clients
        for address, form in POSTS
    }
    assert {address: status for address, status in found.items() if status >= 500} == {}


def test_no_number_breaks_the_api(scene: Scene) -> None:
    client, bearer = scene.clients[0], {"Authorization": f"Bearer {scene.token}"}
    board = f"/api/v1/tasks{scene.task.removeprefix('/competitions')}/board"
    assert client.get(f"/api/v1/submissions/{HUGE}", headers=bearer).status_code == 404
    assert client.get("/api/v1/submissions/3000000000", headers=bearer).status_code == 404
    assert client.get(f"{board}?find=%00", headers=bearer).status_code < 500
    assert client.get(f"{board}?page={HUGE}", headers=bearer).status_code == 422


def test_an_address_steers_no_terminal_that_shows_the_log(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("leitai.competitions.overview.edition", broken)
    assert scene.clients[0].get("/competitions/%1b[31mred").status_code == 500
    said = capsys.readouterr()
    assert "\x1b" not in said.out + said.err
