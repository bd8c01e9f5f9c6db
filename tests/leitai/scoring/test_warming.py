"""Which containers are to wait, and when a worker has them brought."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from leitai import db
from leitai.competitions.models import Phase, Role, Task
from leitai.scoring.models import Worker
from leitai.scoring.parts import Parts
from leitai.scoring.scorer import Scorer
from leitai.scoring.stages import USUAL
from leitai.scoring.warming import Warmer, open_phases, wanted
from leitai.settings import Settings
from leitai.storage import artefacts
from leitai.submissions.models import State
from sandbox.job import SandboxUnavailable
from sandbox.keeping import Wanted
from tests.leitai.factories import make_hidden, make_phase, make_submission, make_task
from tests.leitai.scoring.doubles import ENGINE, ToldImages, ToldSandbox


class KeptSandbox(ToldSandbox):
    """Remembers what it was to keep."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[tuple[list[Wanted], int]] = []
        self.trouble = ""

    def keep(self, wanted: list[Wanted], busy: int = 0) -> bool:
        self.kept.append((wanted, busy))
        if self.trouble:
            raise SandboxUnavailable(self.trouble)
        return False


@pytest.fixture
def sandbox() -> KeptSandbox:
    return KeptSandbox()


@pytest.fixture
def parts(database: Settings, sandbox: KeptSandbox) -> Parts:
    return Parts(sandbox, artefacts(), database.path("scratch"), "runtime", "scorer", ToldImages())


@pytest.fixture
def scorer(parts: Parts, database: Settings) -> Scorer:
    return Scorer(parts, database, "me")


def phase_with(*roles: Role, kind: str = "code", **values: object) -> Phase:
    with db.transaction() as session:
        phase = make_phase(session, make_task(session, kind=kind), **values)
        for role in roles:
            make_hidden(session, phase, role, role[0] * 64)
        return phase


def rows(parts: Parts) -> list[tuple[str, int, bool]]:
    with db.reading() as session:
        found = open_phases(session)
    return [(row.shape.image, row.count, row.shape.lasting) for row in wanted(found, parts)]


def test_an_open_phase_of_code_has_one_that_predicts_and_one_that_scores(parts: Parts) -> None:
    phase_with(Role.INPUT, Role.REFERENCE)
    assert rows(parts) == [("runtime", 1, False), ("scorer", 1, True)]


def test_a_task_may_say_what_its_programs_import(parts: Parts) -> None:
    phase = phase_with(Role.INPUT, Role.REFERENCE)
    with db.reading() as session:
        assert wanted(open_phases(session), parts)[0].shape.preload == USUAL
    with db.transaction() as session:
        session.get_one(Task, phase.task_id).preload = ["torch"]
    with db.reading() as session:
        assert wanted(open_phases(session), parts)[0].shape.preload == ("torch",)


def test_predictions_need_nothing_that_predicts(parts: Parts) -> None:
    phase_with(Role.REFERENCE, kind="predictions")
    assert rows(parts) == [("scorer", 1, True)]


def test_nothing_waits_for_a_phase_that_is_not_open_or_has_no_data(parts: Parts) -> None:
    soon, past = db.now() + timedelta(hours=1), db.now() - timedelta(hours=1)
    phase_with(Role.INPUT, Role.REFERENCE, starts_at=soon)
    phase_with(Role.INPUT, Role.REFERENCE, ends_at=past, private_from=past)
    phase_with()
    assert rows(parts) == []


def test_what_runs_alone_always_starts_cold_so_that_all_are_measured_alike(parts: Parts) -> None:
    phase_with(Role.INPUT, Role.REFERENCE, alone=True)
    assert rows(parts) == [("runtime", 0, False), ("scorer", 1, True)]


def test_more_wait_while_the_queue_is_long_and_the_busiest_come_first(parts: Parts) -> None:
    phase_with(Role.REFERENCE, kind="predictions")
    busy = phase_with(Role.INPUT, Role.REFERENCE)
    with db.transaction() as session:
        for _ in range(3):
            make_submission(session, busy, kind="code")
    assert rows(parts) == [("runtime", 4, False), ("scorer", 4, True), ("scorer", 1, True)]


def test_a_changed_reference_asks_for_another_container(parts: Parts) -> None:
    phase = phase_with(Role.REFERENCE, kind="predictions")
    with db.reading() as session:
        before = wanted(open_phases(session), parts)[0].shape
    with db.transaction() as session:
        make_hidden(session, phase, Role.REFERENCE, "n" * 64, version=2)
    with db.reading() as session:
        after = wanted(open_phases(session), parts)[0].shape
    assert [volume.digest for volume in before.volumes][1] == "r" * 64
    assert [volume.digest for volume in after.volumes][1] == "n" * 64


def start_worker(name: str, engine: str = ENGINE) -> None:
    with db.transaction() as session:
        session.add(Worker(name=name, started_at=db.now(), seen_at=db.now(), engine={"id": engine}, disk={}))


@pytest.fixture
def other_worker(database: Settings) -> None:
    start_worker("other")


def until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 10
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    assert condition()


def test_the_last_worker_leaves_none(scorer: Scorer, sandbox: KeptSandbox, database: Settings) -> None:
    phase_with(Role.REFERENCE, kind="predictions")
    with Warmer(scorer, database):
        until(lambda: sandbox.kept)
    assert [row.shape.image for row in sandbox.kept[0][0]] == ["scorer"]
    assert sandbox.drained == 1


def test_another_worker_keeps_them(
    scorer: Scorer, sandbox: KeptSandbox, database: Settings, other_worker: None
) -> None:
    with Warmer(scorer, database):
        until(lambda: sandbox.kept)
    assert sandbox.drained == 0


def test_the_last_worker_of_an_engine_leaves_none_there_while_those_of_another_go_on(
    scorer: Scorer, sandbox: KeptSandbox, both_databases: Settings
) -> None:
    start_worker("elsewhere", "another engine")
    with Warmer(scorer, both_databases):
        until(lambda: sandbox.kept)
    assert sandbox.drained == 1


def test_submissions_that_wait_keep_as_many_cores_busy_as_the_engine_has_workers(
    scorer: Scorer, sandbox: KeptSandbox, database: Settings, other_worker: None
) -> None:
    start_worker("elsewhere", "another engine")
    phase = phase_with(Role.REFERENCE, kind="predictions")
    with db.transaction() as session:
        for _ in range(5):
            make_submission(session, phase)
        make_submission(session, phase, state=State.SCORED)
    with Warmer(scorer, database):
        until(lambda: sandbox.kept)
    assert sandbox.kept[0][1] == 1


def test_a_run_that_ended_is_followed_by_a_look_at_once(
    scorer: Scorer, sandbox: KeptSandbox, database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leitai.scoring.warming.LOOK_S", 60.0)
    with Warmer(scorer, database):
        until(lambda: len(sandbox.kept) == 1)
        scorer.ended.set()
        until(lambda: len(sandbox.kept) == 2)


def test_trouble_with_warming_ends_nothing(
    scorer: Scorer, sandbox: KeptSandbox, database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leitai.scoring.warming.LOOK_S", 0.02)
    sandbox.trouble = "the engine broke"
    with Warmer(scorer, database):
        until(lambda: len(sandbox.kept) > 2)
        sandbox.trouble = ""
        until(lambda: len(sandbox.kept) > 4)
