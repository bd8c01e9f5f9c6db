"""The page for handing in: what it takes, from whom, and what it refuses before reading it."""

import io
import zipfile
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select

from leitai import db, storage
from leitai.competitions.models import Kind, Phase, Task
from leitai.settings import Settings
from leitai.submissions.models import State
from leitai.teams.models import Membership
from tests.leitai.conftest import SignIn
from tests.leitai.factories import (
    make_person,
)
from tests.leitai.submissions.pages import (
    World,
    handed_in,
    in_world,
    text_of,
    upload,
)


def test_any_member_hands_in_and_comes_to_the_submissions_page(world: World, sign_in: SignIn) -> None:
    client = sign_in(world["member"])
    page = client.get(f"{world.address}/submit")
    assert "1.0 MB" in text_of(page)
    answer = upload(client, world, message="first try")
    (row,) = handed_in()
    assert (answer.status_code, answer.location) == (303, f"/submissions/{row.id}")
    assert (row.state, row.team_id, row.person_id) == (State.QUEUED, world.team.id, world["member"].id)
    assert (row.file_name, row.message) == ("p.csv", "first try")
    assert b"".join(storage.artefacts().chunks(row.digest)) == b"id,value\n1,2\n"
    shown = text_of(client.get(answer.location))
    assert "Place 1 in the queue" in shown
    assert "first try" in shown


@pytest.mark.parametrize("role", ["rival", "organizer", "judge", "stranger", "operator"])
def test_the_others_hand_in_for_their_own_team_or_not_at_all(
    world: World, sign_in: SignIn, role: str
) -> None:
    answer = upload(sign_in(world[role]), world)
    rows = handed_in()
    if role == "rival":
        assert answer.status_code == 303
        assert rows[0].team_id != world.team.id
    else:
        assert answer.status_code == 403
        assert "has not entered this task" in answer.text
        assert rows == []


def test_nobody_signed_in_is_sent_to_sign_in_before_anything_is_read(
    world: World, client: FlaskClient
) -> None:
    for answer in (client.get(f"{world.address}/submit"), upload(client, world)):
        assert answer.status_code == 302
        assert "sign-in" in answer.location
    assert handed_in() == []


def test_a_refused_file_is_told_in_the_form_and_costs_nothing(world: World, sign_in: SignIn) -> None:
    client = sign_in(world["captain"])
    for content, name, status, told in (
        (b"x", "a.tar", 400, "predictions as .csv"),
        (b"", "a.csv", 400, "The file is empty"),
        (b"x" * 1_000_001, "a.csv", 413, "1,000,000 bytes"),
        (b"x", "", 400, "No file came"),
    ):
        answer = upload(client, world, content, name, message="kept words")
        assert (answer.status_code, told in answer.text) == (status, True), told
        assert "kept words" in answer.text
    assert handed_in() == []


def test_an_announced_size_is_refused_without_reading_the_body(world: World, sign_in: SignIn) -> None:
    class Unread(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise AssertionError(f"{size} bytes of the body were read")

    answer = sign_in(world["captain"]).post(
        f"{world.address}/submit",
        input_stream=Unread(),
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": "5000000000"},
    )
    assert answer.status_code == 413
    assert "1,000,000 bytes" in answer.text


def test_a_size_that_was_not_announced_is_refused_while_it_comes(world: World, sign_in: SignIn) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="p.csv"\r\n\r\n'
    body = io.BytesIO(head + b"1" * 3_000_000 + b"\r\n--x--\r\n")
    answer = sign_in(world["captain"]).post(
        f"{world.address}/submit",
        input_stream=body,
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
    )
    assert answer.status_code == 413
    assert body.tell() < 2_000_000
    assert handed_in() == []


def test_uploads_are_laid_into_the_spool_folder_and_nothing_stays_there(
    world: World, sign_in: SignIn, database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", "/nowhere")
    assert upload(sign_in(world["captain"]), world, b"1\n" * 400_000).status_code == 303
    assert list(database.path("spool").iterdir()) == []


def test_the_quota_and_the_phase_are_told_before_anything_is_sent(world: World, sign_in: SignIn) -> None:
    client = sign_in(world["captain"])
    for _ in range(5):
        in_world(world)
    assert "All 5 submissions of today are used up" in text_of(client.get(f"{world.address}/submit"))
    assert upload(client, world).status_code == 429
    with db.transaction() as session:
        session.get_one(Phase, world.phase.id).ends_at = db.now()
    assert "The last phase of this task is over" in text_of(client.get(f"{world.address}/submit"))
    assert upload(client, world).status_code == 409
    assert len(handed_in()) == 5


def test_whoever_takes_part_has_no_team_to_choose(world: World, sign_in: SignIn) -> None:
    client = sign_in(world["captain"])
    assert 'name="team"' not in client.get(f"{world.address}/submit").text
    assert upload(client, world, team="Another team").status_code == 403
    assert upload(client, world, team=world.team.name).status_code == 303


def test_a_person_of_two_teams_that_entered_chooses_one(world: World, sign_in: SignIn) -> None:
    with db.transaction() as session:
        person = make_person(session)
        rival = session.scalars(select(Membership).filter_by(person_id=world["rival"].id)).one()
        for team_id in (world.team.id, rival.team_id):
            session.add(Membership(team_id=team_id, person_id=person.id))
    client = sign_in(person)
    assert 'name="team"' in client.get(f"{world.address}/submit").text
    assert upload(client, world).status_code == 409
    assert upload(client, world, team=str(rival.team_id)).status_code == 303
    assert handed_in()[0].team_id == rival.team_id


def test_a_zip_goes_the_whole_way(world: World, sign_in: SignIn) -> None:
    with db.transaction() as session:
        session.get_one(Task, world.task.id).kind = Kind.CODE
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("predict.py", "print()")
    client = sign_in(world["captain"])
    assert upload(client, world, stream.getvalue(), "mine.zip").status_code == 303
    assert handed_in()[0].kind == Kind.CODE
    assert "predict.py INPUT_DIR OUTPUT_DIR" in text_of(client.get(f"{world.address}/submit"))


def test_too_many_tries_in_a_minute_are_slowed_down(world: World, sign_in: SignIn) -> None:
    client = sign_in(world["captain"])
    statuses = [upload(client, world, b"", "a.csv").status_code for _ in range(31)]
    assert statuses == [400] * 30 + [429]


def test_days_and_deadlines_are_written_as_moments(world: World, sign_in: SignIn) -> None:
    page = BeautifulSoup(sign_in(world["captain"]).get(f"{world.address}/submit").data, "html.parser")
    moments = {str(found["datetime"])[:10] for found in page.select("time[datetime]")}
    assert f"{db.now() + timedelta(days=1):%Y-%m-%d}" in moments


def test_a_header_that_changes_makes_no_new_sender_on_a_page(world: World, sign_in: SignIn) -> None:
    client = sign_in(world["captain"])
    statuses = []
    for number in range(31):
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer made-up-{number}"
        statuses.append(upload(client, world, b"", "a.csv").status_code)
    assert statuses == [400] * 30 + [429]
