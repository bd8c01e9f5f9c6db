"""What the tests of pages share."""

import pytest

from leitai import queues
from leitai.settings import Settings
from tests.leitai.submissions.pages import World, make_world


@pytest.fixture
def deaf_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """No broker runs here; waking is tried in test_service."""
    monkeypatch.setattr(queues, "wake", lambda: None)


@pytest.fixture
def world(database: Settings, deaf_workers: None) -> World:
    """A task for predictions, a team of two that has entered, and one person for every other role."""
    return make_world()
