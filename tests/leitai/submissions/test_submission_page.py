"""The page of one submission: who sees it, what it tells, and what it keeps back."""

import io
import json

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select

from leitai import db, storage
from leitai.competitions.models import Kind, Phase
from leitai.submissions.models import Run, Score, State, Submission
from leitai.teams.models import Team
from tests.leitai.conftest import SignIn
from tests.leitai.factories import (
    make_run,
)
from tests.leitai.submissions.pages import (
    World,
    handed_in,
    in_world,
    rejected,
    scored,
    text_of,
)

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
