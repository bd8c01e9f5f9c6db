"""Fills a database with an event of the real size: 3,307 teams, 24 tasks, 86,214 submissions.

    python -m benchmarks.event                 into a new folder among the temporary files
    python -m benchmarks.event --url URL       into an empty database, for example a PostgreSQL one

The same seed gives the same event. Standings are worked out here at once, and then held against what the
boards' own service makes of a sample of teams.
"""

import argparse
import os
import random
import secrets
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, func, insert, select, text, update
from sqlalchemy.orm import Session

from benchmarks import history, people, setting
from benchmarks.history import HandedIn
from leitai import db
from leitai.accounts.models import Person
from leitai.accounts.passwords import hashed
from leitai.competitions.models import Entry, Phase
from leitai.leaderboards.advancing import cut
from leitai.leaderboards.models import Standing
from leitai.leaderboards.settling import settle
from leitai.submissions.models import Run, Score, Split, State, Submission
from leitai.teams.models import Team

SEED = 20_261_124
SUBMISSIONS = 86_214
SEMI_FINALS = 0.08
WAITING = 40
BATCH = 5000
SAMPLE = 60
Tell = Callable[[str], None]


class StandingsDiffer(Exception):
    """What was written at once is not what the service writes."""


@dataclass(frozen=True)
class Event:
    """Where to look: the most popular task, one of its busiest teams, and how to sign in."""

    password: str
    organizer: str
    captain: str
    task_id: int
    task: str
    submission_id: int
    team_name: str


def build(tell: Tell) -> Event:
    """Fill the database of this process's settings, which must be empty.

    Raises:
        StandingsDiffer: a team would stand elsewhere by the boards' own service.
    """
    dice, now, password = random.Random(SEED), db.now(), secrets.token_urlsafe(12)
    db.migrate()
    with db.transaction() as session:
        session.add(Person(**people.person_row(dice, setting.ORGANIZER, "CN", now)))
        session.flush()
        phases = setting.build(session, now)
    crowd = people.gather(dice, setting.TASKS, phases[0].starts_at, first_person=setting.ORGANIZER + 1)
    with db.engine().begin() as connection:
        for table, rows in crowd.rows.items():
            _write(connection, table, rows)
        tell(f"{len(crowd.rows[Person])} people, {people.TEAMS} teams, {len(crowd.rows[Entry])} entries")
        handed_in = _hand_in(dice, phases, crowd.entries, now)
        _write_history(connection, dice, phases, handed_in)
        _renew_numbers(connection)
    tell(f"{len(handed_in)} submissions")
    tell(f"{check(phases)} standings are as the service writes them")
    with db.transaction() as session:
        return _sights(session, phases[0], password)


def _hand_in(
    dice: random.Random, phases: list[Phase], entries: dict[int, list[people.Member]], now: datetime
) -> list[HandedIn]:
    """All submissions in order of time, numbered; to a semi-final only the teams that got through."""
    begun = [phase for phase in phases if phase.starts_at < now]
    first = [phase for phase in begun if phase.position == 0]
    number = SUBMISSIONS - round(SUBMISSIONS * SEMI_FINALS)
    made = _share(dice, {phase: entries[phase.task_id] for phase in first}, number, now)
    passed = {}
    for phase in begun:
        if phase.position:
            before = next(one for one in first if one.task_id == phase.task_id)
            places = history.order(history.stand(made[before]), Split.PRIVATE)
            through = set(places[: cut(before.advance, len(places))])
            passed[phase] = [entry for entry in entries[phase.task_id] if entry.team in through]
    made |= _share(dice, passed, SUBMISSIONS - number, now)
    handed_in = sorted((one for some in made.values() for one in some), key=lambda one: one.at)
    for place, one in enumerate(handed_in, start=1):
        one.id = place
    for one in handed_in[-WAITING:]:
        one.state, one.scores = State.QUEUED, {}
    return handed_in


def _share(
    dice: random.Random, entries: dict[Phase, list[people.Member]], number: int, now: datetime
) -> dict[Phase, list[HandedIn]]:
    """As many submissions to each phase as its entries make of all."""
    whole = sum(map(len, entries.values()))
    shares = {phase: number * len(some) // whole for phase, some in entries.items()}
    shares[next(iter(shares))] += number - sum(shares.values())
    return {
        phase: history.hand_in(dice, phase, phase.task, entries[phase], share, now)
        for phase, share in shares.items()
    }


def _write_history(
    connection: Connection, dice: random.Random, phases: list[Phase], handed_in: list[HandedIn]
) -> None:
    with_run = [one for one in handed_in if one.state in history.WITH_RUN]
    _write(connection, Submission, (history.submission_row(dice, one) for one in handed_in))
    _write(connection, Run, (history.run_row(dice, one) for one in with_run))
    counts = Submission.state.in_((State.SCORED, State.REJECTED))
    connection.execute(update(Submission).where(counts).values(run_id=Submission.id))
    _write(connection, Score, (row for one in with_run for row in history.score_rows(one)))
    for phase in phases:
        standings = history.stand(one for one in handed_in if one.phase is phase)
        _write(connection, Standing, history.standing_rows(phase, standings))


def _write(connection: Connection, table: type, rows: Iterable[dict[str, Any]]) -> None:
    left = iter(rows)
    while batch := list(islice(left, BATCH)):
        connection.execute(insert(table), batch)


def _renew_numbers(connection: Connection) -> None:
    """PostgreSQL counts on from where we wrote numbers ourselves, and learns what its tables hold."""
    if connection.dialect.name != "postgresql":
        return
    for table in (Person, Team, Entry, Submission, Run):
        newest = select(func.max(table.id)).scalar_subquery()
        connection.execute(select(func.setval(f"{table.__tablename__}_id_seq", newest)))
    connection.execute(text("ANALYZE"))


def check(phases: list[Phase]) -> int:
    """Hold a sample of standings, of teams on every board, against what the service writes; their number.

    Raises:
        StandingsDiffer: one is not the same.
    """
    dice, compared = random.Random(SEED), 0
    with db.factory()() as session:
        for phase in (session.get_one(Phase, one.id) for one in phases):
            standing = select(Standing.team_id).where(Standing.phase_id == phase.id).distinct()
            teams = sorted(session.scalars(standing))
            for team in dice.sample(teams, min(SAMPLE // 20, len(teams))):
                compared += _compare(session, phase, team)
        session.rollback()
    return compared


def _compare(session: Session, phase: Phase, team: int) -> int:
    before = _rows(session, phase, team)
    for standing in _standings(session, phase, team):
        session.delete(standing)
    session.flush()
    settle(session, phase, team)
    if (after := _rows(session, phase, team)) != before:
        raise StandingsDiffer(f"Team {team} in phase {phase.id}: {before} was written, {after} is right.")
    return len(after)


def _standings(session: Session, phase: Phase, team: int) -> list[Standing]:
    mine = select(Standing).where(Standing.phase_id == phase.id, Standing.team_id == team)
    return list(session.scalars(mine.order_by(Standing.split)))


def _rows(session: Session, phase: Phase, team: int) -> list[tuple[object, ...]]:
    """All but the earlier rank, which only the order of recording tells."""
    names = ("split", "submission_id", "sort_key", "value", "scores", "submitted_at", "tries")
    return [tuple(getattr(row, name) for name in names) for row in _standings(session, phase, team)]


def _sights(session: Session, phase: Phase, password: str) -> Event:
    """What the measurements look at; the organizer and the captain of a busy team can sign in."""
    handed_in = session.execute(
        select(Submission.team_id).where(Submission.phase_id == phase.id, Submission.state == State.SCORED)
    )
    (team_id, _), *_ = Counter(handed_in.scalars()).most_common(20)[-1:]
    team, organizer = session.get_one(Team, team_id), session.get_one(Person, setting.ORGANIZER)
    own = select(func.max(Submission.id)).where(
        Submission.team_id == team_id, Submission.phase_id == phase.id, Submission.state == State.SCORED
    )
    for person in (organizer, team.captain):
        person.password_hash = hashed(password)
    return Event(
        password, organizer.email, team.captain.email, phase.task_id,
        f"{setting.SLUG}/{phase.task.slug}", session.scalars(own).one() or 0, team.name,
    )  # fmt: skip


def main() -> None:
    """Fill a database and say how to sign in."""
    reader = argparse.ArgumentParser(description="Fill a database with an event of the real size.")
    reader.add_argument("--url", default="", help="SQLAlchemy URL of an empty database")
    reader.add_argument("--folder", default="", help="data folder; a new temporary one without it")
    given = reader.parse_args()
    os.environ["LEITAI_DATA_DIR"] = given.folder or tempfile.mkdtemp(prefix="leitai-event-")
    os.environ["LEITAI_DATABASE_URL"] = given.url
    event = build(print)
    print(f"LEITAI_DATA_DIR={os.environ['LEITAI_DATA_DIR']} make run")
    print(f"organizer {event.organizer}, captain {event.captain}, password {event.password}")


if __name__ == "__main__":
    main()
