"""A phase's boards as CSV, for the organizers' spreadsheets."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

import evaluators
from leitai.accounts.models import Person
from leitai.competitions.models import Phase, Task
from leitai.competitions.roles import require_organizer
from leitai.leaderboards.models import Standing
from leitai.leaderboards.ordering import COLUMNS, on
from leitai.leaderboards.revealing import is_shown
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

    def score(self, column: evaluators.ScoreColumn) -> float | str:
        """What stands in a column of the board; nothing where there is none."""
        return self.value if column.ranks else self.scores.get(column.name, "")


def export(session: Session, person: Person, task: Task, phase: Phase) -> str:
    """Everything on the boards of a phase; of the private one nothing before it is shown.

    Raises:
        NotAllowed: not an organizer.
    """
    require_organizer(session, person, task)
    columns = evaluators.columns(task.evaluation)
    splits = (Split.PUBLIC, Split.PRIVATE) if is_shown(phase) else (Split.PUBLIC,)
    boards = {split: _ranked(session, phase, split) for split in splits}
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(_heading(columns, splits))
    for team_id, (place, row) in boards[Split.PUBLIC].items():
        scores: list[object] = [row.score(column) for column in columns]
        for hidden in splits[1:]:
            scores += _private(boards[hidden].get(team_id), columns)
        writer.writerow([plain(cell) for cell in (*_facts(place, row), *scores)])
    return text.getvalue()


def plain(cell: object) -> object:
    """A text that no spreadsheet takes for a formula; numbers stay numbers."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" \u3000\ufeff").startswith(FORMULA) else cell


def _heading(columns: tuple[evaluators.ScoreColumn, ...], splits: tuple[Split, ...]) -> Iterator[object]:
    yield from FACTS
    for split in splits:
        if split is Split.PRIVATE:
            yield "private rank"
        yield from (plain(f"{split} {column.name}") for column in columns)


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
    about = (row.team_id, row.team, row.country, row.affiliation, row.captain)
    return (place, *about, row.tries, row.submission_id, row.submitted_at.isoformat(timespec="seconds"))


def _private(found: tuple[int, Place] | None, columns: tuple[evaluators.ScoreColumn, ...]) -> list[object]:
    if found is None:
        return [""] * (len(columns) + 1)
    place, row = found
    return [place, *(row.score(column) for column in columns)]
