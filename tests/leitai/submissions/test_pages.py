"""The pages: handing in, the list, one submission; who sees what, in both languages, nothing hostile."""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from leitai import db, queues, storage
from leitai.accounts.models import Person
from leitai.competitions.models import Kind, Phase, Task
from leitai.settings import Settings
from leitai.submissions.models import Run, Score, State, Submission
from leitai.teams.models import Membership, Team
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
HOSTILE = "<script>alert(1)</script>\u202e\x1b[31m'\"><img src=x onerror=alert(1)>"


@pytest.fixture(autouse=True)
def deaf_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """No broker runs here; waking is tried in test_service."""
    monkeypatch.setattr(queues, "wake", lambda: None)


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


@pytest.fixture
def world(database: Settings) -> World:
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


def test_the_list_shows_states_scores_and_what_is_left(world: World, sign_in: SignIn) -> None:
    scored(world, 0.25, message="a good one")
    scored(world, 0.75)
    in_world(world, state=State.CANCELLED)
    page = sign_in(world["member"]).get(f"{world.address}/submissions")
    shown = text_of(page)
    for text in ("0.250000", "0.750000", "a good one", "scored", "cancelled", "Left today 3"):
        assert text in shown
    assert "rmse over time" in page.text
    assert "123.456" not in page.text


def test_the_list_is_only_of_ones_own_team(world: World, sign_in: SignIn) -> None:
    scored(world, 0.25, message="secret idea")
    for role in ("rival", "stranger", "organizer", "judge", "operator"):
        assert "secret idea" not in text_of(sign_in(world[role]).get(f"{world.address}/submissions"))


PARTS = ("", "/progress", "/file", "/receipt.json")


@pytest.mark.parametrize("role", ["captain", "member", "organizer", "judge"])
def test_the_team_its_organizers_and_judges_see_a_submission(
    world: World, sign_in: SignIn, role: str
) -> None:
    artefact = storage.artefacts().put(io.BytesIO(b"id,value\n"), 100)
    row = scored(world, digest=artefact.digest, size=artefact.size)
    client = sign_in(world[role])
    assert [client.get(f"/submissions/{row.id}{part}").status_code for part in PARTS] == [200] * 4
    taken = client.get(f"/submissions/{row.id}/file")
    assert taken.data == b"id,value\n"
    assert taken.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("role", ["rival", "elsewhere", "judge elsewhere", "stranger", "operator"])
def test_for_everybody_else_there_is_no_such_submission(world: World, sign_in: SignIn, role: str) -> None:
    row = scored(world)
    client = sign_in(world[role])
    found = [client.get(f"/submissions/{row.id}{part}").status_code for part in PARTS]
    found.append(client.post(f"/submissions/{row.id}/cancel").status_code)
    found += [client.get(f"/submissions/999999{part}").status_code for part in PARTS]
    assert found == [404] * 9


def test_nobody_signed_in_sees_none(world: World, client: FlaskClient) -> None:
    row = scored(world)
    assert {client.get(f"/submissions/{row.id}{part}").status_code for part in PARTS} == {302}


def test_a_former_member_sees_it_no_more(world: World, sign_in: SignIn) -> None:
    row = scored(world)
    with db.transaction() as session:
        team = session.get_one(Team, world.team.id)
        team.memberships = [each for each in team.memberships if each.person_id != world["member"].id]
    assert sign_in(world["member"]).get(f"/submissions/{row.id}").status_code == 404


def test_a_scored_submission_shows_its_public_scores_and_the_gain(world: World, sign_in: SignIn) -> None:
    scored(world, 0.75)
    row = scored(world, 0.5)
    page = sign_in(world["captain"]).get(f"/submissions/{row.id}")
    shown = text_of(page)
    for text in ("0.500000", "0.250000", "against the one before", "−0.250000", "On the board"):
        assert text in shown
    assert "hx-get" not in page.text
    assert "123.456" not in page.text


@pytest.mark.parametrize("role", ["captain", "member", "organizer", "judge"])
def test_whoever_may_see_a_submission_sees_no_sealed_score_or_interval(
    world: World, sign_in: SignIn, role: str
) -> None:
    row = scored(world)
    client = sign_in(world[role])
    for way in (
        f"/submissions/{row.id}",
        f"/submissions/{row.id}/receipt.json",
        f"{world.address}/submissions",
    ):
        answer = client.get(way)
        assert answer.status_code in (200, 403)
        assert "123.456" not in answer.text
    assert client.get(f"/submissions/{row.id}").status_code == 200


@pytest.mark.parametrize("role", ["rival", "stranger", "operator"])
def test_whoever_may_not_see_a_submission_learns_nothing_of_its_scores(
    world: World, sign_in: SignIn, client: FlaskClient, role: str
) -> None:
    row = scored(world)
    for browser in (client, sign_in(world[role])):
        for way in ("", "/receipt.json"):
            answer = browser.get(f"/submissions/{row.id}{way}")
            assert answer.status_code in (302, 404)
            assert "123.456" not in answer.text


def test_private_scores_are_shown_only_once_they_are_revealed(world: World, sign_in: SignIn) -> None:
    row = scored(world)
    with db.transaction() as session:
        run_id = session.get_one(Submission, row.id).run_id
        session.add(Score(run_id=run_id, split="private", metric="rmse", value=123.456))
    client = sign_in(world["captain"])
    for part in PARTS[:2]:
        assert "123.456" not in client.get(f"/submissions/{row.id}{part}").text
    with db.transaction() as session:
        session.get_one(Phase, world.phase.id).revealed_at = db.now()
    assert "123.456" in text_of(client.get(f"/submissions/{row.id}"))
    assert "123.456" not in client.get(f"/submissions/{row.id}/receipt.json").text


def test_the_receipt_names_digests_and_no_private_score(world: World, sign_in: SignIn) -> None:
    row = scored(world)
    answer = sign_in(world["judge"]).get(f"/submissions/{row.id}/receipt.json")
    found = json.loads(answer.data)
    assert found["receipt"] == {"submission": "ab" * 32, "seed": 0}
    assert found["scores"] == {"rmse": 0.5, "mae": 0.25}
    assert len(found["digest"]) == 64
    assert "attachment" in answer.headers["Content-Disposition"]
    assert sign_in(world["judge"]).get(f"/submissions/{in_world(world).id}/receipt.json").status_code == 404


def test_the_page_asks_again_until_the_end_and_hears_nothing_while_nothing_changed(
    world: World, sign_in: SignIn
) -> None:
    row = in_world(world)
    client = sign_in(world["captain"])
    page = BeautifulSoup(client.get(f"/submissions/{row.id}").data, "html.parser")
    address = page.select_one("#progress")["hx-get"]  # type: ignore[index]  # it is there, or the test fails
    assert client.get(address).status_code == 204
    with db.transaction() as session:
        submission = session.get_one(Submission, row.id)
        submission.state = State.RUNNING
        make_run(session, submission, stage="scoring", predicted_at=db.now())
    changed = client.get(address)
    assert changed.status_code == 200
    assert "being scored" in text_of(changed)
    with db.transaction() as session:
        session.get_one(Submission, row.id).state = State.FAILED
    last = client.get(BeautifulSoup(changed.data, "html.parser").select_one("#progress")["hx-get"])  # type: ignore[index]  # it is there
    assert "hx-get" not in last.text
    assert "That was our fault" in text_of(last)


def test_a_rejection_tells_what_to_mend(world: World, sign_in: SignIn) -> None:
    row = rejected(world, "missing_ids", {"count": 3, "examples": ["a", "b", "c"]})
    shown = text_of(sign_in(world["captain"]).get(f"/submissions/{row.id}"))
    assert "Ids of the test data without a row: 3. Add their rows. For example: a, b, c." in shown
    assert "a word for organizers" not in shown


def test_the_log_that_was_kept_for_the_team_is_shown_without_escapes(world: World, sign_in: SignIn) -> None:
    error = rejected(
        world, "runtime_error", {"exit_code": 1, "signal": None}, log="\x1b[1mTraceback\x1b[0m\nKeyError"
    )
    assert "Traceback\nKeyError" in sign_in(world["captain"]).get(f"/submissions/{error.id}").text


def test_organizers_see_the_trouble_of_a_run_and_teams_do_not(world: World, sign_in: SignIn) -> None:
    row = rejected(world, "no_rows", {})
    assert "a word for organizers" in text_of(sign_in(world["organizer"]).get(f"/submissions/{row.id}"))
    for role in ("captain", "judge"):
        assert "a word for organizers" not in text_of(sign_in(world[role]).get(f"/submissions/{row.id}"))


def test_code_shows_what_it_used_against_its_limits(world: World, sign_in: SignIn) -> None:
    row = scored(world, kind=Kind.CODE)
    with db.transaction() as session:
        run = session.scalars(select(Run)).one()
        run.wall_s, run.cpu_s, run.peak_memory_bytes, run.output_bytes = 8.41, 15.9, 320_000_000, 1_200_000
    page = sign_in(world["captain"]).get(f"/submissions/{row.id}")
    shown = text_of(page)
    for text in ("8.41 s / 60.0 s", "320 MB / 1.0 GB", "15.9 s", "1.2 MB", "Predicting"):
        assert text in shown
    assert page.text.count('class="meter') == 4


def test_the_team_takes_back_what_waits_with_a_button(world: World, sign_in: SignIn) -> None:
    row = in_world(world)
    client = sign_in(world["member"])
    assert "Cancel this submission" in client.get(f"/submissions/{row.id}").text
    assert client.post(f"/submissions/{row.id}/cancel").status_code == 303
    assert "The submission was cancelled." in text_of(client.get(f"/submissions/{row.id}"))
    assert handed_in()[0].state == State.CANCELLED
    client.post(f"/submissions/{row.id}/cancel")
    assert "It cannot be cancelled" in text_of(client.get(f"/submissions/{row.id}"))


def test_a_judge_sees_no_button_and_cannot_cancel(world: World, sign_in: SignIn) -> None:
    row = in_world(world)
    client = sign_in(world["judge"])
    assert "Cancel this submission" not in client.get(f"/submissions/{row.id}").text
    client.post(f"/submissions/{row.id}/cancel")
    assert handed_in()[0].state == State.QUEUED


def test_nothing_hostile_comes_unescaped_into_a_page(world: World, sign_in: SignIn) -> None:
    client = sign_in(world["captain"])
    name = HOSTILE.replace('"', "").replace("/", "")
    assert upload(client, world, name=f"{name}.csv", message=HOSTILE).status_code == 303
    (row,) = handed_in()
    bad = rejected(
        world, "runtime_error", {"exit_code": HOSTILE}, log=HOSTILE, file_name=HOSTILE[:200], message=HOSTILE
    )
    for address in (
        f"/submissions/{row.id}", f"/submissions/{row.id}/progress", f"/submissions/{bad.id}",
        f"{world.address}/submissions",
    ):  # fmt: skip
        page = client.get(address)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img" not in page.text
    assert not {"\u202e", "\x1b"} & set(row.file_name + row.message)
    told = upload(client, world, name=f"{name}.exe")
    assert "<script>alert" not in told.text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_page_is_there_in_both_languages(world: World, sign_in: SignIn, language: str) -> None:
    client = sign_in(world["captain"])
    with client.session_transaction() as cookie:
        cookie["language"] = language
    row = rejected(world, "missing_ids", {"count": 3, "examples": ["a"]})
    for address in (f"{world.address}/submit", f"{world.address}/submissions", f"/submissions/{row.id}"):
        page = BeautifulSoup(client.get(address).data, "html.parser")
        assert page.html is not None
        assert page.html["lang"] == {"en": "en", "zh": "zh-CN"}[language]


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
