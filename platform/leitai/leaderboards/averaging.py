"""Boards ordered by the mean of a team's ranks in several scores: worked out anew when any of them changes.

One statement ranks a whole board, whose rows change together; so recordings in one phase take turns.
"""

from sqlalchemy import ColumnElement, Float, bindparam, cast, func, select, update
from sqlalchemy.orm import Session

import evaluators
from leitai import db
from leitai.leaderboards.models import Standing
from leitai.leaderboards.ordering import on
from leitai.submissions.models import Split

# The first half of an advisory lock's key, the second being the phase: no other lock of ours is one.
BOARDS = 1_280_262_209


def take_turn(session: Session, phase_id: int) -> None:
    """Let nobody else average ranks in this phase before the commit; SQLite has one writer anyway."""
    db.lock(session, select(func.pg_advisory_xact_lock(BOARDS, bindparam("phase"))), {"phase": phase_id})


def average_ranks(
    session: Session, phase_id: int, split: Split, columns: tuple[evaluators.ScoreColumn, ...]
) -> None:
    """Write the mean rank of every team of a board, as its value and its place.

    Teams with equal scores share the mean of their ranks. Ranks are doubled and weights are whole numbers, so
    that sums are exact, and equal means are equal.
    """
    weights = columns[0].ranks
    ranked = [column for column in columns if column.name in weights]
    keys = [_key(column).label(f"key{number}") for number, column in enumerate(ranked)]
    # Each row's scores are looked up once, and not again for every sorting.
    found = select(Standing.id, *keys).where(on(phase_id, split)).cte("found").prefix_with("MATERIALIZED")
    doubled = [
        int(weights[column.name]) * _doubled_rank(found.c[key.name])
        for column, key in zip(ranked, keys, strict=True)
    ]
    whole = 2 * sum(int(weights[column.name]) for column in ranked)
    mean = cast(sum(doubled[1:], doubled[0]), Float) / float(whole)
    means = select(found.c.id, mean.label("mean")).subquery()
    session.execute(
        update(Standing)
        .where(Standing.id == means.c.id, Standing.sort_key != means.c.mean)
        .values(sort_key=means.c.mean, value=means.c.mean)
        .execution_options(synchronize_session=False)
    )


def _key(column: evaluators.ScoreColumn) -> ColumnElement[float]:
    score: ColumnElement[float] = Standing.scores[column.name].as_float()
    return -score if column.direction == "higher" else score


def _doubled_rank(key: ColumnElement[float]) -> ColumnElement[int]:
    """Twice the mean of the ranks of all teams with the same score."""
    return 2 * func.rank().over(order_by=key) + func.count().over(partition_by=key) - 1
