"""A competition made for measuring, applied as any other: a task for code, one for predictions, and teams."""

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from benchmarks import hidden
from benchmarks.portal import Visitor
from leitai import db, storage
from leitai.accounts.service import create_person, make_token
from leitai.competitions.applying import apply
from leitai.competitions.bundle.loading import load_bundle
from leitai.competitions.entering import Accepted, digest, enter
from leitai.competitions.models import Kind
from leitai.competitions.stage import find_task
from leitai.teams.service import form_team

SLUG = "measured"
TEAMS = 30
BOTH = {"en": "Measured", "zh": "测量"}


@dataclass(frozen=True)
class Edition:
    """The hidden data, and a token of each team."""

    data: hidden.Hidden
    tokens: tuple[str, ...]

    def senders(self, port: int) -> Iterator[Visitor]:
        """Whoever hands in next, in turn: one sender alone may not hand in so much a minute."""
        return cycle([Visitor(port, {"Authorization": f"Bearer {token}"}) for token in self.tokens])


def build(folder: Path) -> Edition:
    """Make it in the database of this process's settings, which must be empty."""
    folder.mkdir()
    found = hidden.write(folder / "hidden")
    # JSON is YAML too.
    (folder / "competition.yaml").write_text(json.dumps(_competition(found, folder)))
    db.migrate()
    with db.transaction() as session:
        apply(session, load_bundle(folder, db.now()), storage.artefacts())
        session.flush()
        tokens = tuple(_team(session, number) for number in range(TEAMS))
    return Edition(found, tokens)


def _competition(found: hidden.Hidden, folder: Path) -> dict[str, Any]:
    tasks = [_task(kind, found, folder) for kind in Kind]
    return {
        "leitai": 1, "slug": SLUG, "title": BOTH, "summary": BOTH, "place": BOTH,
        "starts": "-1 d", "ends": "+9 d",
        "tracks": [{"slug": "track", "title": BOTH, "tasks": tasks}],
    }  # fmt: skip


def _task(kind: Kind, found: hidden.Hidden, folder: Path) -> dict[str, Any]:
    phase = {
        "slug": "preliminary", "kind": "preliminary", "title": BOTH, "starts": "-1 d", "ends": "+8 d",
        "daily_limit": 10_000, "total_limit": 10_000,
        "reference": str(found.reference.relative_to(folder)),
    }  # fmt: skip
    evaluation: dict[str, Any] = {
        "id": "id", "split": "split",
        "metrics": [{"metric": "rmse", "target": "value"}, {"metric": "mae", "target": "value"}],
    }  # fmt: skip
    if kind == Kind.CODE:
        phase["input"] = str(found.input.relative_to(folder))
        evaluation["file"] = "predictions.csv"
    return {
        "slug": kind.value, "title": BOTH, "sponsor": BOTH, "prize": BOTH, "kind": kind.value,
        "statement": BOTH, "rules": BOTH, "agreement": BOTH, "evaluation": evaluation, "phases": [phase],
    }  # fmt: skip


def _team(session: Session, number: int) -> str:
    captain = create_person(
        session, email=f"captain{number}@example.org", name=f"Captain {number}",
        password=secrets.token_urlsafe(16), country="CN", confirmed=True,
    )  # fmt: skip
    assert captain
    team = form_team(session, captain, f"Team {number}", "CN")
    session.flush()
    for kind in Kind:
        task = find_task(session, SLUG, kind.value)
        accepted = Accepted(digest(task.rules["en"]), digest(task.agreement["en"]))
        enter(session, captain, task, team.id, accepted)
    return make_token(session, captain, "measuring")
