"""A task's own image on a submission's way: programs run in it, and one that is no good costs no team."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from obstore.store import LocalStore
from sqlalchemy import select

from leitai import db
from leitai.competitions.models import Role
from leitai.scoring import service, stages, warming
from leitai.scoring.parts import Parts
from leitai.scoring.receipts import receipt
from leitai.scoring.scorer import Said
from leitai.scoring.work import ImageSource, ImageTrouble, Work
from leitai.settings import Settings
from leitai.storage import ArtefactStore
from leitai.submissions.models import Run, State, Submission
from sandbox.task_images import TaskImage, TaskImageRefused
from tests.leitai.factories import EVALUATION, LIMITS, make_hidden
from tests.leitai.scoring.conftest import make_scorer
from tests.leitai.scoring.doubles import ToldImages, ToldSandbox

DIGEST = "d" * 64
TAG = f"leitai-task:{'d' * 32}"


def work(**values: Any) -> Work:
    given = {"kind": "code", "digest": "a" * 64, "file_name": "x.zip", "evaluation": EVALUATION}
    data = {"reference": "r" * 64, "hidden_input": "i" * 64, "limits": LIMITS}
    return Work(**{**given, **data, "image": ImageSource(DIGEST, "dockerfile"), **values})


@pytest.fixture
def parts(tmp_path: Any) -> Parts:
    store = ArtefactStore(LocalStore(tmp_path / "artefacts", mkdir=True), tmp_path / "spool")
    return Parts(ToldSandbox(), store, tmp_path / "scratch", "runtime", "scorer", ToldImages())


def with_image(number: int, name: str = "dockerfile.tar") -> None:
    """The task of this submission takes code, in an image of its own."""
    with db.transaction() as session:
        submission = session.get_one(Submission, number)
        submission.kind = submission.task.kind = "code"
        submission.task.evaluation = EVALUATION | {"file": "predictions.csv"}
        make_hidden(session, submission.phase, Role.INPUT, "i" * 64)
        of_task = {"phase_id": None, "name": name}
        make_hidden(session, submission.phase, Role.IMAGE, "e" * 64, retired_at=db.now(), **of_task)
        make_hidden(session, submission.phase, Role.IMAGE, DIGEST, version=2, **of_task)


def test_programs_run_in_the_tasks_image_and_the_evaluator_in_ours(parts: Parts) -> None:
    assert stages.predicting(work(), parts).image == TAG
    assert stages.predicting(work(image=None), parts).image == "runtime"
    assert stages.scoring(work(), parts).image == "scorer"


def test_the_receipt_names_the_image_and_what_it_was_made_from(parts: Parts) -> None:
    found = receipt(work(), parts, {})
    assert found["images"] == {"scorer": "sha256:scorer", "runtime": f"sha256:{TAG}"}
    assert found["data"]["image"] == DIGEST
    assert "image" not in receipt(work(image=None), parts, {})["data"]


def test_a_phase_that_runs_alone_has_its_image_early_and_no_container(parts: Parts) -> None:
    assert isinstance(parts.images, ToldImages)
    [alone, _] = warming.wanted([(work(alone=True), 3)], parts)
    assert (alone.shape.image, alone.count) == (TAG, 0)
    assert [image.tag for image in parts.images.asked] == [TAG]


def test_an_image_that_the_store_lost_is_image_trouble(parts: Parts) -> None:
    class Reading(ToldImages):
        def ensure(self, image: TaskImage) -> str:
            return str(b"".join(image.read()))

    with pytest.raises(ImageTrouble, match="the artefact store has no dddd"):
        replace(parts, images=Reading()).image_for(ImageSource(DIGEST, "archive"))


def test_an_image_that_is_no_good_keeps_other_phases_warm(parts: Parts) -> None:
    assert isinstance(parts.images, ToldImages)
    parts.images.refused = TaskImageRefused("no python3", 60)
    found = warming.wanted([(work(), 0), (work(image=None), 0)], parts)
    assert [row.shape.image for row in found] == ["scorer", "runtime", "scorer"]


@pytest.mark.parametrize(("name", "kind"), [("dockerfile.tar", "dockerfile"), ("archive.tar", "archive")])
def test_the_newest_image_of_the_task_is_used(number: int, name: str, kind: str) -> None:
    with_image(number, name)
    with db.transaction() as session:
        claim = service.claim(session, "worker", 60)
    assert claim is not None
    assert claim.work.image == ImageSource(DIGEST, kind)


def test_an_image_that_is_no_good_lets_submissions_wait_and_burns_no_attempt(
    database: Settings, waits: Callable[[], int]
) -> None:
    number, other = waits(), waits()
    with_image(number)
    sandbox = ToldSandbox()
    scorer = make_scorer(database, sandbox)
    assert isinstance(scorer.parts.images, ToldImages)
    scorer.parts.images.refused = TaskImageRefused("no python3", 0.3)
    assert [scorer.score_next() for _ in range(3)] == [Said.DONE, Said.DONE, Said.IDLE]
    with db.reading() as session:
        assert session.get_one(Submission, other).state == State.SCORED
        held = session.get_one(Submission, number)
        assert (held.state, held.attempts) == (State.QUEUED, 0)
        [run] = session.scalars(select(Run).where(Run.submission_id == number))
        assert run.trouble == "The image of the task: no python3"
    scorer.parts.images.refused = None
    time.sleep(0.4)
    assert scorer.score_next() == Said.DONE
    with db.reading() as session:
        assert session.get_one(Submission, number).state == State.SCORED
    assert {job.shape.image for job in sandbox.jobs} == {TAG, "scorer"}


def test_another_image_ends_the_waiting_at_once(database: Settings, number: int) -> None:
    with_image(number)
    with db.transaction() as session:
        assert service.claim(session, "worker", 60, held_images={DIGEST}) is None
        assert service.claim(session, "worker", 60, held_images={"e" * 64}) is not None


def test_image_trouble_is_told_with_its_wait(parts: Parts) -> None:
    assert isinstance(parts.images, ToldImages)
    parts.images.refused = TaskImageRefused("too large", 70)
    with pytest.raises(ImageTrouble, match="The image of the task: too large") as caught:
        parts.image_for(ImageSource(DIGEST, "archive"))
    assert caught.value.wait_s == 70
