"""How many submissions a team has left in a phase: today, counted by UTC days, and in all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from leitai import db
from leitai.competitions.models import Phase
from leitai.errors import N_, QuotaUsedUp
from leitai.submissions.models import Run, State, Submission
from leitai.teams.models import Team

# What else a team needs for a phase: each check raises a Refusal. Higher slices add theirs when imported.
admission_checks: list[Callable[[Session, Team, Phase], None]] = []

COUNTED = (State.RECEIVED, State.QUEUED, State.RUNNING, State.SCORED)


@dataclass(frozen=True)
class Quota:
    """A team's quota in a phase; ``resets_at`` is the next midnight in UTC."""

    daily: int
    total: int
    used_today: int
    used: int
    resets_at: datetime

    @property
    def left(self) -> int:
        """In this phase."""
        return max(0, self.total - self.used)

    @property
    def left_today(self) -> int:
        """Today, which is never more than what is left of the phase."""
        return min(max(0, self.daily - self.used_today), self.left)


def day_of(moment: datetime) -> tuple[datetime, datetime]:
    """The UTC day that a moment lies in: its beginning and its end."""
    begin = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return begin, begin + timedelta(days=1)


def measure(session: Session, team_id: int, phase: Phase) -> Quota:
    """Count the rows; nothing else is kept, so that nothing can disagree with them."""
    begin, end = day_of(db.now())
    states = [*COUNTED, State.REJECTED] if phase.rejected_counts else [*COUNTED]
    given = {"phase": phase.id, "team": team_id, "states": states, "begin": begin}
    used, used_today = session.execute(_used, given).one()
    return Quota(phase.daily_limit, phase.total_limit, int(used_today), int(used), end)


# Ours are the failures, and whatever was cancelled before it ran. Made once: every upload asks twice.
_ran = select(Run.id).where(Run.submission_id == Submission.id, Run.state == State.CANCELLED).exists()
_counts = or_(
    Submission.state.in_(bindparam("states", expanding=True)),
    and_(Submission.state == State.CANCELLED, _ran),
)
_today = case((Submission.created_at >= bindparam("begin"), 1), else_=0)
_used = select(func.count(), func.coalesce(func.sum(_today), 0)).where(
    Submission.phase_id == bindparam("phase"), Submission.team_id == bindparam("team"), _counts
)


def refusal(quota: Quota) -> QuotaUsedUp | None:
    """Why there is none left, and when there will be."""
    if quota.left == 0:
        text = N_("All %(total)s submissions of this phase are used up. Your best one counts on the board.")
        return QuotaUsedUp(text, total=quota.total)
    if quota.left_today == 0:
        text = N_("All %(daily)s submissions of today are used up. The next day begins at %(time)s UTC.")
        return QuotaUsedUp(text, daily=quota.daily, time=quota.resets_at.strftime("%Y-%m-%d %H:%M"))
    return None
