"""Applying a bundle: once it creates, again it changes nothing, and later it changes what differs."""

import io
import tarfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from leitai import db
from leitai.competitions.applying import apply
from leitai.competitions.bundle.errors import BundleError
from leitai.competitions.bundle.loading import load_bundle
from leitai.competitions.changes import Change
from leitai.competitions.models import Competition, DataFile, Judge, Organizer, Phase, Task, Track
from leitai.storage import artefacts
from tests.leitai.competitions import bundles
from tests.leitai.factories import make_entry, make_person, make_submission


def applied(folder: Path, document: dict[str, Any], files: dict[str, str] | None = None) -> list[Change]:
    bundle = load_bundle(bundles.write(folder, document, files), db.now())
    with db.transaction() as session:
        return apply(session, bundle, artefacts())


def refused(folder: Path, document: dict[str, Any], files: dict[str, str] | None = None) -> str:
    with pytest.raises(BundleError) as caught:
        applied(folder, document, files)
    return str(caught.value)


def everything() -> dict[str, Any]:
    """Every row of the slice, by table, without ids that nothing refers to."""
    with db.reading() as session:
        return {
            model.__tablename__: [
                {column.key: getattr(row, column.key) for column in model.__table__.columns}
                for row in session.scalars(select(model))
            ]
            for model in (Competition, Track, Task, Phase, DataFile, Organizer, Judge)
        }


def only(session: Session, model: type[Any], **values: Any) -> Any:
    return session.scalars(select(model).filter_by(**values)).one()


CODE = bundles.task(
    "vision",
    kind="code",
    evaluation={
        "id": "id",
        "split": "split",
        "file": "predictions.csv",
        "metrics": [{"metric": "rmse", "target": "value"}],
    },
    phases=[bundles.phase("first", "-1 d", "+10 d", input="input")],
)
INPUT = {"input/a.txt": "a", "input/deep/b.txt": "b"}


def test_the_first_apply_creates_everything_and_says_so(both_databases: object, tmp_path: Path) -> None:
    changes = applied(tmp_path, bundles.competition())
    assert [f"{change.what} {change.name}" for change in changes] == [
        "competition cup",
        "track energy",
        "task load",
        "phase load/first",
        "data load/first/reference.tar",
        "phase load/last",
        "data load/last/reference.tar",
        "data load/train.csv",
    ]
    assert {change.action for change in changes} == {"created"}


@pytest.mark.parametrize("document", [bundles.competition(), bundles.competition(CODE, bundles.task())])
def test_a_second_apply_changes_nothing(both_databases: object, tmp_path: Path, document: Any) -> None:
    applied(tmp_path, document, INPUT)
    before = everything()
    assert applied(tmp_path, document, INPUT) == []
    assert everything() == before


def test_relative_dates_stay_what_they_were_at_first(
    database: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    applied(tmp_path, bundles.competition())
    before = everything()
    later = db.now() + timedelta(days=5)
    monkeypatch.setattr(db, "now", lambda: later)
    assert applied(tmp_path, bundles.competition()) == []
    assert everything() == before


def test_a_kept_date_that_no_longer_fits_beside_a_new_one_is_told(
    database: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    applied(tmp_path, bundles.competition())
    later = db.now() + timedelta(days=5)
    monkeypatch.setattr(db, "now", lambda: later)
    phases = [
        bundles.phase("first", "-1 d", "+10 d"),
        bundles.phase("middle", "+10 d", "+11 d", reference="hidden/first.csv"),
        bundles.phase("last", "+11 d", "+20 d", kind="final"),
    ]
    text = refused(tmp_path, bundles.competition(bundles.task(phases=phases)))
    assert "competition.yaml: tracks[0].tasks[0].phases[2].starts: is now before middle ends." in text


def test_open_data_is_kept_as_it_is_and_hidden_data_as_tars(database: object, tmp_path: Path) -> None:
    applied(tmp_path, bundles.competition(CODE), INPUT)
    with db.reading() as session:
        rows = {row.role: row for row in session.scalars(select(DataFile))}
        bytes_of = {role: b"".join(artefacts().chunks(row.digest)) for role, row in rows.items()}
    assert bytes_of["open"] == b"id,value\nx,1\n"
    assert rows["open"].phase_id is None
    assert rows["reference"].phase_id is not None
    assert names(bytes_of["reference"]) == ["first.csv"]
    assert names(bytes_of["input"]) == ["a.txt", "deep/b.txt"]
    assert all(row.size == len(bytes_of[role]) for role, row in rows.items())


def names(archive: bytes) -> list[str]:
    return tarfile.open(fileobj=io.BytesIO(archive)).getnames()


def test_changed_data_becomes_a_new_version_and_retires_the_old(
    both_databases: object, tmp_path: Path
) -> None:
    document = bundles.competition()
    applied(tmp_path, document)
    changes = applied(tmp_path, document, {"data/train.csv": "id,value\nx,2\n"})
    assert [str(change) for change in changes] == ["changed data load/train.csv (version 2)"]
    back = applied(tmp_path, document)
    assert [str(change) for change in back] == ["changed data load/train.csv (version 3)"]
    with db.reading() as session:
        rows = session.scalars(select(DataFile).where(DataFile.role == "open").order_by(DataFile.id)).all()
        assert [row.version for row in rows] == [1, 2, 3]
        assert [row.retired_at is None for row in rows] == [False, False, True]
        assert rows[0].digest == rows[2].digest


def test_data_that_is_no_longer_named_is_retired(database: object, tmp_path: Path) -> None:
    applied(tmp_path, bundles.competition())
    changes = applied(tmp_path, bundles.competition(bundles.task(data=[])))
    assert [str(change) for change in changes] == ["removed data load/train.csv (version 1)"]
    assert applied(tmp_path, bundles.competition(bundles.task(data=[]))) == []


CHANGES = [
    ({"title": bundles.both("Other")}, "changed task load (title)"),
    ({"team_size_max": 3}, "changed task load (team_size_max 5 → 3)"),
    ({"limits": {"wall": "5 s"}}, "changed task load (limits: cpu_s, wall_s)"),
    (
        {"data": [{"file": "data/train.csv", "description": bundles.both("Other")}]},
        "changed data load/train.csv (description)",
    ),
    (
        {"phases": [bundles.phase("first", "-1 d", "+10 d", daily_limit=7)]},
        "changed phase load/first (daily_limit 5 → 7)",
    ),
    ({"phases": [bundles.phase("first", "-1 d", "+10 d")]}, "removed phase load/last"),
]


@pytest.mark.parametrize(("values", "told"), CHANGES)
def test_what_changed_is_said(database: object, tmp_path: Path, values: dict[str, Any], told: str) -> None:
    applied(tmp_path, bundles.competition())
    changed = bundles.competition(bundles.task(**values))
    assert told in [str(change) for change in applied(tmp_path, changed)]
    assert applied(tmp_path, changed) == []


def test_a_task_moves_to_another_track_and_the_empty_track_goes(database: object, tmp_path: Path) -> None:
    applied(tmp_path, bundles.competition())
    moved = [{"slug": "grid", "title": bundles.both("Grid"), "tasks": [bundles.task()]}]
    changes = [str(change) for change in applied(tmp_path, bundles.competition(tracks=moved))]
    assert changes == ["created track grid", "changed task load (track)", "removed track energy"]


def test_organizers_and_judges_follow_the_bundle(both_databases: object, tmp_path: Path) -> None:
    with db.transaction() as session:
        make_person(session, email=bundles.ORGANIZER)
        make_person(session, email=bundles.JUDGE)
    document = bundles.competition(
        bundles.task(judges=[bundles.JUDGE]), organizers=["Organizer@demo.example"]
    )
    told = [str(change) for change in applied(tmp_path, document)]
    assert f"created organizer cup/{bundles.ORGANIZER}" in told
    assert f"created judge load/{bundles.JUDGE}" in told
    assert applied(tmp_path, document) == []
    without = applied(tmp_path, bundles.competition(bundles.task()))
    assert [str(change) for change in without] == [
        f"removed organizer cup/{bundles.ORGANIZER}",
        f"removed judge load/{bundles.JUDGE}",
    ]


def test_everybody_without_an_account_is_named_at_once(database: object, tmp_path: Path) -> None:
    document = bundles.competition(
        bundles.task(judges=["b@x.example", "c@x.example"]), organizers=["a@x.example"]
    )
    text = refused(tmp_path, document)
    assert "competition.yaml: organizers[0]: a@x.example has no account here. Let them sign up" in text
    assert "tracks[0].tasks[0].judges[0]: b@x.example" in text
    assert "tracks[0].tasks[0].judges[1]: c@x.example" in text
    assert everything()["competitions"] == []


def submitted(slug: str = "first") -> None:
    with db.transaction() as session:
        make_submission(session, only(session, Phase, slug=slug))


def test_a_task_with_submissions_cannot_be_removed(both_databases: object, tmp_path: Path) -> None:
    applied(tmp_path, bundles.competition(bundles.task(), bundles.task("other")))
    with db.transaction() as session:
        task = only(session, Task, slug="load")
        make_submission(session, only(session, Phase, slug="first", task_id=task.id))
        make_entry(session, task)
    before = everything()
    text = refused(tmp_path, bundles.competition(bundles.task("other")))
    assert "the task load, which has 1 entry and 1 submission. Put the task back" in text
    assert everything() == before


def test_a_task_without_entries_is_removed_with_its_data(both_databases: object, tmp_path: Path) -> None:
    applied(tmp_path, bundles.competition(bundles.task(), bundles.task("other")))
    changes = applied(tmp_path, bundles.competition(bundles.task("other")))
    assert "removed task load" in [str(change) for change in changes]
    assert len(everything()["data_files"]) == 3


def test_a_phase_with_submissions_cannot_be_removed(both_databases: object, tmp_path: Path) -> None:
    applied(tmp_path, bundles.competition())
    submitted("last")
    text = refused(
        tmp_path, bundles.competition(bundles.task(phases=[bundles.phase("first", "-1 d", "+9 d")]))
    )
    assert "tracks[0].tasks[0].phases: no longer name last, which has 1 submission." in text


def test_the_kind_cannot_change_after_a_submission(database: object, tmp_path: Path) -> None:
    code = {**CODE, "slug": "load"}
    applied(tmp_path, bundles.competition(bundles.task(phases=[bundles.phase("first", "-1 d", "+10 d")])))
    submitted()
    assert "tasks[0].kind: cannot change: teams have submitted" in refused(
        tmp_path, bundles.competition(code), INPUT
    )


def test_another_evaluation_needs_a_rescore_once_there_are_submissions(
    database: object, tmp_path: Path
) -> None:
    applied(tmp_path, bundles.competition())
    mae = {"id": "id", "split": "split", "metrics": [{"metric": "mae", "target": "value"}]}
    rmse = bundles.task()["evaluation"]
    [quiet] = applied(tmp_path, bundles.competition(bundles.task(evaluation=mae)))
    assert not quiet.rescore
    submitted()
    [loud] = applied(tmp_path, bundles.competition(bundles.task(evaluation=rmse)))
    assert str(loud) == "changed task load (evaluation): rescore needed"


def test_another_reference_needs_a_rescore_once_there_are_submissions(
    database: object, tmp_path: Path
) -> None:
    applied(tmp_path, bundles.competition())
    submitted()
    other = {"hidden/first.csv": "id,split,value\na,public,1\nb,private,3\n"}
    [change] = applied(tmp_path, bundles.competition(), other)
    assert str(change) == "changed data load/first/reference.tar (version 2): rescore needed"


def test_dates_of_a_phase_whose_private_board_was_shown_stay(database: object, tmp_path: Path) -> None:
    applied(tmp_path, bundles.competition())
    with db.transaction() as session:
        only(session, Phase, slug="first").revealed_at = db.now()
    ends = (db.now() + timedelta(days=10, hours=12)).isoformat()
    phases = [bundles.phase("first", "-1 d", ends), bundles.phase("last", "+11 d", "+20 d")]
    text = refused(tmp_path, bundles.competition(bundles.task(phases=phases)))
    assert "phases[0].ends: cannot be moved: the private board has been shown." in text
