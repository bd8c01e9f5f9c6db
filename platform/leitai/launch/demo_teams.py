"""The teams of the demo: each with an account, entered, and with the baselines that the bundle gives it."""

import hashlib
import secrets
from collections.abc import Iterator
from io import BytesIO
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from leitai import db, storage
from leitai.accounts.models import Person
from leitai.accounts.service import create_person
from leitai.competitions.bundle.archives import zipped
from leitai.competitions.bundle.loading import Bundle
from leitai.competitions.bundle.schema import Baseline, BaselineTeam
from leitai.competitions.entering import Accepted, digest, enter
from leitai.competitions.models import Entry, Phase, Task
from leitai.competitions.stage import find_task
from leitai.submissions.earlier import bring
from leitai.submissions.models import Submission
from leitai.submissions.service import submit
from leitai.teams.models import Team
from leitai.teams.service import form_team


class Given(NamedTuple):
    """A baseline with what it belongs to in the database."""

    baseline: Baseline
    team: BaselineTeam
    task: Task
    phase: Phase


def enter_all(session: Session, captain: Person, team: BaselineTeam, bundle: Bundle) -> None:
    """Form a person's team and enter it for every task."""
    own = _team(session, team, captain)
    for loaded in bundle.tasks:
        _entry(session, find_task(session, bundle.competition.slug, loaded.spec.slug), own)


def hand_in_baselines(session: Session, bundle: Bundle) -> None:
    """Hand in what is not there yet, known by phase, team and message."""
    given = list(_given(session, bundle))
    for number, one in enumerate(given, start=1):
        team = _team(session, one.team)
        entry = _entry(session, one.task, team)
        if not _is_handed_in(session, one, team):
            _hand_in(session, one, entry, number / (len(given) + 1))


def _given(session: Session, bundle: Bundle) -> Iterator[Given]:
    for loaded in bundle.tasks:
        task = find_task(session, bundle.competition.slug, loaded.spec.slug)
        phases = {phase.slug: phase for phase in task.phases}
        for baseline in loaded.spec.baselines:
            if baseline.team:
                yield Given(baseline, baseline.team, task, phases[baseline.phase or task.phases[0].slug])


def _team(session: Session, wanted: BaselineTeam, captain: Person | None = None) -> Team:
    present = session.scalars(select(Team).where(Team.name == wanted.name)).one_or_none()
    if present:
        return present
    captain = captain or _captain(session, wanted)
    return form_team(session, captain, wanted.name, wanted.country, wanted.affiliation)


def _captain(session: Session, team: BaselineTeam) -> Person:
    """An account that nobody can sign in with: its password is thrown away."""
    number = hashlib.sha256(team.name.encode()).hexdigest()[:8]
    captain = create_person(
        session,
        email=f"captain-{number}@demo.example",
        name=f"{team.name} (captain)",
        password=secrets.token_urlsafe(32),
        country=team.country,
        confirmed=True,
    )
    assert captain is not None
    return captain


def _entry(session: Session, task: Task, team: Team) -> Entry:
    statement = select(Entry).where(Entry.task_id == task.id, Entry.team_id == team.id)
    accepted = Accepted(digest(task.rules["en"]), digest(task.agreement["en"]))
    return session.scalars(statement).one_or_none() or enter(session, team.captain, task, team.id, accepted)


def _is_handed_in(session: Session, one: Given, team: Team) -> bool:
    same = select(Submission.id).where(
        Submission.phase_id == one.phase.id,
        Submission.team_id == team.id,
        Submission.message == one.baseline.name,
    )
    return session.scalars(same.limit(1)).first() is not None


def _hand_in(session: Session, one: Given, entry: Entry, share: float) -> None:
    """As everybody does while the phase is open; into one that is over, at a moment within it."""
    path, person = one.baseline.file.path, entry.team.captain
    content = zipped(path) if path.is_dir() else path.read_bytes()
    artefact = storage.artefacts().put(BytesIO(content), len(content))
    name = f"{path.name}.zip" if path.is_dir() else path.name
    if one.phase.starts_at <= db.now() < one.phase.ends_at:
        submit(session, person, one.task, artefact, name, one.baseline.name, str(entry.team_id))
        return
    at = one.phase.starts_at + (one.phase.ends_at - one.phase.starts_at) * share
    bring(session, person, entry, one.phase, artefact, name, one.baseline.name, at)
