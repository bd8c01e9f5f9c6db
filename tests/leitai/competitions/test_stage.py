"""What stands above every tab: the phases as time goes by, the turnout, and the reader's own place."""

from datetime import datetime, timedelta

import pytest

from leitai import db
from leitai.competitions.models import Phase
from leitai.competitions.stage import current_phase, phase_views, stage
from leitai.errors import NotFound
from tests.leitai.factories import make_entry, make_person, make_phase, make_task, make_team

START = datetime(2026, 5, 1, tzinfo=db.now().tzinfo)
DAY = timedelta(days=1)


def phases() -> list[Phase]:
    return [
        Phase(slug="first", starts_at=START, ends_at=START + 4 * DAY),
        Phase(slug="last", starts_at=START + 6 * DAY, ends_at=START + 8 * DAY),
    ]


@pytest.mark.parametrize(
    ("days", "states", "current"),
    [
        (-1, ["coming", "coming"], "first"),
        (0, ["now", "coming"], "first"),
        (3.9, ["now", "coming"], "first"),
        (4, ["done", "coming"], "first"),
        (5, ["done", "coming"], "first"),
        (6, ["done", "now"], "last"),
        (8, ["done", "done"], "last"),
    ],
)
def test_phases_follow_the_clock(days: float, states: list[str], current: str) -> None:
    moment = START + days * DAY
    assert [view.state for view in phase_views(phases(), moment)] == states
    assert current_phase(phases(), moment).slug == current


def test_the_rail_tells_the_share_that_is_gone_and_the_time_that_is_left() -> None:
    first, last = phase_views(phases(), START + DAY)
    assert (first.share, first.left) == (0.25, 3 * DAY)
    assert (last.share, last.left) == (0.0, 5 * DAY)


def test_the_stage_counts_teams_and_countries(database: object) -> None:
    with db.transaction() as session:
        task = make_task(session)
        make_phase(session, task)
        for country in ("CN", "CN", "SG"):
            make_entry(session, task, make_team(session, country=country))
        found = stage(session, None, task.competition.slug, task.slug)
        assert (found.teams, found.countries) == (3, 2)
        assert (found.entry, found.team, found.may_organize, found.may_judge) == (None, None, False, False)
        assert found.primary.name == "rmse"
        assert (found.open, found.over) == (True, False)


def test_members_find_their_own_team(database: object) -> None:
    with db.transaction() as session:
        captain, member, other = (make_person(session) for _ in range(3))
        task = make_task(session)
        make_phase(session, task)
        team = make_team(session, captain, (member,))
        make_entry(session, task, team)
        make_team(session, other)
        for person, own in ((captain, team), (member, team), (other, None)):
            assert stage(session, person, task.competition.slug, task.slug).team is own


def test_a_task_that_is_not_there_is_not_found(database: object) -> None:
    with db.reading() as session, pytest.raises(NotFound):
        stage(session, None, "nowhere", "nothing")


def test_who_left_the_team_sees_no_team(database: object) -> None:
    with db.transaction() as session:
        captain, member = make_person(session), make_person(session)
        task = make_task(session)
        make_phase(session, task)
        team = make_team(session, captain, (member,))
        make_entry(session, task, team)
        session.delete(team.memberships[1])
        session.flush()
        assert stage(session, member, task.competition.slug, task.slug).team is None
        assert stage(session, captain, task.competition.slug, task.slug).team is team
