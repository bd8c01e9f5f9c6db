"""A portal that really listens, and the command line as its teams use it."""

import hashlib
import io
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from apiflask import APIFlask
from click.testing import CliRunner, Result
from werkzeug.serving import make_server

from leitai import cli, db, queues, storage
from leitai.accounts.models import Person
from leitai.accounts.service import make_token
from leitai.competitions.models import DataFile, Kind, Phase, Role, Task
from leitai.teams.models import Team
from tests.leitai.factories import (
    make_competition,
    make_entry,
    make_person,
    make_phase,
    make_task,
    make_team,
)

TRAIN = b"id,value\n" + b"".join(b"%d,%d\n" % (n, n * n) for n in range(50_000))


class World(NamedTuple):
    """A competition with a task for predictions and one for code, and a team that has entered both."""

    captain: Person
    team: Team
    table: Task
    code: Task
    phase: Phase
    file: DataFile
    token: str


@pytest.fixture
def world(app: APIFlask, monkeypatch: pytest.MonkeyPatch) -> World:
    # The portal of these tests shares standard output with the command; it has no broker to complain about.
    monkeypatch.setattr(queues, "wake", lambda: True)
    artefact = storage.artefacts().put(io.BytesIO(TRAIN), len(TRAIN))
    with db.transaction() as session:
        captain = make_person(session, name="Ada", email="ada@example.org")
        team = make_team(session, captain, name="Flat earth")
        cup = make_competition(session, slug="cup")
        table = make_task(session, cup, slug="table")
        code = make_task(session, cup, slug="code", kind=Kind.CODE)
        phase = make_phase(session, table, slug="open")
        make_phase(session, code)
        for task in (table, code):
            make_entry(session, task, team)
        file = DataFile(
            task_id=table.id, role=Role.OPEN, name="train.csv", digest=artefact.digest, size=artefact.size
        )
        session.add(file)
        token = make_token(session, captain, "terminal")
    assert artefact.digest == hashlib.sha256(TRAIN).hexdigest()
    return World(captain, team, table, code, phase, file, token)


@pytest.fixture
def address(app: APIFlask) -> Iterator[str]:
    """Where the portal listens."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `leitai …` in an empty folder, with a configuration folder of its own."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("COLUMNS", "200")
    for name in ("LEITAI_URL", "LEITAI_TOKEN", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "desk").mkdir()
    monkeypatch.chdir(tmp_path / "desk")
    return lambda *words, **options: CliRunner().invoke(cli.leitai, words, **options)


@pytest.fixture
def signed_in(run: Run, address: str, world: World) -> Run:
    """The same, after `leitai login`."""
    result = run("login", address, input=f"{world.token}\n")
    assert result.exit_code == 0, result.output
    return run
