"""Submissions of several tables in real containers, and receipts that are scored again in them."""

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from leitai import db
from leitai.accounts.models import Person
from leitai.competitions.applying import apply
from leitai.competitions.bundle.loading import load_bundle
from leitai.competitions.models import Phase
from leitai.scoring import checking, service, showing_verifications
from leitai.scoring.checking import Finding
from leitai.scoring.parts import Parts
from leitai.scoring.scorer import Said, Scorer
from leitai.settings import Settings
from leitai.storage import artefacts
from leitai.worker import wire
from tests.leitai.competitions import bundles
from tests.leitai.factories import make_person, make_submission
from tests.leitai.scoring.programs import zipped

pytestmark = pytest.mark.engine

FILES = {
    "boxes.csv": {
        "id": "id",
        "split": "split",
        "metrics": [
            {"combine": "sum", "name": "Total", "of": ["Size", "Label"]},
            {"metric": "mae", "name": "Size", "target": "y"},
        ],
    },
    "labels.csv": {
        "id": "id",
        "split": "split",
        "metrics": [{"metric": "mae", "name": "Label", "target": "c"}],
    },
}
REFERENCES = {
    "hidden/answers/boxes.csv": "id,split,y\na,public,1\nb,private,2\n",
    "hidden/answers/labels.jsonl": (
        '{"id": "p", "split": "public", "c": 1}\n{"id": "q", "split": "private", "c": 5}\n'
    ),
    "hidden/input/x.csv": "id\na\nb\n",
}
TABLES: dict[str, bytes | str] = {"boxes.csv": "id,y\na,3\nb,2\n", "labels.csv": "id,c\nq,2\np,1\n"}
SCORES = ({"Total": 2.0, "Size": 2.0, "Label": 0.0}, {"Total": 3.0, "Size": 0.0, "Label": 3.0})


@pytest.fixture
def parts(settings_of_test: Settings) -> Iterator[Parts]:
    found = wire(settings_of_test)
    why = checking.unready(found)
    assert not why, why
    yield found
    found.sandbox.drain()


def tried(parts: Parts, folder: Path, kind: str, content: bytes) -> Finding:
    phase = bundles.phase("first", "-1 d", "+10 d", reference="hidden/answers")
    task = bundles.task(
        kind=kind,
        evaluation={"files": FILES},
        phases=[phase | ({"input": "hidden/input"} if kind == "code" else {})],
        baselines=[{"name": "one", "file": "baselines/one.zip"}],
    )
    bundles.write(folder, bundles.competition(task), REFERENCES)
    (folder / "baselines").mkdir(exist_ok=True)
    (folder / "baselines/one.zip").write_bytes(content)
    (found,) = checking.dry_run(load_bundle(folder, db.now()), parts, lambda _: None)
    return found


def program(tables: dict[str, bytes | str]) -> bytes:
    text = "import pathlib, sys\nfor name, content in {!r}.items():\n    (pathlib.Path(sys.argv[2]) / name)"
    return zipped({"predict.py": f"{text}.write_text(content)\n".format(tables)})


@pytest.mark.parametrize(("kind", "pack"), [("predictions", zipped), ("code", program)])
def test_several_tables_are_scored_each_with_its_own(
    parts: Parts, tmp_path: Path, kind: str, pack: Callable[[dict[str, bytes | str]], bytes]
) -> None:
    found = tried(parts, tmp_path, kind, pack(TABLES))
    assert (found.outcome, found.problem) == ("scored", "")
    assert (found.public, found.private) == SCORES


@pytest.mark.parametrize(
    ("kind", "pack", "code"), [("predictions", zipped, "missing_table"), ("code", program, "missing_output")]
)
def test_a_table_that_is_not_there_is_named(
    parts: Parts,
    tmp_path: Path,
    kind: str,
    pack: Callable[[dict[str, bytes | str]], bytes],
    code: str,
) -> None:
    found = tried(parts, tmp_path, kind, pack({"boxes.csv": TABLES["boxes.csv"]}))
    assert found.outcome == code
    assert "labels.csv" in found.problem


def test_a_defect_names_the_table_that_has_it(parts: Parts, tmp_path: Path) -> None:
    found = tried(parts, tmp_path, "predictions", zipped({**TABLES, "labels.csv": "id,c\nq,2\n"}))
    assert found.outcome == "missing_ids"
    assert "'file': 'labels.csv'" in found.problem
    assert "'examples': ['p']" in found.problem


SignIn = Callable[[Person], FlaskClient]
Verify = Callable[..., tuple[int, dict[str, str]]]
FIRST = "id,split,value\na,public,1\nb,private,2\n"
LAST = FIRST.replace("public,1", "public,2")


@pytest.fixture
def document(database: Settings, parts: Parts, sign_in: SignIn, tmp_path: Path) -> dict[str, Any]:
    """The receipt of a submission that was handed in and scored, as the portal's page gives it."""
    place = bundles.write(
        tmp_path / "cup", bundles.competition(), {"hidden/first.csv": FIRST, "hidden/last.csv": LAST}
    )
    stored = artefacts().put(io.BytesIO(b"id,value\na,3\nb,2\n"), 1000)
    with db.transaction() as session:
        make_person(session, email=bundles.ORGANIZER)
        apply(session, load_bundle(place, db.now()), artefacts())
        phase = session.scalars(select(Phase).where(Phase.slug == "first")).one()
        made = make_submission(session, phase, digest=stored.digest, size=stored.size, file_name="x.csv")
        number, member = made.id, session.get_one(Person, made.person_id)
    assert Scorer(parts, database, "worker").score_next() == Said.DONE
    answer = sign_in(member).get(f"/submissions/{number}/receipt.json")
    assert answer.status_code == 200
    return dict(answer.get_json())


@pytest.fixture
def verify(parts: Parts, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Verify:
    def run(document: dict[str, Any], **other: Any) -> tuple[int, dict[str, str]]:
        place = tmp_path / "receipt.json"
        place.write_text(json.dumps(document))
        code = showing_verifications.run(place, lambda: replace(parts, **other), as_json=True)
        found = json.loads(capsys.readouterr().out)
        return code, {check["part"]: check["told"] for check in found["checks"] if check["told"]}

    return run


def test_a_receipt_is_scored_again_with_the_same_outcome(document: dict[str, Any], verify: Verify) -> None:
    assert document["scores"] == {"rmse": 2.0}
    assert {"scorer"} <= set(document["receipt"]["images"])
    assert verify(document) == (0, {})


def test_a_reference_that_changed_since_is_not_taken_for_that_of_the_receipt(
    document: dict[str, Any], verify: Verify, tmp_path: Path
) -> None:
    changed = FIRST.replace("public,1", "public,3")
    place = bundles.write(
        tmp_path / "cup", bundles.competition(), {"hidden/first.csv": changed, "hidden/last.csv": LAST}
    )
    with db.transaction() as session:
        apply(session, load_bundle(place, db.now()), artefacts())
    assert verify(document) == (0, {})


def test_a_receipt_that_names_another_reference_is_found(document: dict[str, Any], verify: Verify) -> None:
    with db.reading() as session:
        last = session.scalars(select(Phase).where(Phase.slug == "last")).one()
        document["receipt"]["data"]["reference"] = service.work_in(session, last).reference
    code, differing = verify(document)
    assert code == 1
    assert set(differing) == {"digest", "record", "score rmse"}
    assert differing["score rmse"] == "it was 2.0, and is 1.0 now"


def test_what_differs_is_told_though_the_data_of_a_receipt_are_not_there(
    document: dict[str, Any], verify: Verify
) -> None:
    document["receipt"]["data"]["reference"] = "0" * 64
    code, differing = verify(document)
    assert code == 1
    assert set(differing) == {"digest", "record", "outcome"}
    assert differing["outcome"].startswith("it cannot be scored again: ")


def test_another_score_in_a_receipt_is_found(document: dict[str, Any], verify: Verify) -> None:
    document["scores"]["rmse"] = 1.0
    assert verify(document) == (1, {"score rmse": "it was 1.0, and is 2.0 now"})


def test_another_image_is_named(document: dict[str, Any], verify: Verify, parts: Parts) -> None:
    document["receipt"]["images"]["scorer"] = parts.sandbox.image_digest(parts.runtime)
    code, differing = verify(document)
    assert code == 1
    assert differing["images"] == "other than then: scorer"
