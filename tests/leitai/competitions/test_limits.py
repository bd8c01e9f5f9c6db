"""Limits of a task and of its phases: read, kept, told, and in force."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import select, text

from leitai import db
from leitai.competitions.applying import apply
from leitai.competitions.bundle.errors import BundleError
from leitai.competitions.bundle.loading import load_bundle
from leitai.competitions.limits import DEFAULTS, in_force
from leitai.competitions.models import Phase, Task
from leitai.settings import Settings
from leitai.storage import artefacts
from sandbox.job import Limits
from tests.leitai.competitions import bundles
from tests.leitai.factories import LIMITS, make_phase, make_run, make_submission, make_task

KEPT = {
    "wall_s": 120.0,
    "cpu_s": 240.0,
    "memory_bytes": 1_000_000_000,
    "cpus": 2.0,
    "processes": 64,
    "open_files": 256,
    "output_bytes": 1_000_000,
    "output_files": 3,
    "log_bytes": 10_000,
    "work_bytes": 5_000_000,
    "upload_bytes": 3_000_000,
}
LIMITED = {
    "wall": "2 min",
    "memory": "1 GB",
    "cpus": 2,
    "processes": 64,
    "open_files": 256,
    "output": "1 MB",
    "output_files": 3,
    "log": "10 kB",
    "work": "5 MB",
    "upload": "3 MB",
}


def phases(**of_last: Any) -> list[dict[str, Any]]:
    last = bundles.phase("last", "+11 d", "+20 d", kind="final", **of_last)
    return [bundles.phase("first", "-1 d", "+10 d"), last]


def code(folder: Path, **of_last: Any) -> dict[str, Any]:
    """A task for code whose last phase has these values."""
    folder.joinpath("input").mkdir(exist_ok=True)
    folder.joinpath("input/x.csv").write_text("id\na\n")
    given = [{**phase, "input": "input"} for phase in phases(**of_last)]
    evaluation = bundles.task()["evaluation"] | {"file": "predictions.csv"}
    return bundles.task(kind="code", phases=given, evaluation=evaluation)


def applied(folder: Path, task: dict[str, Any]) -> list[str]:
    bundle = load_bundle(bundles.write(folder, bundles.competition(task)), db.now())
    with db.transaction() as session:
        return [str(change) for change in apply(session, bundle, artefacts())]


def problems(folder: Path, task: dict[str, Any]) -> str:
    with pytest.raises(BundleError) as caught:
        load_bundle(bundles.write(folder, bundles.competition(task)), db.now())
    return str(caught.value)


def last_phase() -> tuple[Task, Phase]:
    with db.reading() as session:
        return session.scalars(select(Task)).one(), session.scalars(
            select(Phase).filter_by(slug="last")
        ).one()


def test_limits_are_kept_in_seconds_and_bytes(database: Settings, tmp_path: Path) -> None:
    applied(tmp_path, bundles.task(limits=LIMITED))
    task, phase = last_phase()
    assert task.limits == KEPT
    assert (phase.limits, in_force(task, phase)) == ({}, KEPT)


def test_a_phase_changes_some_limits_and_keeps_the_others(both_databases: Settings, tmp_path: Path) -> None:
    applied(
        tmp_path, bundles.task(limits=LIMITED, phases=phases(limits={"memory": "8 GB", "processes": 512}))
    )
    task, phase = last_phase()
    assert phase.limits == {"memory_bytes": 8_000_000_000, "processes": 512}
    assert in_force(task, phase) == KEPT | phase.limits
    assert in_force(task, None) == KEPT


def test_cpu_time_that_nobody_wrote_follows_the_time_of_the_phase(database: Settings, tmp_path: Path) -> None:
    applied(tmp_path, bundles.task(limits=LIMITED, phases=phases(limits={"wall": "10 min"})))
    assert last_phase()[1].limits == {"wall_s": 600.0, "cpu_s": 1200.0}
    applied(
        tmp_path, bundles.task(limits=LIMITED | {"cpu": "4 min"}, phases=phases(limits={"wall": "10 min"}))
    )
    assert last_phase()[1].limits == {"wall_s": 600.0}


def test_the_defaults_are_those_of_the_sandbox() -> None:
    assert {name: DEFAULTS[name] for name in asdict(Limits())} == asdict(Limits())


def test_a_task_of_an_older_portal_has_the_defaults(database: Settings) -> None:
    with db.transaction() as session:
        phase = make_phase(session, make_task(session, limits=LIMITS))
        assert in_force(phase.task, phase) == DEFAULTS | LIMITS


WRONG = [
    ({"wal": "1 s"}, "phases[1].limits.wal: is not a known key. Did you mean wall?"),
    ({"processes": 2}, "phases[1].limits.processes: input should be greater than or equal to 16."),
    ({"processes": "64"}, "phases[1].limits.processes: input should be a valid integer."),
    ({"open_files": 1_000_000}, "phases[1].limits.open_files: input should be less than or equal to 65536."),
    ({"output_files": 0}, "phases[1].limits.output_files: input should be greater than or equal to 1."),
    ({"log": "1 GB"}, "phases[1].limits.log: input should be less than or equal to 1000000."),
    ({"log": 5}, "phases[1].limits.log: 5 has no unit that is known. Write it like `50 MB`"),
    ({"work": "1 B"}, "phases[1].limits.work: input should be greater than or equal to 1000000."),
    ({"memory": "1 MB"}, "phases[1].limits.memory: input should be greater than or equal to 64000000."),
    ([], "phases[1].limits: input should be a valid dictionary"),
]


@pytest.mark.parametrize(("limits", "told"), WRONG, ids=[told.partition(":")[0] for _, told in WRONG])
def test_what_is_wrong_is_told_at_its_place(limits: Any, told: str, tmp_path: Path) -> None:
    assert told in problems(tmp_path, bundles.task(phases=phases(limits=limits)))


def test_a_policy_that_is_not_known_is_refused(tmp_path: Path) -> None:
    told = problems(tmp_path, bundles.task(phases=phases(logs="everything", alone="yes"), log_budget="1 B"))
    assert "phases[1].logs: input should be 'full', 'tail' or 'error-class'." in told
    assert "phases[1].alone: input should be a valid boolean. Write true or false." in told
    assert "log_budget: input should be greater than or equal to 1000." in told


def told_of_phases() -> list[tuple[str, bool]]:
    with db.reading() as session:
        return [(phase.logs, phase.alone) for phase in session.scalars(select(Phase).order_by(Phase.id))]


def test_predictions_show_their_last_words_and_code_shows_none_unless_the_phase_says(
    database: Settings, tmp_path: Path
) -> None:
    applied(tmp_path, bundles.task())
    assert told_of_phases() == [("tail", False), ("tail", False)]
    applied(tmp_path, code(tmp_path))
    assert told_of_phases() == [("error-class", False), ("error-class", False)]
    applied(tmp_path, code(tmp_path, logs="full", alone=True) | {"log_budget": "20 kB"})
    assert told_of_phases() == [("error-class", False), ("full", True)]
    assert last_phase()[0].log_budget == 20_000


def test_applying_tells_what_changed_and_is_quiet_the_second_time(database: Settings, tmp_path: Path) -> None:
    applied(tmp_path, bundles.task())
    changed = bundles.task(phases=phases(limits={"wall": "90 s", "log": "1 kB"}, logs="full", alone=True))
    told = applied(tmp_path, changed)
    assert told == [
        "changed phase load/last (limits: cpu_s, log_bytes, wall_s; logs tail → full; alone False → True)"
    ]
    assert applied(tmp_path, changed) == []


def test_rows_of_an_older_portal_get_the_policy_of_their_kind(both_databases: Settings) -> None:
    with db.transaction() as session:
        quiet = make_phase(session, make_task(session, kind="code")).id
        open_ = make_phase(session, make_task(session, kind="predictions")).id
        run = make_run(session, make_submission(session, session.get_one(Phase, quiet)), log="wörter").id
    with db.engine().connect() as connection:
        command.downgrade(db.migration_config(connection), "0003")
        assert connection.scalar(text("SELECT log FROM runs")) == "wörter"
        connection.commit()
        command.upgrade(db.migration_config(connection), "head")
        connection.commit()
        rows = connection.execute(text("SELECT id, logs, alone FROM phases")).all()
        assert {row.id: (row.logs, bool(row.alone)) for row in rows} == {
            quiet: ("error-class", False),
            open_: ("tail", False),
        }
        seen = connection.execute(text("SELECT id, log_bytes, log_cut FROM runs")).one()
        assert (seen.id, seen.log_bytes, bool(seen.log_cut)) == (run, 7, False)


def test_what_to_import_beforehand_is_kept_and_for_code_alone(database: Settings, tmp_path: Path) -> None:
    applied(tmp_path, code(tmp_path))
    assert last_phase()[0].preload == []
    told = applied(tmp_path, code(tmp_path) | {"preload": ["torch.nn", "jieba:initialize"]})
    assert any("preload" in line for line in told)
    assert last_phase()[0].preload == ["torch.nn", "jieba:initialize"]
    told = problems(tmp_path, bundles.task(preload=["numpy"]))
    assert "preload: is given, but the task takes predictions." in told


@pytest.mark.parametrize("wrong", ["os; import sys", "../evil", "module:function argument", "", "a" * 130])
def test_nothing_but_names_is_imported(wrong: str, tmp_path: Path) -> None:
    assert "preload[0]:" in problems(tmp_path, bundles.task(preload=[wrong]))
