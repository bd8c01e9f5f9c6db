"""Who goes on to the next phase: the places above the cut, on the board that decides."""

import math
from fractions import Fraction
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from leitai import db
from leitai.competitions.models import Phase
from leitai.errors import N_, Conflict
from leitai.leaderboards.models import Standing
from leitai.leaderboards.ordering import on, rank, total
from leitai.leaderboards.revealing import WAITING, is_shown
from leitai.submissions.models import Split, Submission
from leitai.submissions.quota import admission_checks
from leitai.submissions.refusals import NotAdvanced
from leitai.teams.models import Team


def cut(advance: dict[str, Any], teams: int) -> int | None:
    """How many of so many teams go on; None where a phase has no such rule. A share is rounded up."""
    limits = []
    if share := advance.get("share"):
        # As it was written: 0.1 in binary is a little more, and would let one team too many through.
        limits.append(math.ceil(Fraction(str(share)) * teams))
    if most := advance.get("most"):
        limits.append(int(most))
    return min(*limits, teams) if limits else None


def deciding_split(phase: Phase) -> Split:
    """The board that counts in the end, as far as it is shown."""
    return Split.PRIVATE if is_shown(phase) else Split.PUBLIC


def require_admission(session: Session, team: Team, phase: Phase) -> None:
    """Refuse a team that did not get through the phase before.

    The private board decides if it is due before this phase begins, else the public one, so that nobody is
    let in and put out again.

    Raises:
        Conflict: the places of the phase before are not settled yet.
        NotAdvanced: the team is not among those that go on.
    """
    before = _phase_before(phase)
    if before is None or not before.advance:
        return
    split = Split.PRIVATE if before.private_from <= phase.starts_at else Split.PUBLIC
    if not _settled(session, before, split):
        raise Conflict(
            N_("The places of the phase before are not settled yet. Try again once its board is final.")
        )
    row = session.scalar(select(Standing).where(on(before.id, split), Standing.team_id == team.id))
    passed = cut(before.advance, total(session, before.id, split))
    if row is None or passed is None or rank(session, row) > passed:
        raise NotAdvanced(
            N_("This phase is for the %(passed)s teams that got through the phase before; yours did not."),
            passed=passed,
        )


def _phase_before(phase: Phase) -> Phase | None:
    earlier = [other for other in phase.task.phases if other.position < phase.position]
    return earlier[-1] if earlier else None


def _settled(session: Session, phase: Phase, split: Split) -> bool:
    if split is Split.PRIVATE:
        return is_shown(phase)
    under_way = exists().where(Submission.phase_id == phase.id, Submission.state.in_(WAITING))
    return phase.ends_at <= db.now() and not session.scalar(select(under_way))


admission_checks.append(require_admission)
