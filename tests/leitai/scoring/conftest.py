"""A real broker, a submission that waits, a scorer with a sandbox that does as it is told."""

import io
import subprocess
import time
from collections.abc import Callable, Iterator

import pytest

from leitai import db, queues
from leitai.competitions.models import Role
from leitai.launch import valkey
from leitai.scoring import jobs
from leitai.scoring.parts import Parts
from leitai.scoring.scorer import Scorer
from leitai.settings import Settings
from leitai.storage import artefacts
from tests.leitai.factories import make_hidden, make_phase, make_submission
from tests.leitai.scoring.doubles import ToldImages, ToldSandbox


@pytest.fixture
def broker(database: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator["subprocess.Popen[bytes]"]:
    """A broker of this test's own."""
    command = valkey.prepare(database)
    place = valkey.socket_place(database)
    monkeypatch.setenv("LEITAI_REDIS_URL", f"unix://{place}")
    server = subprocess.Popen(command)
    queues.load_settings.cache_clear()
    queues.broker.cache_clear()
    until = time.monotonic() + 10
    while not place.exists() and time.monotonic() < until:
        time.sleep(0.02)
    yield server
    server.kill()
    server.wait()


@pytest.fixture
def waits(database: Settings) -> Callable[[], int]:
    """Makes a submission that waits, with its bytes and its reference. Gives its number."""

    def make() -> int:
        stored = artefacts().put(io.BytesIO(b"id,value\na,1\n"), 100)
        with db.transaction() as session:
            phase = make_phase(session)
            make_hidden(session, phase, Role.REFERENCE, stored.digest, size=stored.size)
            return make_submission(session, phase, digest=stored.digest, size=stored.size).id

    return make


@pytest.fixture
def number(waits: Callable[[], int]) -> int:
    """One submission that waits."""
    return waits()


def make_scorer(settings: Settings, sandbox: ToldSandbox) -> Scorer:
    parts = Parts(sandbox, artefacts(), settings.path("scratch"), "runtime", "scorer", ToldImages())
    scorer = Scorer(parts, settings, "worker")
    jobs.equip(scorer)
    return scorer
