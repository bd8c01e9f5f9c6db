"""Open data goes to teams that entered and to organizers, and every download is on record."""

import io
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from leitai import db
from leitai.accounts.models import Person
from leitai.competitions.models import DataFile, Download, Role, Task
from leitai.competitions.sending import disposition
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

CONTENT = b"id,value\n" + b"x,1\n" * 500_000


@dataclass
class Scene:
    """A task with data, and whoever may want it."""

    task: Task
    people: dict[str, Person]
    files: dict[str, DataFile]

    def address(self, name: str) -> str:
        return f"/competitions/{self.task.competition.slug}/{self.task.slug}/data/{self.files[name].id}"


@pytest.fixture
def scene(database: object) -> Scene:
    stored = artefacts().put(io.BytesIO(CONTENT), len(CONTENT))
    with db.transaction() as session:
        roles = ("captain", "member", "stranger", "organizer", "judge", "operator")
        people = {role: make_person(session, is_operator=role == "operator") for role in roles}
        task = make_task(
            session, make_competition(session, (people["organizer"],)), judges=(people["judge"],)
        )
        phase = make_phase(session, task)
        team = make_team(session, people["captain"], (people["member"],))
        make_entry(session, task, team)
        given: dict[str, Any] = {"task_id": task.id, "digest": stored.digest, "size": stored.size}
        files = {
            "open": DataFile(role=Role.OPEN, name='训练 "1".csv', version=3, **given),
            "old": DataFile(role=Role.OPEN, name="old.csv", retired_at=db.now(), **given),
            "input": DataFile(role=Role.INPUT, name="input.tar", phase_id=phase.id, **given),
            "reference": DataFile(role=Role.REFERENCE, name="reference.tar", phase_id=phase.id, **given),
        }
        session.add_all(files.values())
        session.flush()
        assert task.competition
        return Scene(task, people, files)


def downloads() -> list[Download]:
    with db.reading() as session:
        return list(session.scalars(select(Download)))


@pytest.mark.parametrize("who", ["captain", "member", "organizer"])
def test_who_may_have_the_data_gets_it_and_is_recorded(scene: Scene, sign_in: SignIn, who: str) -> None:
    response = sign_in(scene.people[who]).get(scene.address("open"))
    assert response.status_code == 200
    assert response.data == CONTENT
    assert response.headers["Content-Length"] == str(len(CONTENT))
    [download] = downloads()
    assert (download.version, download.digest) == (3, scene.files["open"].digest)
    assert download.person_id == scene.people[who].id
    assert (download.entry_id is None) == (who == "organizer")


@pytest.mark.parametrize("who", ["stranger", "judge", "operator"])
def test_who_has_not_entered_gets_nothing(scene: Scene, sign_in: SignIn, who: str) -> None:
    response = sign_in(scene.people[who]).get(scene.address("open"))
    assert response.status_code == 403
    assert "Enter the task first" in response.text
    assert downloads() == []


def test_a_visitor_is_sent_to_sign_in(scene: Scene, client: FlaskClient) -> None:
    response = client.get(scene.address("open"))
    assert (response.status_code, response.location.split("?")[0]) == (302, "/sign-in")


@pytest.mark.parametrize("who", ["captain", "organizer", "judge", "operator"])
@pytest.mark.parametrize("name", ["input", "reference", "old"])
def test_hidden_and_replaced_data_has_no_address(scene: Scene, sign_in: SignIn, who: str, name: str) -> None:
    response = sign_in(scene.people[who]).get(scene.address(name))
    assert response.status_code in {403, 404}
    assert b"x,1" not in response.data
    assert downloads() == []


def test_data_of_another_task_is_not_found_under_this_one(scene: Scene, sign_in: SignIn) -> None:
    with db.transaction() as session:
        other = make_task(session, session.get_one(Task, scene.task.id).competition)
        make_phase(session, other)
        team = session.scalars(select(Person).where(Person.id == scene.people["captain"].id)).one()
        make_entry(session, other, make_team(session, team))
        address = scene.address("open").replace(scene.task.slug, other.slug)
    assert sign_in(scene.people["captain"]).get(address).status_code == 404


def test_the_rest_of_a_broken_download_can_be_asked_for(scene: Scene, sign_in: SignIn) -> None:
    response = sign_in(scene.people["captain"]).get(
        scene.address("open"), headers={"Range": "bytes=1500000-"}
    )
    assert response.status_code == 206
    assert response.data == CONTENT[1_500_000:]
    assert response.headers["Content-Range"] == f"bytes 1500000-{len(CONTENT) - 1}/{len(CONTENT)}"


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-5", "bytes=0-1,3-4", "lines=1-", "bytes=0-"])
def test_any_other_range_gets_the_whole(scene: Scene, sign_in: SignIn, asked: str) -> None:
    response = sign_in(scene.people["captain"]).get(scene.address("open"), headers={"Range": asked})
    assert (response.status_code, response.data) == (200, CONTENT)


def test_the_data_is_for_saving_and_never_for_showing(scene: Scene, sign_in: SignIn) -> None:
    headers = sign_in(scene.people["captain"]).get(scene.address("open")).headers
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["Content-Disposition"].startswith("attachment; ")


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("train.csv", "train.csv"),
        ("训练.csv", "__.csv"),
        ('a"b;c%d\\e.csv', "a_b_c_d_e.csv"),
        ("a\r\nSet-Cookie: x=1", "aSet-Cookie: x=1"),
        ("../../etc/passwd", ".._.._etc_passwd"),
        ("\u202egnp.exe", "gnp.exe"),
        ("\0", "data"),
    ],
)
def test_a_file_name_is_safe_in_a_header(name: str, plain: str) -> None:
    header = disposition(name)
    assert header.startswith(f"attachment; filename=\"{plain}\"; filename*=UTF-8''")
    assert header.isascii()
    assert header.isprintable()
    if name.isprintable() and "/" not in name:
        assert unquote(header.split("''")[1]) == name
