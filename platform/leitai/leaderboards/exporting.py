"""A phase's boards as CSV, for the organizers' spreadsheets."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

import evaluators
from leitai.accounts.models import Person
from leitai.competitions.models import Phase, Task
from leitai.competitions.roles import require_organizer
from leitai.leaderboards.models import Standing, score_in
from leitai.leaderboards.ordering import COLUMNS, on
from leitai.leaderboards.revealing import is_shown
from leitai.leaderboards.telling import UNKNOWN, Certainty, certainties
from leitai.submissions.models import Split
from leitai.teams.models import Team

# What makes spreadsheets take a text for a formula; the wide signs do so in East Asian settings.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
FACTS = (
    "rank",
    "team_id",
    "team",
    "country",
    "affiliation",
    "captain",
    "tries",
    "submission",
    "submitted_at",
)
# How sure a place is, on a board that knows it of any.
SURE = ("interval low", "interval high", "rank low", "rank high", "told apart")


class Place(NamedTuple):
    """A row of a board, with what the export says of its team."""

    team_id: int
    team: str
    country: str
    affiliation: str
    captain: str
    tries: int
    submission_id: int
    submitted_at: datetime
    scores: dict[str, float]
    value: float


@dataclass(frozen=True)
class Board:
    """The teams of one split by their number, best first, each with its rank, place and how sure it is."""

    split: Split
    columns: tuple[evaluators.ScoreColumn, ...]
    places: dict[int, tuple[int, Place]]
    sure: dict[int, Certainty] = field(default_factory=dict)

    @property
    def heading(self) -> list[object]:
        """The names of its columns."""
        names = [column.name for column in self.columns]
        return [plain(f"{self.split} {name}") for name in (*names, *(SURE if self.sure else ()))]

    def cells(self, team_id: int) -> list[object]:
        """What stands of a team below them; nothing where it is not on the board."""
        if team_id not in self.places:
            return [None] * len(self.heading)
        _, row = self.places[team_id]
        scores: list[object] = [score_in(column, row.value, row.scores) for column in self.columns]
        return scores + (_sure(self.sure.get(team_id, UNKNOWN)) if self.sure else [])


def export(session: Session, person: Person, task: Task, phase: Phase) -> str:
    """Everything on the boards of a phase; of the private one nothing before it is shown.

    Raises:
        NotAllowed: not an organizer.
    """
    require_organizer(session, person, task)
    public = _board(session, phase, Split.PUBLIC)
    private = _board(session, phase, Split.PRIVATE) if is_shown(phase) else None
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    hidden = ["private rank", *private.heading] if private else []
    writer.writerow([*FACTS, *public.heading, *hidden])
    writer.writerows(_rows(public, private))
    return text.getvalue()


def _rows(public: Board, private: Board | None) -> Iterator[list[object]]:
    for team_id, (rank, row) in public.places.items():
        cells = [*_facts(rank, row), *public.cells(team_id)]
        if private:
            place, _ = private.places.get(team_id, (None, None))
            cells += [place, *private.cells(team_id)]
        yield cells


def plain(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip(" \u3000\ufeff").startswith(FORMULA) else text


def _board(session: Session, phase: Phase, split: Split) -> Board:
    places = _ranked(session, phase, split)
    found = certainties(session, phase, split, [row.submission_id for _, row in places.values()])
    known = dict(zip(places, found, strict=True)) if any(own != UNKNOWN for own in found) else {}
    return Board(split, evaluators.columns(phase.task.evaluation), places, known)


def _ranked(session: Session, phase: Phase, split: Split) -> dict[int, tuple[int, Place]]:
    """Plain columns: thousands of rows need no objects."""
    team = (Team.id, Team.name, Team.country, Team.affiliation, Person.name)
    statement = (
        select(*team, Standing.tries, Standing.submission_id, Standing.submitted_at, Standing.scores)
        .add_columns(Standing.value)
        .join(Team, Team.id == Standing.team_id)
        .join(Person, Person.id == Team.captain_id)
        .where(on(phase.id, split))
        .order_by(*COLUMNS)
    )
    places = map(Place._make, session.execute(statement))
    return {row.team_id: (place, row) for place, row in enumerate(places, start=1)}


def _facts(place: int, row: Place) -> tuple[object, ...]:
    about = map(plain, (row.team, row.country, row.affiliation, row.captain))
    submitted = row.submitted_at.isoformat(timespec="seconds")
    return (place, row.team_id, *about, row.tries, row.submission_id, submitted)


def _sure(own: Certainty) -> list[object]:
    apart = None if own.apart is None else "yes" if own.apart else "no"
    return [own.low, own.high, *(own.ranks or (None, None)), apart]
