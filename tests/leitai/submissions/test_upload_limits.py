"""A phase may take larger or smaller files than its task: at the page, at the API, and in the transaction."""

import io
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from leitai import db, queues
from leitai.accounts import service as accounts
from leitai.accounts.models import Person
from leitai.competitions.models import Task
from leitai.errors import TooLarge
from leitai.storage import Artefact
from leitai.submissions import service
from tests.leitai.conftest import SignIn
from tests.leitai.factories import digest_of, make_entry, make_phase, make_task

MOST = 2000
Stand = tuple[Task, Person, str]


@pytest.fixture(autouse=True)
def deaf_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """No broker runs here."""
    monkeypatch.setattr(queues, "wake", lambda: None)


def make_stand(**limits: int) -> Stand:
    """A task of a million bytes whose open phase, the second one, has these limits."""
    with db.transaction() as session:
        task = make_task(session)
        past = {"starts_at": db.now() - timedelta(days=9), "ends_at": db.now() - timedelta(days=5)}
        make_phase(session, task, limits={"upload_bytes": 5}, **past)
        make_phase(session, task, position=1, limits=limits)
        captain = make_entry(session, task).team.captain
        return task, captain, f"/competitions/{task.competition.slug}/{task.slug}"


def upload(client: FlaskClient, address: str, size: int) -> int:
    data = {"file": (io.BytesIO(b"x" * size), "p.csv")}
    return client.post(f"{address}/submit", data=data, content_type="multipart/form-data").status_code


def test_the_open_phases_limit_holds_at_the_page(database: object, sign_in: SignIn) -> None:
    _, captain, address = make_stand(upload_bytes=MOST)
    client = sign_in(captain)
    assert 'data-most="2000"' in client.get(f"{address}/submit").text
    assert (upload(client, address, MOST), upload(client, address, MOST + 1)) == (303, 413)
    assert upload(client, address, 100_000) == 413


def test_and_at_the_api(database: object, client: FlaskClient) -> None:
    _, captain, address = make_stand(upload_bytes=MOST)
    with db.transaction() as session:
        header = {"Authorization": f"Bearer {accounts.make_token(session, captain, 'test')}"}
    place = address.replace("/competitions", "/api/v1/tasks")
    told = json.loads(client.get(place, headers=header).data)
    assert (
        told["limits"]["upload_bytes"],
        [phase["limits"]["upload_bytes"] for phase in told["phases"]],
    ) == (
        MOST,
        [5, MOST],
    )
    for size, status in ((MOST, 201), (MOST + 1, 413)):
        data = {"file": (io.BytesIO(b"x" * size), "p.csv")}
        assert client.post(f"{place}/submissions", data=data, headers=header).status_code == status


def test_a_phase_may_take_more_than_its_task(database: object, sign_in: SignIn) -> None:
    _, captain, address = make_stand(upload_bytes=1_500_000)
    assert upload(sign_in(captain), address, 1_400_000) == 303


def test_what_was_kept_before_a_smaller_phase_began_is_still_too_large(
    both_databases: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    task, captain, _ = make_stand(upload_bytes=MOST)
    artefact = Artefact(digest_of("large"), MOST + 1)
    with pytest.raises(TooLarge), db.transaction() as session:
        service.submit(session, captain, task, artefact, "p.csv")


def moved(now: Callable[[], object], days: int) -> Callable[[], object]:
    later = now() + timedelta(days=days)  # type: ignore[operator]  # it is a moment
    return lambda: later


def test_after_the_last_phase_the_page_still_names_its_limit(
    database: object, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, captain, address = make_stand(upload_bytes=MOST)
    client = sign_in(captain)
    monkeypatch.setattr(db, "now", moved(db.now, 60))
    page = client.get(f"{address}/submit")
    assert page.status_code == 200
    assert "2.0 kB" in page.text
