"""`leitai images clear`: the images that tasks name stay."""

from collections.abc import Collection

import pytest
from click.testing import CliRunner

from leitai import db
from leitai.cli import leitai
from leitai.competitions.models import DataFile, Role
from leitai.launch import sandbox_images
from leitai.settings import Settings
from sandbox.job import SandboxUnavailable
from tests.leitai.factories import make_task


class Told:
    """Images on an engine that answers, or does not."""

    def __init__(self, *gone: str, answers: bool = True) -> None:
        self.gone, self.answers = list(gone), answers
        self.in_use: Collection[str] = ()

    def clear(self, in_use: Collection[str]) -> list[str]:
        self.in_use = in_use
        if not self.answers:
            raise SandboxUnavailable("the engine is gone")
        return self.gone


def cleared(monkeypatch: pytest.MonkeyPatch, told: Told) -> tuple[int, str]:
    monkeypatch.setattr(sandbox_images, "of_tasks", lambda _: told)
    found = CliRunner().invoke(leitai, ["images", "clear"])
    return found.exit_code, found.output


def test_images_in_use_stay_and_those_that_go_are_named(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.transaction() as session:
        given = {"task_id": make_task(session).id, "name": "dockerfile.tar", "size": 1}
        session.add(DataFile(**given, role=Role.IMAGE, digest="a" * 64))
        session.add(DataFile(**given, role=Role.IMAGE, digest="b" * 64, retired_at=db.now()))
        session.add(DataFile(**given, role=Role.OPEN, digest="c" * 64))
    told = Told("leitai-task:1", "leitai-task:2")
    assert cleared(monkeypatch, told) == (0, "removed leitai-task:1\nremoved leitai-task:2\n")
    assert told.in_use == {"a" * 64}
    assert cleared(monkeypatch, Told()) == (0, "Every image of a task is in use.\n")


def test_an_engine_that_does_not_answer_is_said(database: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    code, output = cleared(monkeypatch, Told(answers=False))
    assert code == 1
    assert "No Docker engine answers on this machine" in output
