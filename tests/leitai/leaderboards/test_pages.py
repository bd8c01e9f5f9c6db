"""The board's page, its export and its API: what they show, to whom, and what they keep back."""

import csv
import io
import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from leitai import db
from leitai.accounts.models import Person
from leitai.accounts.service import make_token
from leitai.competitions.models import Phase, Task
from leitai.leaderboards import history
from leitai.leaderboards.exporting import plain
from leitai.settings import Settings
from leitai.teams.models import Team
from tests.leitai.conftest import SignIn
from tests.leitai.factories import (
    make_competition,
    make_entry,
    make_person,
    make_phase,
    make_task,
    make_team,
)
from tests.leitai.leaderboards.scored import hidden, leaked, reveal, score

HOSTILE = "<script>alert(1)</script>\"'>"
FORMULA = "=cmd|'/c calc'!A1"


@dataclass
class World:
    """A task with three teams on its board, and one person for every role."""

    task: Task
    phase: Phase
    teams: list[Team]
    people: dict[str, Person]

    @property
    def address(self) -> str:
        return f"/competitions/{self.task.competition.slug}/{self.task.slug}/board"

    @property
    def api(self) -> str:
        return f"/api/v1/tasks/{self.task.competition.slug}/{self.task.slug}/board"


@pytest.fixture
def world(database: Settings) -> World:
    with db.transaction() as session:
        people = {name: make_person(session) for name in ("member", "organizer", "judge", "stranger")}
        people["operator"] = make_person(session, is_operator=True)
        competition = make_competition(session, organizers=(people["organizer"],))
        task = make_task(session, competition, judges=(people["judge"],))
        phase = make_phase(session, task, advance={"most": 2})
        captains = (people["member"], None, None)
        names = ("Harbour Mist", HOSTILE, FORMULA)
        teams = [
            make_team(session, captain, name=name, country=country, affiliation="@SUM(1)")
            for captain, name, country in zip(captains, names, ("CN", "SG", "CN"), strict=True)
        ]
        for team in teams:
            make_entry(session, task, team)
        # In private the order is turned round.
        for place, team in enumerate(teams, start=1):
            score(session, phase, team, place / 8, hidden(place), db.now() - timedelta(hours=9 - place))
        assert task.competition.slug
    return World(task, phase, teams, people)


@pytest.fixture
def token(world: World) -> dict[str, str]:
    with db.transaction() as session:
        text = make_token(session, world.people["member"], "tests")
    return {"Authorization": f"Bearer {text}"}


def shown(world: World) -> None:
    with db.transaction() as session:
        reveal(session, session.get_one(Phase, world.phase.id))


def names(answer: TestResponse) -> list[str]:
    soup = BeautifulSoup(answer.text, "html.parser")
    return [cell.text for cell in soup.select("#standings td.team b")]


def test_anybody_sees_the_public_board_in_order(world: World, client: FlaskClient) -> None:
    answer = client.get(world.address)
    assert answer.status_code == 200
    assert names(answer) == [team.name for team in world.teams]
    assert "0.125000" in answer.text


def test_names_are_shown_as_text(world: World, client: FlaskClient) -> None:
    for way in (world.address, f"{world.address}?find=%3Cscript%3E"):
        assert HOSTILE not in client.get(way).text


def test_the_own_row_stands_out_and_its_rank_is_told(world: World, sign_in: SignIn) -> None:
    page = BeautifulSoup(sign_in(world.people["member"]).get(world.address).text, "html.parser")
    assert page.select_one("tr.own td.team b").text == "Harbour Mist"
    assert "rank 1 of 3" in page.select_one(".own-place").text


def test_the_cut_is_drawn_below_the_last_team_that_goes_on(world: World, client: FlaskClient) -> None:
    page = BeautifulSoup(client.get(world.address).text, "html.parser")
    assert [row.select_one("b").text for row in page.select("tr.cut")] == [HOSTILE]
    assert "2 teams go on" in page.text


def test_teams_are_found_by_name_and_country_with_their_ranks(world: World, client: FlaskClient) -> None:
    found = client.get(f"{world.address}?country=CN")
    assert names(found) == ["Harbour Mist", FORMULA]
    ranks = BeautifulSoup(found.text, "html.parser").select("#standings td.rank .medal")
    assert [rank.text for rank in ranks] == ["1", "3"]
    assert names(client.get(f"{world.address}?find=harbour")) == ["Harbour Mist"]
    assert names(client.get(f"{world.address}?find=%25")) == []


def test_a_page_holds_fifty_and_the_own_rank_is_told_on_every_one(world: World, sign_in: SignIn) -> None:
    with db.transaction() as session:
        phase = session.get_one(Phase, world.phase.id)
        for n in range(51):
            score(session, phase, make_team(session, name=f"Ahead {n:02}"), n / 1000)
    browser = sign_in(world.people["member"])
    first, second = browser.get(world.address), browser.get(f"{world.address}?page=2")
    assert names(first) == [f"Ahead {n:02}" for n in range(50)]
    assert names(second)[:2] == ["Ahead 50", "Harbour Mist"]
    for answer in (first, second):
        assert "rank 52 of 54" in answer.text
    assert "page=2" in BeautifulSoup(first.text, "html.parser").select_one(".own-place a")["href"]
    assert names(browser.get(f"{world.address}?page=99")) == names(second)
    assert names(browser.get(f"{world.address}?page=-1")) == names(first)


def test_a_page_that_looks_again_gets_its_table_alone(world: World, client: FlaskClient) -> None:
    again = client.get(world.address, headers={"HX-Request": "true"})
    assert again.text.lstrip().startswith('<div id="standings"')
    back = client.get(world.address, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in back.text
    assert "HX-Request" in back.headers["Vary"]


def test_the_chart_shows_how_the_best_score_moved(world: World, client: FlaskClient) -> None:
    with db.transaction() as session:
        phase = session.get_one(Phase, world.phase.id)
        score(session, phase, world.teams[1], 0.0625)
        column = history.evaluators.columns(world.task.evaluation)[0]
        series = history.best_over_time(session, phase, column)
    assert [value for _, value in series] == [0.125, 0.0625]
    assert "<svg" in BeautifulSoup(client.get(world.address).text, "html.parser").find("figure").decode()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_speaks_both_languages(world: World, client: FlaskClient, language: str) -> None:
    client.get(f"/language/{language}")
    for split in ("public", "private"):
        if split == "private":
            shown(world)
        answer = client.get(f"{world.address}?split={split}")
        assert answer.status_code == 200
        assert f'<html lang="{language}' in answer.text


def test_nothing_private_is_seen_before_its_time(
    world: World, sign_in: SignIn, client: FlaskClient, token: dict[str, str]
) -> None:
    browsers = [client, *(sign_in(person) for person in world.people.values())]
    ways = [
        world.address,
        f"{world.address}?split=private",
        f"{world.address}?split=private&country=CN",
        f"{world.address}.csv",
        f"{world.address}.csv?split=private",
    ]
    for browser in browsers:
        for way in ways:
            for headers in ({}, {"HX-Request": "true"}):
                assert leaked(browser.get(way, headers=headers).text) == []
    with db.transaction() as session:
        secrets = [make_token(session, person, "all") for person in world.people.values()]
    for headers in ({}, token, *({"Authorization": f"Bearer {text}"} for text in secrets)):
        for split in ("public", "private"):
            assert leaked(client.get(f"{world.api}?split={split}", headers=headers).text) == []


def test_a_private_board_answers_alike_whether_it_has_rows_or_none(world: World, client: FlaskClient) -> None:
    with db.transaction() as session:
        empty = make_phase(session, session.merge(world.task), ends_at=world.phase.ends_at)
    answers = [
        client.get(f"{world.address}?split=private&phase={phase.slug}") for phase in (world.phase, empty)
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    said = [BeautifulSoup(answer.text, "html.parser").find("main").text for answer in answers]
    assert said[0] == said[1]


def test_a_revealed_board_is_closed_again_when_its_date_is_moved(world: World, client: FlaskClient) -> None:
    shown(world)
    with db.transaction() as session:
        session.get_one(Phase, world.phase.id).private_from = db.now() + timedelta(days=1)
    assert client.get(f"{world.address}?split=private").status_code == 404


def test_once_shown_the_private_board_comes_first(
    world: World, client: FlaskClient, token: dict[str, str]
) -> None:
    shown(world)
    answer = client.get(world.address)
    assert names(answer) == [team.name for team in reversed(world.teams)]
    assert len(leaked(answer.text)) == 6
    assert names(client.get(f"{world.address}?split=public")) == [team.name for team in world.teams]
    found = client.get(f"{world.api}?split=private", headers=token).get_json()
    assert [row["team_id"] for row in found["rows"]] == [team.id for team in reversed(world.teams)]


@pytest.mark.parametrize("query", ["phase=nothing", "phase=%00", "split=private"])
def test_what_is_not_there_is_not_found(world: World, client: FlaskClient, query: str) -> None:
    assert client.get(f"{world.address}?{query}").status_code == 404


def test_the_api_tells_a_page(world: World, client: FlaskClient, token: dict[str, str]) -> None:
    found = client.get(f"{world.api}?page=1", headers=token).get_json()
    assert (found["phase"], found["split"], found["total"], found["cut"]) == (
        world.phase.slug, "public", 3, 2,
    )  # fmt: skip
    first = found["rows"][0]
    assert (first["rank"], first["team"], first["own"], found["own"]) == (1, "Harbour Mist", True, 1)
    assert list(first["scores"]) == ["rmse", "mae"]
    assert client.get(f"{world.api}?split=private", headers=token).status_code == 404
    assert client.get(f"{world.api}?page=0", headers=token).status_code == 422


def test_a_cookie_opens_no_api(world: World, sign_in: SignIn) -> None:
    assert sign_in(world.people["member"]).get(world.api).status_code == 401


@pytest.mark.parametrize("role", ["member", "judge", "stranger", "operator"])
def test_only_organizers_export(world: World, sign_in: SignIn, role: str) -> None:
    assert sign_in(world.people[role]).get(f"{world.address}.csv").status_code == 403


def test_the_export_asks_whoever_is_not_signed_in_to_sign_in(world: World, client: FlaskClient) -> None:
    answer = client.get(f"{world.address}.csv")
    assert answer.status_code == 302
    assert "/sign-in" in answer.headers["Location"]


def rows_of(answer: TestResponse) -> list[dict[str, str]]:
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


def test_the_export_has_every_team_and_private_columns_once_shown(world: World, sign_in: SignIn) -> None:
    browser = sign_in(world.people["organizer"])
    before = rows_of(browser.get(f"{world.address}.csv"))
    assert [row["rank"] for row in before] == ["1", "2", "3"]
    assert not [name for name in before[0] if "private" in name]
    shown(world)
    after = rows_of(browser.get(f"{world.address}.csv"))
    assert [row["private rank"] for row in after] == ["3", "2", "1"]
    assert float(after[0]["private rmse"]) == hidden(1)


def test_the_export_holds_no_formula(world: World, sign_in: SignIn) -> None:
    rows = rows_of(sign_in(world.people["organizer"]).get(f"{world.address}.csv"))
    assert rows[2]["team"] == f"'{FORMULA}"
    cells = [cell for row in rows for cell in row.values()]
    assert not [cell for cell in cells if re.match(r"\s*[=+\-@\t\r]", cell)]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", " =1", "＝1", "\u3000=1"])
def test_a_formula_becomes_text(text: str) -> None:
    assert plain(text) == f"'{text}"


@pytest.mark.parametrize("text", ["a=1", "", "3", "雾港队"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert plain(text) == text
