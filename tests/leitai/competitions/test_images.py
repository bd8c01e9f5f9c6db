"""A task's image is kept like its other data: versioned, told of, and given to nobody but workers."""

import io
import tarfile
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from leitai import db
from leitai.competitions.applying import apply
from leitai.competitions.bundle.loading import load_bundle
from leitai.competitions.models import DataFile, Phase, Role, Task
from leitai.settings import Settings
from leitai.storage import artefacts
from tests.leitai.competitions import bundles
from tests.leitai.competitions.images import BUILT, CODE, SAVED, saved
from tests.leitai.factories import make_entry, make_person, make_submission, make_team


def applied(folder: Path, dockerfile: str = "FROM leitai-base\n", image: Any = BUILT) -> list[str]:
    (folder / "image").mkdir(exist_ok=True)
    (folder / "image" / "Dockerfile").write_text(dockerfile)
    (folder / "image" / "tool.sh").write_text("#!/bin/sh\n")
    (folder / "image" / "tool.sh").chmod(0o755)
    (folder / "image.tar").write_bytes(saved())
    task = {**CODE, "image": image} if image else CODE
    bundles.write(folder, bundles.competition(task), {"input/a.csv": "id\na\n"})
    bundle = load_bundle(folder, db.now())
    with db.transaction() as session:
        return [str(change) for change in apply(session, bundle, artefacts())]


def images() -> list[DataFile]:
    with db.reading() as session:
        return list(
            session.scalars(select(DataFile).where(DataFile.role == Role.IMAGE).order_by(DataFile.id))
        )


def submitted() -> None:
    with db.transaction() as session:
        make_submission(session, session.scalars(select(Phase)).one())


def test_a_build_context_is_kept_as_a_tar_whose_programs_can_be_run(
    database: Settings, tmp_path: Path
) -> None:
    assert "created data load/dockerfile.tar (version 1)" in applied(tmp_path)
    [row] = images()
    assert (row.phase_id, row.name) == (None, "dockerfile.tar")
    content = io.BytesIO(b"".join(artefacts().chunks(row.digest)))
    with tarfile.open(fileobj=content) as archive:
        assert {member.name: oct(member.mode) for member in archive} == {
            "Dockerfile": "0o444",
            "tool.sh": "0o555",
        }
    assert applied(tmp_path) == []


def test_a_saved_image_is_kept_as_it_is(database: Settings, tmp_path: Path) -> None:
    assert "created data load/archive.tar (version 1)" in applied(tmp_path, image=SAVED)
    [row] = images()
    assert b"".join(artefacts().chunks(row.digest)) == (tmp_path / "image.tar").read_bytes()


def test_another_image_is_a_new_version_and_asks_for_a_rescore(
    both_databases: Settings, tmp_path: Path
) -> None:
    applied(tmp_path)
    assert applied(tmp_path, "FROM leitai-runtime\n") == ["changed data load/dockerfile.tar (version 2)"]
    submitted()
    assert applied(tmp_path, "FROM leitai-base\nRUN true\n") == [
        "changed data load/dockerfile.tar (version 3): rescore needed"
    ]
    assert applied(tmp_path, image=SAVED) == [
        "created data load/archive.tar (version 1): rescore needed",
        "removed data load/dockerfile.tar (version 3): rescore needed",
    ]
    assert applied(tmp_path, image=None) == ["removed data load/archive.tar (version 1): rescore needed"]
    assert [row.retired_at is None for row in images()] == [False] * 4


def test_no_team_can_list_or_take_the_image(
    app: object, client: FlaskClient, sign_in: Any, tmp_path: Path
) -> None:
    applied(tmp_path)
    [row] = images()
    with db.transaction() as session:
        person = make_person(session)
        make_entry(session, session.scalars(select(Task)).one(), make_team(session, person))
    member = sign_in(person)
    page = member.get("/competitions/cup/load/data")
    assert page.status_code == 200
    assert "train.csv" in page.text
    assert "dockerfile.tar" not in page.text
    assert row.digest not in page.text
    assert member.get(f"/competitions/cup/load/data/{row.id}").status_code == 404
    for address in ("/competitions/cup/load", "/competitions/cup/load/evaluation"):
        assert row.digest not in member.get(address).text
