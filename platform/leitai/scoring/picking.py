"""The fair pick: whose submission is scored next."""

from collections.abc import Collection
from functools import cache

from sqlalchemy import Select, func, select

from leitai.competitions.models import DataFile, Role
from leitai.scoring.models import Turn
from leitai.submissions.models import Run, State, Submission


@cache
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


def without_images(waiting: Select[int], digests: Collection[str]) -> Select[int]:
    """Those whose tasks do not run in one of these images now."""
    if not digests:
        return waiting
    tasks = select(DataFile.task_id).where(
        DataFile.role == Role.IMAGE, DataFile.retired_at.is_(None), DataFile.digest.in_(digests)
    )
    return waiting.where(Submission.task_id.not_in(tasks))
