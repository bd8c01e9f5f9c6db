"""Who gets into the next phase."""

from datetime import timedelta
from typing import Any

import pytest

from leitai import db
from leitai.competitions.models import Phase
from leitai.errors import Conflict
from leitai.leaderboards.advancing import cut, require_admission
from leitai.settings import Settings
from leitai.submissions import quota
from leitai.submissions.models import State
from leitai.submissions.refusals import NotAdvanced
from tests.leitai.factories import make_phase, make_submission, make_task, make_team
from tests.leitai.leaderboards.scored import over, reveal, score


@pytest.mark.parametrize(
    ("advance", "teams", "passed"),
    [
        ({}, 10, None),
        ({"share": 0.2}, 10, 2),
        ({"share": 0.2}, 11, 3),
        ({"share": 0.1}, 30, 3),
        ({"share": 0.07}, 100, 7),
        ({"share": 0.2}, 0, 0),
        ({"share": 1.0}, 3, 3),
        ({"most": 60}, 100, 60),
        ({"most": 60}, 12, 12),
        ({"share": 0.5, "most": 3}, 10, 3),
        ({"share": 0.1, "most": 3}, 10, 1),
    ],
)
def test_the_cut_is_the_smaller_of_share_and_number(
    advance: dict[str, Any], teams: int, passed: int | None
) -> None:
    assert cut(advance, teams) == passed


def test_every_submission_is_asked_for_its_admission() -> None:
    assert require_admission in quota.admission_checks


def two_phases(session: Any, **first: Any) -> tuple[Phase, Phase]:
    """A preliminary that ends now, of which one team goes on, and the phase after it."""
    task, now = make_task(session), db.now()
    start = now - timedelta(days=9)
    given = {"starts_at": start, "ends_at": now, "private_from": now, "advance": {"most": 1}, **first}
    return (
        make_phase(session, task, position=1, **given),
        make_phase(session, task, position=2, starts_at=now),
    )


def test_the_private_board_decides_once_it_is_shown(database: Settings) -> None:
    with db.transaction() as session:
        first, second = two_phases(session)
        winner, loser, absent = (make_team(session) for _ in range(3))
        score(session, first, loser, 0.1, private=0.9)
        score(session, first, winner, 0.2, private=0.3)
        for team in (winner, loser):
            with pytest.raises(Conflict, match="not settled"):
                require_admission(session, team, second)
        reveal(session, first)
        second.starts_at = db.now()
        require_admission(session, winner, second)
        for team in (loser, absent):
            with pytest.raises(NotAdvanced, match="1 teams"):
                require_admission(session, team, second)


def test_the_public_board_decides_where_the_private_one_comes_later(database: Settings) -> None:
    with db.transaction() as session:
        first, second = two_phases(session, private_from=db.now() + timedelta(days=30))
        winner, loser = make_team(session), make_team(session)
        score(session, first, loser, 0.2, private=0.1)
        score(session, first, winner, 0.1, private=0.9)
        late = make_submission(session, first, loser)
        with pytest.raises(Conflict):
            require_admission(session, winner, second)
        late.state = State.CANCELLED
        session.flush()
        require_admission(session, winner, second)
        with pytest.raises(NotAdvanced):
            require_admission(session, loser, second)


def test_without_a_rule_everybody_goes_on(database: Settings) -> None:
    with db.transaction() as session:
        first, second = two_phases(session, advance={})
        team = make_team(session)
        require_admission(session, team, first)
        require_admission(session, team, second)
        over(session, first)
        require_admission(session, team, second)
