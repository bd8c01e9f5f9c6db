"""The pages of competitions and tasks, in both languages, for everybody who may come."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from leitai import db
from leitai.accounts.models import Person
from leitai.competitions.models import Entry, Task, Track
from tests.leitai.conftest import SignIn
from tests.leitai.factories import (
    make_competition,
    make_entry,
    make_person,
    make_phase,
    make_task,
    make_team,
)

ENGLISH, CHINESE = {"Accept-Language": "en"}, {"Accept-Language": "zh-CN"}
TABS = ["", "/data", "/rules", "/evaluation"]


def make_cup(session: Session, *organizers: Person) -> Task:
    competition = make_competition(
        session, organizers, slug="cup", title={"en": "Spring Cup", "zh": "春季赛"}
    )
    task = make_task(
        session,
        competition,
        slug="load",
        title={"en": "Load", "zh": "负荷预测"},
        statement={"en": "Forecast *it* <script>alert(1)</script>", "zh": "请**预测**"},
        rules={"en": "Be fair", "zh": "公平竞赛"},
        agreement={"en": "Keep it", "zh": "不得外传"},
    )
    make_phase(session, task, title={"en": "Preliminary", "zh": "初赛"}, advance={"share": 0.2, "most": 60})
    make_phase(
        session,
        task,
        position=1,
        title={"en": "Final", "zh": "决赛"},
        starts_at=db.now() + timedelta(days=40),
        ends_at=db.now() + timedelta(days=50),
    )
    return task


@pytest.fixture
def task(database: object) -> Task:
    with db.transaction() as session:
        return make_cup(session)


@pytest.fixture
def captain(database: object) -> Person:
    with db.transaction() as session:
        return make_person(session, name="Lin Hai")


def soup(client: FlaskClient, address: str, headers: dict[str, str] = ENGLISH) -> BeautifulSoup:
    response = client.get(address, headers=headers)
    assert response.status_code == 200, response.text
    return BeautifulSoup(response.text, "html.parser")


def heading(page: BeautifulSoup) -> str:
    found = page.find("h1")
    assert found is not None
    return found.get_text(strip=True)


@pytest.mark.parametrize(("headers", "title"), [(ENGLISH, "Spring Cup"), (CHINESE, "春季赛")])
@pytest.mark.parametrize("address", ["/", "/competitions/cup"])
def test_competitions_show_themselves_in_both_languages(
    task: Task, client: FlaskClient, headers: dict[str, str], title: str, address: str
) -> None:
    page = soup(client, address, headers)
    assert heading(page) == title
    assert page.select_one('a.task[href="/competitions/cup/load"]')


@pytest.mark.parametrize(("headers", "title"), [(ENGLISH, "Load"), (CHINESE, "负荷预测")])
@pytest.mark.parametrize("tab", TABS)
def test_tasks_show_themselves_in_both_languages(
    task: Task, client: FlaskClient, headers: dict[str, str], title: str, tab: str
) -> None:
    page = soup(client, f"/competitions/cup/load{tab}", headers)
    assert heading(page) == title
    assert len(page.select(".tabs [aria-current=page]")) == 1
    assert [item["class"] for item in page.select(".rail li")] == [["now"], ["coming"]]


@pytest.mark.parametrize("address", ["/", "/competitions/cup", *(f"/competitions/cup/load{t}" for t in TABS)])
def test_no_page_has_a_style_or_script_of_its_own(task: Task, client: FlaskClient, address: str) -> None:
    page = soup(client, address)
    assert page.select("[style], style, script:not([src]), [onclick], [onload]") == []


def test_a_statement_is_markdown_and_nothing_runs(task: Task, client: FlaskClient) -> None:
    page = soup(client, "/competitions/cup/load")
    statement = page.select_one("article.prose")
    assert statement is not None
    assert statement.em is not None
    assert statement.script is None


def test_the_home_page_puts_what_runs_first(task: Task, client: FlaskClient) -> None:
    with db.transaction() as session:
        make_competition(session, title={"en": "Old Cup", "zh": "旧赛"}, ends_at=db.now() - timedelta(days=1))
        make_competition(
            session, title={"en": "Next Cup", "zh": "新赛"}, starts_at=db.now() + timedelta(days=1)
        )
    page = soup(client, "/")
    assert heading(page) == "Spring Cup"
    others = [item.get_text() for item in page.select('section[aria-labelledby="others"] h3')]
    assert others == ["Next Cup", "Old Cup"]


def test_an_empty_portal_says_what_to_do(database: object, client: FlaskClient) -> None:
    page = soup(client, "/")
    assert heading(page) == "No competition yet"
    assert "leitai apply" in page.get_text()


def test_tasks_are_filtered_by_track_without_script(task: Task, client: FlaskClient) -> None:
    with db.transaction() as session:
        make_task(session, session.get_one(Task, task.id).competition, slug="other", title={"en": "Other"})
        make_phase(session, session.scalars(select(Task).where(Task.slug == "other")).one())
        track = session.get_one(Track, session.get_one(Task, task.id).track_id).slug
    everything = soup(client, "/competitions/cup")
    assert len(everything.select("a.task")) == 2
    one = soup(client, f"/competitions/cup?track={track}")
    assert [item.get_text() for item in one.select("a.task h3")] == ["Load"]
    assert len(soup(client, "/competitions/cup?track=nonsense").select("a.task")) == 2


def test_the_turnout_is_counted(task: Task, client: FlaskClient) -> None:
    with db.transaction() as session:
        member = make_person(session)
        for country in ("CN", "SG", "SG"):
            make_entry(
                session, task, make_team(session, None, (member,) if country == "CN" else (), country=country)
            )
    tiles = [item.get_text() for item in soup(client, "/").select(".tile .v")]
    assert tiles == ["3", "4", "2", "1"]


@pytest.mark.parametrize(
    "address", ["/competitions/none", "/competitions/cup/none", "/competitions/none/load/data"]
)
def test_what_is_not_there_is_not_found(task: Task, client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_the_evaluation_says_how_to_hand_in_and_what_is_measured(task: Task, client: FlaskClient) -> None:
    text = soup(client, "/competitions/cup/load/evaluation").get_text(" ", strip=True)
    for wanted in ("rmse", "Root mean squared error", "lower is better", "[0, ∞)", "leitai submit cup/load"):
        assert wanted in text
    assert "top 20 % advance, 60 teams at most" in text


def test_only_organizers_and_judges_see_their_links(database: object, sign_in: SignIn) -> None:
    with db.transaction() as session:
        organizer, judge, operator = (make_person(session, is_operator=n == 2) for n in range(3))
        task = make_cup(session, organizer)
        task.judges.append(judge)
    seen = {}
    for name, person in {"organizer": organizer, "judge": judge, "operator": operator}.items():
        page = soup(sign_in(person), "/competitions/cup/load")
        links = {item["href"] for item in page.select(".facts a")}
        seen[name] = {str(link).rsplit("/", 1)[1] for link in links}
    assert seen == {"organizer": {"organize"}, "judge": {"judge"}, "operator": set()}


@pytest.mark.parametrize("tab", [*TABS, "/enter"])
def test_members_find_their_way_on_every_tab(task: Task, captain: Person, sign_in: SignIn, tab: str) -> None:
    with db.transaction() as session:
        team = make_team(session, captain, name="<b>Harbour</b>")
        make_entry(session, task, team)
    page = BeautifulSoup(
        sign_in(captain).get(f"/competitions/cup/load{tab}", follow_redirects=True).text, "html.parser"
    )
    assert [item["href"] for item in page.select(".tabs .push")] == ["/competitions/cup/load/submit"]
    if not tab:
        assert page.select(f'.side a[href="/teams/{team.id}"]')[0].get_text() == "<b>Harbour</b>"


# Entering.


ENTER = "/competitions/cup/load/enter"


def filled(client: FlaskClient, headers: dict[str, str] = ENGLISH, **values: str) -> dict[str, str]:
    """What the form sends with both boxes ticked."""
    page = soup(client, ENTER, headers)
    hidden = {
        str(item["name"]): str(item.get("value", "")) for item in page.select("form input[type=hidden]")
    }
    chosen = page.select_one("input[name=team][checked]")
    assert chosen is not None
    sent = {**hidden, "rules": "y", "agreement": "y", "team": str(chosen["value"]), **values}
    return {name: value for name, value in sent.items() if value}


def entries() -> list[Entry]:
    with db.reading() as session:
        return list(session.scalars(select(Entry)))


def test_a_visitor_signs_in_first(task: Task, client: FlaskClient) -> None:
    response = client.get(ENTER)
    assert response.location.startswith("/sign-in?next=")
    assert client.post(ENTER).status_code in {302, 401}


@pytest.mark.parametrize("headers", [ENGLISH, CHINESE])
def test_a_captain_reads_both_texts_and_enters(
    task: Task, captain: Person, sign_in: SignIn, headers: dict[str, str]
) -> None:
    with db.transaction() as session:
        team = make_team(session, captain, name="雾港队")
    browser = sign_in(captain)
    page = soup(browser, ENTER, headers)
    assert len(page.select(".reading")) == 2
    assert page.select("input[name=rules][checked], input[name=agreement][checked]") == []
    response = browser.post(ENTER, data=filled(browser, headers), headers=headers)
    assert response.location == "/competitions/cup/load/data"
    [entry] = entries()
    assert entry.team_id == team.id
    assert "雾港队" in soup(browser, response.location, headers).get_text()


def test_somebody_without_a_team_enters_as_a_team_of_one(
    task: Task, captain: Person, sign_in: SignIn
) -> None:
    browser = sign_in(captain)
    sent = filled(browser)
    assert sent["team"] == "alone"
    assert browser.post(ENTER, data={**sent, "team_name": "Solo"}).status_code == 302
    assert len(entries()) == 1


@pytest.mark.parametrize("box", ["rules", "agreement"])
def test_an_unticked_box_shows_the_form_again(task: Task, captain: Person, sign_in: SignIn, box: str) -> None:
    browser = sign_in(captain)
    sent = filled(browser, **{box: ""})
    response = browser.post(ENTER, data={**sent, "team_name": "Solo"}, headers=ENGLISH)
    page = BeautifulSoup(response.text, "html.parser")
    assert response.status_code == 400
    assert "tick both boxes" in page.select(".note.bad")[0].get_text()
    assert page.select_one("input[name=team_name]")["value"] == "Solo"  # type: ignore[index]  # it is there
    assert len(page.select("input[type=checkbox][checked]")) == 1
    assert entries() == []


def test_rules_that_changed_meanwhile_are_shown_again_unticked(
    task: Task, captain: Person, sign_in: SignIn
) -> None:
    browser = sign_in(captain)
    sent = filled(browser, team_name="Solo")
    with db.transaction() as session:
        session.get_one(Task, task.id).rules = {"en": "Be fairer", "zh": "更公平"}
    response = browser.post(ENTER, data=sent, headers=ENGLISH)
    page = BeautifulSoup(response.text, "html.parser")
    assert response.status_code == 409
    assert "Be fairer" in page.get_text()
    assert page.select("input[name=rules][checked]") == []
    assert len(page.select("input[name=agreement][checked]")) == 1
    assert entries() == []
    assert browser.post(ENTER, data=filled(browser, team_name="Solo")).status_code == 302


@pytest.mark.parametrize("team", ["", "0", "999", "-1", "x", "１", "9" * 30])
def test_a_team_that_is_not_mine_is_refused(task: Task, captain: Person, sign_in: SignIn, team: str) -> None:
    browser = sign_in(captain)
    assert browser.post(ENTER, data={**filled(browser), "team": team}).status_code in {400, 404}
    assert entries() == []


def test_who_has_entered_is_led_to_the_data(task: Task, captain: Person, sign_in: SignIn) -> None:
    with db.transaction() as session:
        make_entry(session, task, make_team(session, captain))
    assert sign_in(captain).get(ENTER).location == "/competitions/cup/load/data"


def test_a_form_sent_twice_enters_once(task: Task, captain: Person, sign_in: SignIn) -> None:
    browser = sign_in(captain)
    sent = filled(browser, team_name="Solo")
    locations = [browser.post(ENTER, data=sent).location for _ in range(2)]
    assert locations == ["/competitions/cup/load/data"] * 2
    assert len(entries()) == 1


def test_the_team_of_one_is_offered_a_name_that_is_free(task: Task, captain: Person, sign_in: SignIn) -> None:
    with db.transaction() as session:
        make_team(session, name=captain.name)
    page = soup(sign_in(captain), ENTER)
    assert [item["value"] for item in page.select("input[name=team_name]")] == [f"{captain.name} 2"]


def test_a_form_from_elsewhere_is_refused(task: Task, captain: Person, app: object, sign_in: SignIn) -> None:
    browser = sign_in(captain)
    sent = filled(browser, team_name="Solo")
    browser.application.config["WTF_CSRF_ENABLED"] = True
    assert browser.post(ENTER, data={**sent, "csrf_token": "forged"}).status_code == 400
    assert entries() == []
