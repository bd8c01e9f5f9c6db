"""A whole installation for one test: database, broker, engine, and workers that can be killed."""

import io
import os
import signal
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import docker
import pytest
from docker.errors import APIError, NotFound
from sqlalchemy import select

from leitai import db, queues
from leitai.competitions.models import Phase, Role
from leitai.launch import engine, valkey
from leitai.scoring import strays
from leitai.scoring.checking import unready
from leitai.settings import Settings
from leitai.storage import artefacts
from leitai.submissions.models import Run, Submission
from leitai.worker import wire
from sandbox.containers import LEASE
from sandbox.pool import CONTAINER, POOL
from tests.leitai.conftest import forget, migrated, settings_of_test  # noqa: F401 fixtures are found by name
from tests.leitai.factories import EVALUATION, make_hidden, make_phase, make_submission, make_task

PREDICT = """
import pathlib, sys, time
source, target = map(pathlib.Path, sys.argv[1:])
time.sleep({seconds})
(target / "predictions.csv").write_text((source / "sample.csv").read_text())
"""
REFERENCE = b"id,split,value\na,public,1\nb,private,3\n"
SAMPLE = b"id,value\na,2\nb,1\n"


def wait_for(condition: Callable[[], Any], seconds: float = 60.0) -> Any:
    """What the condition gives, once it gives something."""
    until = time.monotonic() + seconds
    while not (found := condition()) and time.monotonic() < until:
        time.sleep(0.05)
    assert found
    return found


class Installation:
    """Processes of its own over a folder of its own."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.mark = strays.installation(settings)
        self.docker = docker.DockerClient(base_url=engine.address(settings), timeout=30)
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self, *command: str, **env: str) -> "subprocess.Popen[bytes]":
        program = [sys.executable, "-m", "leitai.cli", *command]
        return self.keep(subprocess.Popen(program, env={**os.environ, **env}, start_new_session=True))

    def keep(self, process: "subprocess.Popen[bytes]") -> "subprocess.Popen[bytes]":
        """End this one too, at the end."""
        self._processes.append(process)
        return process

    def start_broker(self) -> None:
        self.broker = self.keep(subprocess.Popen(valkey.prepare(self.settings)))
        wait_for(self._broker_answers, 10)

    def _broker_answers(self) -> bool:
        try:
            return bool(queues.broker().ping())
        except queues.RedisError:
            return False

    def kill(self, process: "subprocess.Popen[bytes]") -> None:
        """With -9, and its children with it."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def end(self) -> None:
        for process in self._processes:
            if process.poll() is None:
                process.kill()
                process.wait()
        for container in self.containers():
            with suppress(NotFound, APIError):  # whoever was killed had it removed already
                container.remove(force=True)
        for volume in self.docker.volumes.list(filters={"label": f"{POOL}={self.mark}"}):
            with suppress(NotFound, APIError):
                volume.remove()
        self.docker.close()

    def containers(self) -> list[Any]:
        """Those whose lease is one of ours, and those that wait for us."""
        found = self.docker.containers.list(all=True, ignore_removed=True)
        ours = (self.mark, f"{self.mark}.")
        return [
            one for one in found if any(v == ours[0] or v.startswith(ours[1]) for v in one.labels.values())
        ]

    def claimed(self) -> dict[str, str]:
        """The containers of the pool that somebody holds, and the lease if it is for a run."""
        volumes = self.docker.volumes.list(filters={"label": f"{POOL}={self.mark}"})
        return {one.attrs["Labels"][CONTAINER]: one.attrs["Labels"][LEASE] for one in volumes}

    def warm(self) -> list[Any]:
        """Both containers that the phase wants, once they wait."""
        held = self.claimed()
        found = [one for one in self.containers() if POOL in one.labels and one.id not in held]
        return found if len(found) == 2 else []

    def at_work(self) -> list[Any]:
        """Those that somebody holds for a run, warm or cold."""
        held = self.claimed()
        return [one for one in self.containers() if POOL not in one.labels or held.get(one.id)]

    def submit(self, phase: Phase, seconds: float) -> int:
        """Queue a program that takes so long."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("predict.py", PREDICT.format(seconds=seconds))
        size = stream.tell()
        stream.seek(0)
        stored = artefacts().put(stream, size)
        with db.transaction() as session:
            row = make_submission(
                session, phase, digest=stored.digest, size=size, file_name="model.zip", kind="code"
            )
        queues.wake()
        return row.id

    def states(self) -> list[str]:
        with db.reading() as session:
            return list(session.scalars(select(Submission.state).order_by(Submission.id)))

    def runs(self) -> list[Run]:
        with db.reading() as session:
            return list(session.scalars(select(Run).order_by(Run.id)))

    def predicting(self) -> bool:
        """Whether a program runs in its container now."""
        running = [one for one in self.at_work() if one.status == "running"]
        return bool(running) and any(run.stage == "predicting" for run in self.runs())


def tar_of(name: str, content: bytes) -> tuple[io.BytesIO, int]:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        member = tarfile.TarInfo(name)
        member.size, member.mode = len(content), 0o444
        archive.addfile(member, io.BytesIO(content))
    size = stream.tell()
    stream.seek(0)
    return stream, size


@pytest.fixture
def installation(
    settings_of_test: Settings,  # noqa: F811 the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Installation]:
    """Short leases, so that the dead are missed soon."""
    for key, value in {"LEASE_S": "3", "SWEEP_S": "0.5", "WORKER_GONE_S": "4"}.items():
        monkeypatch.setenv(f"LEITAI_SCORING__{key}", value)
    monkeypatch.setenv("LEITAI_REDIS_URL", f"unix://{valkey.socket_place(settings_of_test)}")
    forget()
    settings = queues.load_settings()
    why = unready(wire(settings))
    assert not why, why
    db.migrate()
    found = Installation(settings)
    found.start_broker()
    yield found
    found.end()


@pytest.fixture
def phase(installation: Installation) -> Phase:
    """Of a code task, with hidden input and reference."""
    limits = {
        "wall_s": 30.0,
        "cpu_s": 30.0,
        "memory_bytes": 500_000_000,
        "cpus": 1.0,
        "output_bytes": 1_000_000,
        "upload_bytes": 1_000_000,
    }
    with db.transaction() as session:
        task = make_task(
            session, kind="code", limits=limits, evaluation=EVALUATION | {"file": "predictions.csv"}
        )
        found = make_phase(session, task)
        for role, name, content in (
            (Role.INPUT, "sample.csv", SAMPLE),
            (Role.REFERENCE, "reference.csv", REFERENCE),
        ):
            stored = artefacts().put(*tar_of(name, content))
            make_hidden(session, found, role, stored.digest, size=stored.size)
    return found


@pytest.fixture
def cut(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a way to the engine lies that can be cut."""
    return tmp_path_factory.mktemp("cut") / "docker.sock"
