"""How public scores moved: of the teams on a page, and of the best on a board."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Select, func, select
from sqlalchemy.orm import Session

import evaluators
from leitai import db
from leitai.competitions.models import Phase
from leitai.leaderboards.ordering import sort_key
from leitai.leaderboards.settling import WITHOUT_SCORE
from leitai.submissions.models import Score, Split, Submission

Series = list[tuple[datetime, float]]
# The chart reads every score of a phase: when all teams look at the board, one of them pays for it.
KEPT_FOR = timedelta(seconds=30)
_one_at_a_time = Lock()
_kept: WeakKeyDictionary[Engine, dict[int, tuple[datetime, Series]]] = WeakKeyDictionary()


@dataclass
class Progress:
    """A team's best so far after each of its scores, upwards is better; and when the last was handed in."""

    best: list[float] = field(default_factory=list)
    last: datetime | None = None


def progress(
    session: Session, phase: Phase, column: evaluators.ScoreColumn, team_ids: Iterable[int]
) -> dict[int, Progress]:
    """The progress of some teams."""
    statement = _scores(phase, column).where(Submission.team_id.in_(list(team_ids)))
    found: dict[int, Progress] = defaultdict(Progress)
    for at, value, team_id, _ in session.execute(statement):
        team, height = found[team_id], -sort_key(value, column.direction)
        team.best.append(max(height, team.best[-1]) if team.best else height)
        team.last = at
    return found


def best_over_time(session: Session, phase: Phase, column: evaluators.ScoreColumn) -> Series:
    """The best score on the public board, at each moment when it became better; half a minute old at most."""
    with _one_at_a_time:
        kept = _kept.setdefault(session.get_bind().engine, {})
        if phase.id in kept and db.now() - kept[phase.id][0] < KEPT_FOR:
            return kept[phase.id][1]
        series: Series = []
        for at, value in _records(session, phase, column):
            if not series or value != series[-1][1]:
                series.append((at, value))
        kept[phase.id] = (db.now(), series)
        return series


def _records(session: Session, phase: Phase, column: evaluators.ScoreColumn) -> Series:
    """Where the running best was reached."""
    best = func.max if column.direction == "higher" else func.min
    order = (Submission.created_at, Submission.id)
    running = _scores(phase, column).add_columns(best(Score.value).over(order_by=order).label("best"))
    inner = running.order_by(None).subquery()
    statement = select(inner.c.created_at, inner.c.value).where(inner.c.value == inner.c.best)
    return list(session.execute(statement.order_by(inner.c.created_at, inner.c.id)))


def _scores(phase: Phase, column: evaluators.ScoreColumn) -> Select[datetime, float, int, int]:
    return (
        select(Submission.created_at, Score.value, Submission.team_id, Submission.id)
        .join(Score, Score.run_id == Submission.run_id)
        .where(
            Submission.phase_id == phase.id,
            Submission.state.not_in(WITHOUT_SCORE),
            Score.split == Split.PUBLIC,
            Score.metric == column.name,
        )
        .order_by(Submission.created_at, Submission.id)
    )
