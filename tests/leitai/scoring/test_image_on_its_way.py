"""A submission to a task with an image of its own, through the real worker and the real engine."""

import io
import tarfile
import zipfile
from collections.abc import Iterator

import docker
import pytest

from leitai import db
from leitai.competitions.models import DataFile, Role
from leitai.launch import engine
from leitai.scoring.checking import unready
from leitai.scoring.scorer import Said, Scorer
from leitai.settings import Settings
from leitai.storage import Artefact, artefacts
from leitai.submissions.models import State, Submission
from leitai.worker import wire
from tests.leitai.factories import EVALUATION, make_hidden, make_phase, make_submission, make_task

pytestmark = pytest.mark.engine

DOCKERFILE = b"FROM leitai-base\nRUN echo 'id,value' > /answers && echo 'a,1\\nb,3' | tee -a /answers\n"
BROKEN = b"FROM leitai-base\nRUN echo out of luck && false\n"
RUN = b'#!/bin/sh\ncp /answers "$2/predictions.csv"\n'


def kept(content: bytes) -> Artefact:
    return artefacts().put(io.BytesIO(content), len(content))


def tar_of(name: str, content: bytes) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return stream.getvalue()


@pytest.fixture
def scorer(database: Settings) -> Iterator[Scorer]:
    """Without the images that a test makes."""
    parts = wire(database)
    assert unready(parts) == ""
    yield Scorer(parts, database, "worker")
    client = docker.DockerClient(base_url=engine.address(database))
    with db.reading() as session:
        digests = session.query(DataFile.digest).filter(DataFile.role == Role.IMAGE).all()
    for (digest,) in digests:
        for image in client.images.list(f"leitai-task:{digest[:32]}"):
            client.images.remove(image.tags[0])
        client.images.prune({"dangling": True, "label": f"leitai.task={digest}"})
    client.close()


def queued(dockerfile: bytes) -> int:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("run", RUN)
    stored = kept(stream.getvalue())
    files = {
        Role.INPUT: tar_of("input.csv", b"id\na\nb\n"),
        Role.REFERENCE: tar_of("reference.csv", b"id,split,value\na,public,1\nb,private,3\n"),
        Role.IMAGE: tar_of("Dockerfile", dockerfile),
    }
    with db.transaction() as session:
        task = make_task(session, kind="code", evaluation=EVALUATION | {"file": "predictions.csv"})
        phase = make_phase(session, task)
        for role, content in files.items():
            artefact = kept(content)
            of_task = {"phase_id": None, "name": "dockerfile.tar"} if role == Role.IMAGE else {}
            make_hidden(session, phase, role, artefact.digest, size=artefact.size, **of_task)
        return make_submission(
            session, phase, kind="code", digest=stored.digest, size=stored.size, file_name="mine.zip"
        ).id


def test_a_program_in_another_language_is_scored_in_the_tasks_image(scorer: Scorer) -> None:
    number = queued(DOCKERFILE)
    assert scorer.score_next() == Said.DONE
    client = docker.from_env()
    with db.reading() as session:
        found = session.get_one(Submission, number)
        run = found.runs[-1]
        assert (found.state, run.code, run.trouble) == (State.SCORED, "", "")
        assert {score.metric: score.value for score in run.scores} == {"rmse": 0.0, "mae": 0.0}
        tag = f"leitai-task:{run.receipt['data']['image'][:32]}"
        assert run.receipt["images"]["runtime"] == client.images.get(tag).id
    client.close()


def test_a_build_that_fails_leaves_submissions_waiting_and_tells_organizers(scorer: Scorer) -> None:
    number = queued(BROKEN)
    assert [scorer.score_next() for _ in range(3)] == [Said.DONE, Said.IDLE, Said.IDLE]
    with db.reading() as session:
        found = session.get_one(Submission, number)
        assert (found.state, found.attempts, len(found.runs)) == (State.QUEUED, 0, 1)
        assert "out of luck" in found.runs[0].trouble
