"""The fair pick: whose submission is scored next."""

from sqlalchemy import Select, func, select

from leitai.scoring.models import Turn
from leitai.submissions.models import Run, State, Submission


def waiting() -> Select[int]:
    """The ids of waiting submissions, the next one first.

    First the team with the fewest runs in progress, then the one served longest ago (never is longest), then
    the oldest.
    """
    running = (
        select(Run.team_id, func.count().label("runs"))
        .where(Run.state == State.RUNNING)
        .group_by(Run.team_id)
        .subquery()
    )
    return (
        select(Submission.id)
        .outerjoin(running, running.c.team_id == Submission.team_id)
        .outerjoin(Turn, Turn.team_id == Submission.team_id)
        .where(Submission.state == State.QUEUED)
        .order_by(
            func.coalesce(running.c.runs, 0),
            Turn.served_at.asc().nulls_first(),
            Submission.queued_at,
            Submission.id,
        )
    )
