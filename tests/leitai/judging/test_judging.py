"""What judges see, rule on and sign; and who may not."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import func, select

from leitai import db
from leitai.accounts.models import Person
from leitai.competitions.models import EntryMember, Phase, Task
from leitai.errors import Conflict, Invalid, NotAllowed, NotFound
from leitai.judging import service
from leitai.judging.models import Ruling, Signature
from leitai.judging.ruling import REASON_LENGTH, records
from leitai.leaderboards.service import withdraw
from leitai.settings import Settings
from leitai.submissions.models import State, Submission
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
from tests.leitai.leaderboards.scored import hidden, leaked, over, rescore, reveal, score

HOSTILE = "<script>alert(1)</script>\"'>"
REFUSED = ("member", "stranger", "operator", "other judge")


@dataclass
class World:
    """A task whose private board is shown: three teams, of which two are finalists."""

    task: Task
    phase: Phase
    teams: list[Team]
    people: dict[str, Person]

    @property
    def address(self) -> str:
        return f"/competitions/{self.task.competition.slug}/{self.task.slug}/judge"

    def place(self, team: int) -> str:
        return f"{self.address}/{self.phase.slug}/{self.teams[team].id}"

    @property
    def signing(self) -> str:
        return f"{self.address}/{self.phase.slug}/sign"


@pytest.fixture
def sealed(database: Settings) -> World:
    """Before the reveal. In private the second team is the first."""
    with db.transaction() as session:
        names = ("organizer", "judge", "second", "member", "stranger", "other judge")
        people = {name: make_person(session) for name in names}
        people["operator"] = make_person(session, is_operator=True)
        competition = make_competition(session, organizers=(people["organizer"],))
        task = make_task(session, competition, judges=(people["judge"], people["second"]))
        make_task(session, competition, judges=(people["other judge"],))
        phase = make_phase(session, task, advance={"most": 2})
        teams = [
            make_team(session, people["member"], name="Harbour Mist"),
            make_team(session, name=HOSTILE),
            make_team(session, name="Third"),
        ]
        for place, team in enumerate(teams, start=1):
            make_entry(session, task, team)
            private = hidden(place) if place < 3 else 0.99
            score(session, phase, team, place / 8, private, db.now() - timedelta(hours=9 - place))
        assert task.competition.slug
    return World(task, phase, teams, people)


@pytest.fixture
def world(sealed: World) -> World:
    """After it."""
    with db.transaction() as session:
        reveal(session, session.get_one(Phase, sealed.phase.id))
    return sealed


def of(session: Any, world: World) -> Phase:
    return session.get_one(Phase, world.phase.id)


def digest(session: Any, world: World) -> str:
    return service.bench(session, of(session, world)).final_list.digest


def rule(world: World, team: int, decision: str, reason: str = "", by: str = "judge") -> None:
    with db.transaction() as session:
        service.rule(session, world.people[by], of(session, world), world.teams[team].id, decision, reason)


def sign(world: World, by: str = "judge", given: str | None = None) -> None:
    with db.transaction() as session:
        phase = of(session, world)
        service.sign(session, world.people[by], phase, given or digest(session, world))


def current(world: World) -> list[bool]:
    """Of each signature, the newest first, whether it stands under the list as it is now."""
    with db.reading() as session:
        bench = service.bench(session, of(session, world))
        return [bench.is_current(row) for row in bench.signatures]


def test_the_finalists_are_the_teams_above_the_cut_of_the_private_board(world: World) -> None:
    with db.reading() as session:
        places = service.bench(session, of(session, world)).places
        assert [place.standing.team_id for place in places] == [world.teams[1].id, world.teams[0].id]
        assert [(place.rank, place.public_rank) for place in places] == [(1, 2), (2, 1)]


def test_without_a_cut_twenty_places_are_before_the_judges(database: Settings) -> None:
    with db.transaction() as session:
        phase = make_phase(session)
        for n in range(22):
            score(session, phase, make_team(session), n, n)
        reveal(session, phase)
        assert len(service.bench(session, phase).places) == 20


def test_a_judges_newest_ruling_counts_and_the_older_stay(world: World) -> None:
    rule(world, 0, "contested", "The code reads the clock.")
    rule(world, 0, "confirmed", "It was explained.")
    with db.reading() as session:
        record = records(session, of(session, world))[world.teams[0].id]
        assert (record.decision, len(record.rulings), len(record.counting)) == ("confirmed", 2, 1)


def test_one_judge_who_contests_outweighs_those_who_confirm(world: World) -> None:
    rule(world, 0, "contested", "Why?", by="second")
    rule(world, 0, "confirmed")
    with db.reading() as session:
        assert records(session, of(session, world))[world.teams[0].id].decision == "contested"


@pytest.mark.parametrize(
    ("decision", "reason"),
    [
        ("contested", ""),
        ("contested", " \n"),
        ("perhaps", "x"),
        ("", ""),
        ("confirmed", "x" * (REASON_LENGTH + 1)),
    ],
)
def test_a_ruling_must_be_a_decision_and_a_contest_needs_its_reason(
    world: World, decision: str, reason: str
) -> None:
    with pytest.raises(Invalid):
        rule(world, 0, decision, reason)


def test_only_finalists_are_ruled_on(world: World) -> None:
    with pytest.raises(NotFound):
        rule(world, 2, "confirmed")


@pytest.mark.parametrize("role", [*REFUSED, "organizer"])
def test_only_judges_of_the_task_rule_and_sign(world: World, role: str) -> None:
    with pytest.raises(NotAllowed):
        rule(world, 0, "confirmed", by=role)
    with pytest.raises(NotAllowed):
        sign(world, by=role)


def test_a_judge_with_a_team_in_the_task_neither_rules_nor_signs(world: World) -> None:
    with db.transaction() as session:
        entry_id = session.scalars(select(EntryMember.entry_id).limit(1)).one()
        judge = world.people["judge"]
        session.add(EntryMember(entry_id=entry_id, task_id=world.task.id, person_id=judge.id))
    with pytest.raises(NotAllowed, match="take part"):
        rule(world, 1, "confirmed")
    with pytest.raises(NotAllowed, match="take part"):
        sign(world)


def test_before_the_reveal_nothing_is_ruled_on_signed_or_reviewed(sealed: World) -> None:
    with db.transaction() as session:
        over(session, of(session, sealed))
    with pytest.raises(Conflict, match="not final"):
        rule(sealed, 0, "confirmed")
    with pytest.raises(Conflict, match="not final"):
        sign(sealed)
    with db.reading() as session, pytest.raises(Conflict, match="not final"):
        service.review(session, sealed.people["judge"], of(session, sealed), sealed.teams[0].id)


def test_a_contested_place_stops_the_signing_until_the_judge_confirms(world: World) -> None:
    rule(world, 0, "contested", "Why?", by="second")
    with pytest.raises(Conflict, match="Harbour Mist"):
        sign(world)
    rule(world, 0, "confirmed", by="second")
    sign(world)
    assert current(world) == [True]


def test_signing_the_same_list_again_is_nothing(world: World) -> None:
    sign(world)
    sign(world)
    sign(world, by="second")
    with db.reading() as session:
        assert session.scalar(select(func.count(Signature.id))) == 2


def test_a_list_that_is_not_what_was_read_is_not_signed(world: World) -> None:
    with db.reading() as session:
        read = digest(session, world)
    with db.transaction() as session:
        best = session.scalars(select(Submission).where(Submission.team_id == world.teams[0].id)).one()
        rescore(session, best, 0.125, 0.2)
    with pytest.raises(Conflict, match="has changed"):
        sign(world, given=read)


def test_a_changed_list_leaves_old_signatures_behind_with_what_they_signed(both_databases: Settings) -> None:
    with db.transaction() as session:
        judge = make_person(session)
        task = make_task(session, judges=(judge,))
        phase, teams = make_phase(session, task), [make_team(session) for _ in range(2)]
        first = score(session, phase, teams[0], 0.1, 0.1)
        score(session, phase, teams[1], 0.2, 0.2)
        reveal(session, phase)
        old = service.sign(session, judge, phase, service.bench(session, phase).final_list.digest)
        first.state = State.REJECTED
        withdraw(session, first)
        bench = service.bench(session, phase)
        assert not bench.is_current(old)
        assert not bench.signed_by(judge)
        assert [row["team_id"] for row in old.rows] == [team.id for team in teams]
        new = service.sign(session, judge, phase, bench.final_list.digest)
        bench = service.bench(session, phase)
        assert [row.id for row in bench.signatures] == [new.id, old.id]
        assert bench.signed_by(judge)


def test_a_team_that_renames_itself_leaves_the_signatures_standing(world: World) -> None:
    sign(world)
    with db.transaction() as session:
        session.get_one(Team, world.teams[0].id).name = "Another name"
    assert current(world) == [True]


def test_an_empty_board_is_not_signed(database: Settings) -> None:
    with db.transaction() as session:
        judge = make_person(session)
        phase = make_phase(session, make_task(session, judges=(judge,)))
        reveal(session, phase)
        with pytest.raises(Conflict, match="no place"):
            service.sign(session, judge, phase, service.bench(session, phase).final_list.digest)


@pytest.mark.parametrize("role", REFUSED)
def test_the_pages_are_for_judges_and_organizers(world: World, sign_in: SignIn, role: str) -> None:
    browser = sign_in(world.people[role])
    assert browser.get(world.address).status_code == 404
    assert browser.get(world.place(0)).status_code == 404
    assert browser.post(world.place(0), data={"decision": "confirmed"}).status_code == 404
    assert browser.post(world.signing, data={"digest": "x"}).status_code == 404


def test_whoever_is_not_signed_in_is_asked_to(world: World, client: FlaskClient) -> None:
    answers = [client.get(world.address), client.get(world.place(0)), client.post(world.signing)]
    assert [answer.status_code for answer in answers] == [302] * 3
    assert all("/sign-in" in answer.headers["Location"] for answer in answers)


def test_an_organizer_sees_everything_and_decides_nothing(world: World, sign_in: SignIn) -> None:
    browser = sign_in(world.people["organizer"])
    for way in (world.address, world.place(0)):
        page = BeautifulSoup(browser.get(way).text, "html.parser")
        assert not page.select("main form[method=post]")
    assert browser.post(world.place(0), data={"decision": "confirmed"}).status_code == 403
    assert browser.post(world.signing, data={"digest": "x"}).status_code == 403


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_judge_reviews_rules_and_signs(world: World, sign_in: SignIn, language: str) -> None:
    browser = sign_in(world.people["judge"])
    browser.get(f"/language/{language}")
    page = browser.get(world.address)
    assert page.status_code == 200
    assert f'<html lang="{language}' in page.text
    assert HOSTILE not in page.text
    review = browser.get(world.place(1))
    assert review.status_code == 200
    assert HOSTILE not in review.text
    assert leaked(review.text)
    assert browser.post(world.place(1), data={"decision": "confirmed", "reason": ""}).status_code == 303
    form = BeautifulSoup(browser.get(world.address).text, "html.parser").select_one("input[name=digest]")
    assert browser.post(world.signing, data={"digest": form["value"]}).status_code == 303
    assert current(world) == [True]


def test_a_refused_ruling_keeps_what_was_written(world: World, sign_in: SignIn) -> None:
    browser = sign_in(world.people["judge"])
    answer = browser.post(world.place(0), data={"decision": "contested", "reason": "  "})
    assert answer.status_code == 400
    page = BeautifulSoup(answer.text, "html.parser")
    assert page.select_one("input[name=decision][value=contested]").has_attr("checked")
    assert "Say why" in page.select_one("[role=alert]").text


def test_a_contested_place_is_told_on_the_page_that_cannot_be_signed(world: World, sign_in: SignIn) -> None:
    rule(world, 0, "contested", HOSTILE, by="second")
    browser = sign_in(world.people["judge"])
    assert HOSTILE not in browser.get(world.place(0)).text
    page = BeautifulSoup(browser.get(world.address).text, "html.parser")
    assert page.select_one("input[name=digest]") is None
    with db.reading() as session:
        answer = browser.post(world.signing, data={"digest": digest(session, world)})
    assert answer.status_code == 409
    assert "contested" in answer.text


def test_a_stale_signature_is_marked_and_shows_what_was_signed(world: World, sign_in: SignIn) -> None:
    sign(world)
    with db.transaction() as session:
        best = session.scalars(select(Submission).where(Submission.team_id == world.teams[0].id)).one()
        rescore(session, best, 0.125, 0.2)
    page = BeautifulSoup(sign_in(world.people["judge"]).get(world.address).text, "html.parser")
    assert "out of date" in page.select_one("#list").parent.text
    assert page.select_one("input[name=digest]") is not None


def test_nothing_private_is_seen_by_judges_or_organizers_before_the_reveal(
    sealed: World, sign_in: SignIn
) -> None:
    with db.transaction() as session:
        over(session, of(session, sealed))
    for role in ("judge", "organizer"):
        browser = sign_in(sealed.people[role])
        for way in (sealed.address, sealed.place(0), sealed.place(1)):
            assert leaked(browser.get(way).text) == []
    with db.reading() as session:
        assert session.scalar(select(func.count(Ruling.id))) == 0
