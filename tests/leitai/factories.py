"""Rows for tests: each function flushes and returns one, and makes what it needs but was not given."""

import hashlib
import secrets
from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from leitai import db
from leitai.accounts.models import Person
from leitai.competitions.models import (
    Competition,
    DataFile,
    Entry,
    EntryMember,
    Kind,
    Phase,
    Role,
    Task,
    Track,
)
from leitai.submissions.models import Run, State, Submission
from leitai.teams.models import Membership, Team

numbers = count(1)


def both(text: str) -> dict[str, str]:
    """The same text in both languages."""
    return {"en": text, "zh": f"{text}(中)"}


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def kept(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row


def make_person(session: Session, **values: Any) -> Person:
    """Confirmed unless told otherwise; nobody can sign in with its password."""
    n = next(numbers)
    given = {
        "email": f"person{n}@example.org",
        "name": f"Person {n}",
        "password_hash": "!",
        "country": "CN",
        "session_key": secrets.token_urlsafe(32),
        "confirmed_at": db.now(),
        **values,
    }
    return kept(session, Person(**given))


def make_team(
    session: Session, captain: Person | None = None, members: tuple[Person, ...] = (), **values: Any
) -> Team:
    """The captain is a member too."""
    captain = captain or make_person(session)
    given = {"name": f"Team {next(numbers)}", "country": "CN", "captain_id": captain.id, **values}
    team = kept(session, Team(**given))
    for person in (captain, *members):
        kept(session, Membership(team_id=team.id, person_id=person.id))
    return team


def make_competition(session: Session, organizers: tuple[Person, ...] = (), **values: Any) -> Competition:
    n = next(numbers)
    given = {
        "slug": f"competition-{n}",
        "title": both(f"Competition {n}"),
        "summary": both("Summary"),
        "place": both("Guangzhou"),
        "starts_at": db.now() - timedelta(days=10),
        "ends_at": db.now() + timedelta(days=90),
        **values,
    }
    competition = kept(session, Competition(**given))
    competition.organizers.extend(organizers)
    session.flush()
    return competition


EVALUATION = {
    "id": "id",
    "split": "split",
    "metrics": [{"metric": "rmse", "target": "value"}, {"metric": "mae", "target": "value"}],
}
LIMITS = {
    "wall_s": 60.0,
    "cpu_s": 60.0,
    "memory_bytes": 1_000_000_000,
    "cpus": 1.0,
    "output_bytes": 10_000_000,
    "upload_bytes": 1_000_000,
}


def make_task(
    session: Session, competition: Competition | None = None, judges: tuple[Person, ...] = (), **values: Any
) -> Task:
    """A task for predictions in a track of its own; lower is better. It has no phase yet."""
    competition = competition or make_competition(session)
    n = next(numbers)
    track = kept(session, Track(competition_id=competition.id, slug=f"track-{n}", title=both(f"Track {n}")))
    given = {
        "competition_id": competition.id,
        "track_id": track.id,
        "slug": f"task-{n}",
        "kind": Kind.PREDICTIONS,
        "title": both(f"Task {n}"),
        "sponsor": both("Sponsor"),
        "prize": both("¥10,000"),
        "statement": both("Statement"),
        "rules": both("Rules"),
        "agreement": both("Agreement"),
        "evaluation": EVALUATION,
        "limits": LIMITS,
        **values,
    }
    task = kept(session, Task(**given))
    task.judges.extend(judges)
    session.flush()
    return task


def make_phase(session: Session, task: Task | None = None, **values: Any) -> Phase:
    """Open since yesterday, for a month."""
    task = task or make_task(session)
    ends = values.get("ends_at", db.now() + timedelta(days=30))
    given = {
        "task_id": task.id,
        "slug": f"phase-{next(numbers)}",
        "kind": "preliminary",
        "title": both("Preliminary"),
        "starts_at": db.now() - timedelta(days=1),
        "ends_at": ends,
        "private_from": ends,
        "daily_limit": 5,
        "total_limit": 100,
        "advance": {},
        **values,
    }
    return kept(session, Phase(**given))


def make_hidden(session: Session, phase: Phase, role: Role, digest: str, **values: Any) -> DataFile:
    """Hidden data of a phase; its bytes are not made."""
    given = {"task_id": phase.task_id, "phase_id": phase.id, "name": f"{role}.tar", "size": 1, **values}
    return kept(session, DataFile(role=role, digest=digest, **given))


def make_entry(session: Session, task: Task | None = None, team: Team | None = None, **values: Any) -> Entry:
    """Every member of the team takes part."""
    task = task or make_task(session)
    team = team or make_team(session)
    given = {
        "task_id": task.id,
        "team_id": team.id,
        "entered_by_id": team.captain_id,
        "rules_digest": digest_of("Rules"),
        "agreement_digest": digest_of("Agreement"),
        **values,
    }
    entry = kept(session, Entry(**given))
    session.refresh(team, ["memberships"])
    for membership in team.memberships:
        kept(session, EntryMember(entry_id=entry.id, task_id=task.id, person_id=membership.person_id))
    return entry


def make_submission(
    session: Session, phase: Phase | None = None, team: Team | None = None, **values: Any
) -> Submission:
    """Queued; neither its entry nor its bytes are made."""
    phase = phase or make_phase(session)
    team = team or make_team(session)
    task = session.get_one(Task, phase.task_id)
    given = {
        "task_id": task.id,
        "phase_id": phase.id,
        "team_id": team.id,
        "person_id": team.captain_id,
        "kind": task.kind,
        "file_name": "predictions.csv",
        "digest": digest_of(str(next(numbers))),
        "size": 100,
        "state": State.QUEUED,
        "queued_at": values.get("created_at", db.now()),
        **values,
    }
    return kept(session, Submission(**given))


def make_run(session: Session, submission: Submission | None = None, **values: Any) -> Run:
    """Running, with a lease of a minute."""
    submission = submission or make_submission(session, state=State.RUNNING)
    given = {
        "submission_id": submission.id,
        "team_id": submission.team_id,
        "attempt": 1,
        "worker": "worker",
        "lease": secrets.token_urlsafe(32),
        "lease_expires_at": db.now() + timedelta(minutes=1),
        **values,
    }
    return kept(session, Run(**given))
