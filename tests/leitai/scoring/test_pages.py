"""The organizers' pages and the operators' page: what they show, in both languages, and to whom."""

import re
from datetime import timedelta
from typing import NamedTuple

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from leitai import db
from leitai.accounts.models import Person
from leitai.competitions.models import Task
from leitai.scoring import service
from leitai.scoring.models import Worker
from leitai.scoring.work import Result, Usage
from leitai.submissions.models import State, Submission
from tests.leitai.conftest import SignIn
from tests.leitai.factories import (
    make_competition,
    make_entry,
    make_person,
    make_phase,
    make_submission,
    make_task,
    make_team,
)

HOSTILE = "<script>alert(1)</script>\"'>"


class Scene(NamedTuple):
    """A task with a few submissions, and the people around it."""

    people: dict[str, Person]
    task: Task
    address: str
    scored: int
    rejected: int
    failed: int
    queued: int


@pytest.fixture
def scene(database: object) -> Scene:
    with db.transaction() as session:
        people = {
            "organizer": make_person(session),
            "organizer of another": make_person(session),
            "judge": make_person(session),
            "operator": make_person(session, is_operator=True),
            "captain": make_person(session, name=HOSTILE),
            "stranger": make_person(session),
        }
        competition = make_competition(session, organizers=(people["organizer"],))
        make_competition(session, organizers=(people["organizer of another"],))
        task = make_task(session, competition, judges=(people["judge"],))
        phase = make_phase(session, task, title={"en": "Preliminary round", "zh": "初赛"})
        team = make_team(session, people["captain"], name=HOSTILE, affiliation=HOSTILE)
        make_entry(session, task, team)
        early = db.now() - timedelta(hours=3)
        numbers = [
            make_submission(
                session, phase, team, file_name=f"{HOSTILE}.csv", message=HOSTILE, queued_at=early
            ).id
            for _ in range(3)
        ]
    scores = {"public": {"rmse": 0.4242, "mae": 1.0}, "private": {"rmse": 0.77, "mae": 1.0}}
    record(Result("scored", usage=Usage(1.0, 7200.0, 1, 1), **scores))
    record(Result("rejected", code="extra_ids", params={"count": 1, "examples": [HOSTILE]}))
    for _ in range(3):
        with db.transaction() as session:
            claim = service.claim(session, HOSTILE, 60)
            assert claim
            service.give_back(session, claim, f"The evaluator said {HOSTILE}", 3)
    with db.transaction() as session:
        queued = make_submission(session, phase, team).id
    return Scene(people, task, f"/competitions/{competition.slug}/{task.slug}/organize", *numbers, queued)


def record(result: Result) -> None:
    with db.transaction() as session:
        claim = service.claim(session, "worker", 60)
        assert claim
        assert service.record(session, claim, result)


def state(number: int) -> str:
    with db.reading() as session:
        return session.get_one(Submission, number).state


def page(client: FlaskClient, address: str, language: str = "en") -> str:
    answer = client.get(address, headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.text
    assert HOSTILE not in answer.text
    assert "<script>alert" not in answer.text
    return re.sub(r"\s+", " ", answer.text)


def test_the_overview_shows_the_task_in_figures(scene: Scene, sign_in: SignIn) -> None:
    shown = page(sign_in(scene.people["organizer"]), scene.address)
    assert "2.0 CPU h" in shown
    assert "0.4242" in shown
    assert "0.77" not in shown
    assert "4 today, 1 waiting or being scored" in shown
    assert "1 country · today +1" in shown
    assert "p95" in shown


def test_the_overview_of_a_task_that_nobody_entered(database: object, sign_in: SignIn) -> None:
    with db.transaction() as session:
        organizer = make_person(session)
        competition = make_competition(session, organizers=(organizer,))
        task = make_task(session, competition)
        make_phase(session, task)
    address = f"/competitions/{competition.slug}/{task.slug}/organize"
    client = sign_in(organizer)
    assert "nothing was scored yet" in page(client, address)
    assert "No team has entered yet." in page(client, f"{address}/entries")
    assert "No submission is like that." in page(client, f"{address}/submissions")


def test_submissions_come_with_their_runs_and_our_trouble(scene: Scene, sign_in: SignIn) -> None:
    shown = page(sign_in(scene.people["organizer"]), f"{scene.address}/submissions")
    for number in (scene.scored, scene.rejected, scene.failed, scene.queued):
        assert f"#{number}" in shown
    assert "3 runs" in shown
    assert shown.count("The evaluator said") >= 3
    assert "attempt 3" in shown


FILTERS = [
    ("state=scored", {"scored"}),
    ("state=failed", {"failed"}),
    ("trouble=yes", {"failed"}),
    ("team=alert(1)", {"scored", "rejected", "failed", "queued"}),
    ("team=%25", set()),
    ("state=nonsense&phase=nonsense&page=nonsense", {"scored", "rejected", "failed", "queued"}),
]


@pytest.mark.parametrize(("query", "expected"), FILTERS)
def test_submissions_are_filtered(scene: Scene, sign_in: SignIn, query: str, expected: set[str]) -> None:
    shown = page(sign_in(scene.people["organizer"]), f"{scene.address}/submissions?{query}")
    names = ("scored", "rejected", "failed", "queued")
    assert {name for name in names if f">#{getattr(scene, name)}<" in shown} == expected


def test_entries_show_captain_and_standing(scene: Scene, sign_in: SignIn) -> None:
    shown = page(sign_in(scene.people["organizer"]), f"{scene.address}/entries")
    assert scene.people["captain"].email in shown
    assert "0.4242" in shown


@pytest.mark.parametrize("path", ["", "/entries", "/submissions"])
def test_the_pages_are_in_chinese_too(scene: Scene, sign_in: SignIn, path: str) -> None:
    shown = page(sign_in(scene.people["organizer"]), scene.address + path, "zh-CN")
    assert "初赛" in shown
    assert 'lang="zh' in shown


def test_one_is_scored_again(scene: Scene, sign_in: SignIn) -> None:
    client = sign_in(scene.people["organizer"])
    answer = client.post(f"{scene.address}/submissions/{scene.scored}/rescore", data={"state": "scored"})
    assert (answer.status_code, answer.location.endswith("?state=scored")) == (302, True)
    assert state(scene.scored) == State.QUEUED
    again = client.post(f"{scene.address}/submissions/{scene.scored}/rescore", follow_redirects=True)
    assert "waits for its result already" in again.text


def test_all_are_scored_again_but_for_what_waits_anyway(scene: Scene, sign_in: SignIn) -> None:
    client = sign_in(scene.people["organizer"])
    answer = client.post(f"{scene.address}/rescore", data={"phase": ""}, follow_redirects=True)
    assert "3 submissions are scored again." in answer.text
    with db.reading() as session:
        assert set(session.scalars(select(Submission.state))) == {State.QUEUED}
        assert set(session.scalars(select(Submission.attempts))) == {0}


def test_a_phase_that_the_task_does_not_have_is_refused(scene: Scene, sign_in: SignIn) -> None:
    answer = sign_in(scene.people["organizer"]).post(f"{scene.address}/rescore", data={"phase": "nonsense"})
    assert answer.status_code == 400
    assert state(scene.scored) == State.SCORED


def test_one_is_cancelled_and_only_while_it_waits(scene: Scene, sign_in: SignIn) -> None:
    client = sign_in(scene.people["organizer"])
    client.post(f"{scene.address}/submissions/{scene.queued}/cancel")
    assert state(scene.queued) == State.CANCELLED
    answer = client.post(f"{scene.address}/submissions/{scene.scored}/cancel", follow_redirects=True)
    assert "has its result already" in answer.text
    assert state(scene.scored) == State.SCORED


def test_a_submission_of_another_task_is_not_in_reach(scene: Scene, sign_in: SignIn) -> None:
    with db.transaction() as session:
        other = make_submission(session, state=State.SCORED).id
    client = sign_in(scene.people["organizer"])
    for verb in ("rescore", "cancel"):
        assert client.post(f"{scene.address}/submissions/{other}/{verb}").status_code == 404
    assert state(other) == State.SCORED


ROUTES = [
    ("GET", ""),
    ("GET", "/latest"),
    ("GET", "/entries"),
    ("GET", "/submissions"),
    ("POST", "/rescore"),
    ("POST", "/submissions/{scored}/rescore"),
    ("POST", "/submissions/{queued}/cancel"),
]
OTHERS = ["organizer of another", "judge", "operator", "captain", "stranger"]


@pytest.mark.parametrize("who", OTHERS)
@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_nobody_else_organizes(scene: Scene, sign_in: SignIn, method: str, path: str, who: str) -> None:
    address = scene.address + path.format(scored=scene.scored, queued=scene.queued)
    assert sign_in(scene.people[who]).open(address, method=method).status_code == 403
    assert (state(scene.scored), state(scene.queued)) == (State.SCORED, State.QUEUED)


@pytest.mark.parametrize(("method", "path"), [*ROUTES, ("GET", "operate")])
def test_who_is_not_signed_in_is_asked_to(scene: Scene, client: FlaskClient, method: str, path: str) -> None:
    address = scene.address + path.format(scored=scene.scored, queued=scene.queued)
    answer = client.open("/operate" if path == "operate" else address, method=method)
    assert answer.status_code == 302
    assert "/sign-in" in answer.location
    assert (state(scene.scored), state(scene.queued)) == (State.SCORED, State.QUEUED)


@pytest.mark.parametrize("who", ["organizer", "organizer of another", "judge", "captain", "stranger"])
def test_nobody_else_operates(scene: Scene, sign_in: SignIn, who: str) -> None:
    assert sign_in(scene.people[who]).get("/operate").status_code == 403


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_operators_see_workers_queue_and_trouble(scene: Scene, sign_in: SignIn, language: str) -> None:
    client = sign_in(scene.people["operator"])
    with db.transaction() as session:
        engine = {"answers": False, "unready": f"the Docker engine {HOSTILE}"}
        session.add(Worker(name="here:1", engine=engine, disk={"free": 10**9, "total": 10**10}))
        session.add(Worker(name="gone:2", seen_at=db.now() - timedelta(minutes=5)))
    shown = page(client, "/operate", language)
    for expected in ("here:1", "gone:2", "the Docker engine", "The evaluator said", "1.0 GB"):
        assert expected in shown


def test_operators_are_told_when_nobody_scores(scene: Scene, sign_in: SignIn) -> None:
    client = sign_in(scene.people["operator"])
    assert "No worker is there." in page(client, "/operate")
    with db.transaction() as session:
        session.add(Worker(name="here:1", engine={"unready": "no engine"}))
    assert "No worker can score now." in page(client, "/operate")
    with db.transaction() as session:
        session.add(Worker(name="here:2", engine={"answers": True, "unready": ""}))
    shown = page(client, "/operate")
    assert "No worker" not in shown


def test_healthz_tells_queue_workers_and_engine(scene: Scene, client: FlaskClient) -> None:
    parts = client.get("/healthz").get_json()["parts"]
    assert parts["queue"]["waiting"] == 1
    assert parts["workers"] == {"ok": False, "seen": 0}
    assert parts["engine"]["ok"] is False
    with db.transaction() as session:
        session.add(Worker(name="here:1", engine={"answers": True, "unready": ""}))
        session.add(Worker(name="here:2", engine={"unready": "the Docker engine does not answer"}))
    parts = client.get("/healthz").get_json()["parts"]
    assert parts["workers"] == {"ok": True, "seen": 2}
    assert parts["engine"] == {"ok": True, "trouble": ["the Docker engine does not answer"]}
