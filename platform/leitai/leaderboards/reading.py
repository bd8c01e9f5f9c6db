"""Reads a board a page at a time. Private boards are closed here, for pages, API and exports alike."""

from dataclasses import dataclass, replace

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session, aliased, joinedload

from leitai.competitions.models import Phase
from leitai.errors import N_, NotFound
from leitai.leaderboards.advancing import cut, deciding_split
from leitai.leaderboards.models import Standing
from leitai.leaderboards.ordering import COLUMNS, on, rank, total
from leitai.leaderboards.revealing import is_shown
from leitai.leaderboards.telling import UNKNOWN, Certainty, certainties
from leitai.submissions.models import Split
from leitai.teams.models import Team
from leitai.web.paging import SIZE, Page


@dataclass(frozen=True)
class Query:
    """Which part of a board is wanted."""

    split: Split = Split.PUBLIC
    number: int = 1
    find: str = ""
    country: str = ""
    size: int = SIZE

    @property
    def filtered(self) -> bool:
        """Whether teams are left out."""
        return bool(self.find or self.country)


@dataclass(frozen=True)
class Row:
    """A team's place."""

    rank: int
    standing: Standing
    own: bool
    certainty: Certainty = UNKNOWN

    @property
    def moved(self) -> int | None:
        """Places won (or lost, below zero) since the rank that the board compares with."""
        before = self.standing.previous_rank
        return None if before is None else before - self.rank


@dataclass(frozen=True)
class Board:
    """A page of a board. ``cut`` is the last rank that goes on, on the board that decides; ``own`` is the
    reader's place on whatever page."""

    phase: Phase
    query: Query
    page: Page[Row]
    total: int
    cut: int | None
    own: Row | None

    @property
    def certain(self) -> bool:
        """Whether anything is known of how sure the places are."""
        return any(row.certainty.ranks for row in self.page.items)

    @property
    def span(self) -> tuple[float, float] | None:
        """The ends of all intervals on the page, and the scores between them."""
        sure = [row.certainty for row in self.page.items]
        ends = [end for own in sure for end in (own.low, own.high) if end is not None]
        ends += [row.standing.value for row in self.page.items] if ends else []
        return (min(ends), max(ends)) if ends else None

    @property
    def own_page(self) -> int:
        """Where the reader's team is found."""
        return (self.own.rank - 1) // self.query.size + 1 if self.own else 1


def require_shown(phase: Phase, split: Split) -> None:
    """Refuse a private board before its time.

    Raises:
        NotFound: it is not shown yet.
    """
    if split is Split.PRIVATE and not is_shown(phase):
        raise NotFound(
            N_("Board B of this phase is shown after %(time)s UTC, once everything handed in is scored."),
            time=f"{phase.private_from:%Y-%m-%d %H:%M}",
        )


def board(session: Session, phase: Phase, query: Query = Query(), team_id: int | None = None) -> Board:
    """A page of the board of a phase, as the members of a team see it.

    Raises:
        NotFound: the private board is not shown yet.
    """
    require_shown(phase, query.split)
    everyone = total(session, phase.id, query.split)
    found = _matching(session, phase, query) if query.filtered else everyone
    number = min(max(query.number, 1), max(1, -(-found // query.size)))
    rows = _told(session, phase, query.split, _rows(session, phase, query, number, team_id))
    decides = query.split is deciding_split(phase)
    return Board(
        phase=phase,
        query=query,
        page=Page(rows, number, query.size, found),
        total=everyone,
        cut=cut(phase.advance, everyone) if decides else None,
        own=_own(session, phase, query, team_id),
    )


def _told(session: Session, phase: Phase, split: Split, rows: list[Row]) -> list[Row]:
    """The rows with how sure each place is."""
    found = certainties(session, phase, split, [row.standing.submission_id for row in rows])
    return [replace(row, certainty=own) for row, own in zip(rows, found, strict=True)]


def countries(session: Session, phase: Phase) -> list[str]:
    """Where the teams on the public board come from."""
    statement = (
        select(Team.country)
        .join(Standing, Standing.team_id == Team.id)
        .where(on(phase.id, Split.PUBLIC), Team.country != "")
        .distinct()
        .order_by(Team.country)
    )
    return list(session.scalars(statement))


def _wanted(statement: Select[Standing], phase: Phase, query: Query) -> Select[Standing]:
    statement = statement.where(on(phase.id, query.split))
    if query.filtered:
        statement = statement.join(Team, Team.id == Standing.team_id)
    if query.find:
        statement = statement.where(Team.name.icontains(query.find, autoescape=True))
    if query.country:
        statement = statement.where(Team.country == query.country)
    return statement


def _matching(session: Session, phase: Phase, query: Query) -> int:
    wanted = _wanted(select(Standing), phase, query).subquery()
    return session.scalar(select(func.count()).select_from(wanted)) or 0


def _rows(session: Session, phase: Phase, query: Query, number: int, team_id: int | None) -> list[Row]:
    offset = (number - 1) * query.size
    page = _wanted(select(Standing), phase, query).order_by(*COLUMNS).limit(query.size).offset(offset)
    standings = session.scalars(page.options(joinedload(Standing.team))).unique().all()
    ranks = _ranks(session, page) if query.filtered else {}
    return [
        Row(ranks.get(row.id, offset + place), row, row.team_id == team_id)
        for place, row in enumerate(standings, start=1)
    ]


def _ranks(session: Session, page: Select[Standing]) -> dict[int, int]:
    """Where teams are left out, a place on the page is no rank: count who stands above each."""
    above = aliased(Standing)
    key = tuple_(above.sort_key, above.submitted_at, above.submission_id)
    counted = (
        select(func.count() + 1)
        .select_from(above)
        .where(above.phase_id == Standing.phase_id, above.split == Standing.split, key < tuple_(*COLUMNS))
        .scalar_subquery()
    )
    return dict(session.execute(page.with_only_columns(Standing.id, counted)).all())


def _own(session: Session, phase: Phase, query: Query, team_id: int | None) -> Row | None:
    mine = select(Standing).where(on(phase.id, query.split), Standing.team_id == team_id)
    row = session.scalar(mine) if team_id else None
    return Row(rank(session, row), row, own=True) if row else None
