"""A program's words on pages and in the API: who sees which, and that they stay words."""

import io
import json
import re
from typing import Any, NamedTuple

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from rich.console import Console

from leitai import db
from leitai.accounts import service as accounts
from leitai.accounts.models import Person
from leitai.client import listing
from leitai.competitions.models import Kind
from leitai.submissions.models import State, Submission
from tests.leitai.conftest import SignIn
from tests.leitai.factories import (
    EVALUATION,
    make_competition,
    make_entry,
    make_person,
    make_phase,
    make_run,
    make_submission,
    make_task,
    make_team,
)

TEAMS, ORGANIZERS = "what the team may see", "what only organizers may see"
MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>\x1b[31m\x1b]0;t\x07\u202e\" ' & {{ 7 * 7 }}"


class World(NamedTuple):
    """A rejected submission, and a person for every role."""

    number: int
    people: dict[str, Person]


@pytest.fixture
def world(database: object) -> World:
    return make_world()


def make_world(**of_run: object) -> World:
    with db.transaction() as session:
        roles = ("captain", "member", "rival", "organizer", "judge", "elsewhere", "stranger")
        people = {role: make_person(session) for role in roles}
        people["operator"] = make_person(session, is_operator=True)
        competition = make_competition(session, (people["organizer"],))
        make_competition(session, (people["elsewhere"],))
        evaluation = EVALUATION | {"file": "predictions.csv"}
        task = make_task(
            session,
            competition,
            (people["judge"],),
            kind=Kind.CODE,
            evaluation=evaluation,
            log_budget=3_000_000,
        )
        phase = make_phase(session, task)
        team = make_team(session, people["captain"], (people["member"],))
        make_entry(session, task, team)
        make_entry(session, task, make_team(session, people["rival"]))
        row = make_submission(
            session, phase, team, state=State.REJECTED, file_name="a.zip", finished_at=db.now()
        )
        given = {
            "code": "runtime_error",
            "params": {"exit_code": 1, "signal": None},
            "log": TEAMS,
            "stdout": f"{TEAMS} too",
            "tails": {"stderr": ORGANIZERS},
            **of_run,
        }
        row.run_id = make_run(
            session, row, state=State.REJECTED, finished_at=db.now(), stage="done", **given
        ).id
        return World(row.id, people)


def page_of(world: World, sign_in: SignIn, role: str, part: str = "") -> tuple[int, str]:
    answer = sign_in(world.people[role]).get(f"/submissions/{world.number}{part}")
    return answer.status_code, answer.text


def answer_of(world: World, client: FlaskClient, role: str) -> tuple[int, dict[str, Any]]:
    with db.transaction() as session:
        token = accounts.make_token(session, world.people[role], "test")
    header = {"Authorization": f"Bearer {token}"}
    answer = client.get(f"/api/v1/submissions/{world.number}", headers=header)
    return answer.status_code, json.loads(answer.data)


SEES_TEAMS = ["captain", "member", "judge", "organizer"]
SEES_NOTHING = ["rival", "elsewhere", "stranger", "operator"]


@pytest.mark.parametrize("part", ["", "/progress"])
@pytest.mark.parametrize("role", SEES_TEAMS)
def test_pages_show_the_teams_part_and_the_rest_to_organizers_alone(
    world: World, sign_in: SignIn, role: str, part: str
) -> None:
    status, page = page_of(world, sign_in, role, part)
    assert status == 200
    assert page.count(TEAMS) == 2
    assert (ORGANIZERS in page) == (role == "organizer")


@pytest.mark.parametrize("role", SEES_NOTHING)
def test_whoever_may_not_see_the_submission_sees_no_word(
    world: World, sign_in: SignIn, client: FlaskClient, role: str
) -> None:
    for part in ("", "/progress"):
        status, page = page_of(world, sign_in, role, part)
        assert (status, TEAMS in page, ORGANIZERS in page) == (404, False, False)
    status, answer = answer_of(world, client, role)
    assert (status, answer["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize("role", SEES_TEAMS)
def test_the_api_tells_what_the_team_may_see_and_to_nobody_more(
    world: World, client: FlaskClient, role: str
) -> None:
    status, answer = answer_of(world, client, role)
    assert (status, answer["log"], answer["stdout"]) == (200, TEAMS, f"{TEAMS} too")
    assert ORGANIZERS not in json.dumps(answer)


def test_a_list_of_submissions_leaves_the_logs_out(world: World, client: FlaskClient) -> None:
    with db.transaction() as session:
        token = accounts.make_token(session, world.people["captain"], "test")
        task = session.get_one(Submission, world.number).task
        address = f"/api/v1/tasks/{task.competition.slug}/{task.slug}/submissions"
    (row,) = json.loads(client.get(address, headers={"Authorization": f"Bearer {token}"}).data)
    assert (row["id"], row["log"], row["stdout"], row["log_note"]) == (world.number, "", "", "")
    assert row["text"].startswith("Your program ended with an error")


def test_the_reader_is_told_that_some_is_kept_back_and_why(
    database: object, sign_in: SignIn, client: FlaskClient
) -> None:
    world = make_world(
        log="", stdout="", log_cut=True, params={"exit_code": 1, "signal": None, "error": "KeyError"}
    )
    _, page = page_of(world, sign_in, "captain")
    said = "Your team has seen 3.0 MB of its programs' output in this task. More is kept back"
    assert said in BeautifulSoup(page, "html.parser").get_text()
    assert "Your program ended with KeyError (exit code 1)" in page
    assert answer_of(world, client, "captain")[1]["log_note"].startswith(said)


@pytest.mark.parametrize("role", SEES_TEAMS)
def test_markup_and_escapes_in_an_output_do_nothing(
    database: object, sign_in: SignIn, client: FlaskClient, role: str
) -> None:
    world = make_world(log=MARKUP, stdout=MARKUP, tails={"stdout": MARKUP, "stderr": MARKUP})
    status, page = page_of(world, sign_in, role)
    assert status == 200
    found = BeautifulSoup(page, "html.parser")
    assert len(found.select("pre")) == (4 if role == "organizer" else 2)
    assert all(block.get_text().startswith("<script>alert(1)</script><img") for block in found.select("pre"))
    assert all(not block.find() for block in found.select("pre")), "text alone, no element"
    assert all("{{ 7 * 7 }}" in block.get_text() for block in found.select("pre"))
    assert not re.search("[\x00-\x08\x1b\u202e]", page)
    assert not re.search("[\x00-\x08\x1b\u202e]", answer_of(world, client, role)[1]["log"])


def test_the_command_line_shows_both_streams_and_why_some_is_kept_back(
    world: World, client: FlaskClient
) -> None:
    _, row = answer_of(world, client, "captain")
    console = Console(file=io.StringIO(), width=200)
    console.print(listing.submission(row | {"log_note": "More is kept back."}))
    written = console.file.getvalue()  # type: ignore[attr-defined]  # it is the one above
    assert (written.count(TEAMS), "More is kept back." in written) == (2, True)
