"""What other slices and the pages ask of the boards."""

from collections.abc import Collection, Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leitai.competitions import overview
from leitai.competitions.models import Phase
from leitai.errors import N_, NotFound
from leitai.leaderboards.exporting import export
from leitai.leaderboards.models import Standing
from leitai.leaderboards.reading import Query, board
from leitai.leaderboards.revealing import lock_seal, reveal_due, unseal
from leitai.leaderboards.settling import settle
from leitai.submissions.models import Run, Split, Submission

__all__ = ["Query", "best_scores", "board", "export", "find_phase", "place", "reveal_due", "withdraw"]


def place(session: Session, submission: Submission, run_id: int) -> None:
    """Take a score that was just recorded into the standings; part of the recording's transaction."""
    session.flush()
    if lock_seal(session, submission.phase_id):
        unseal(session, Run.id == run_id)
    settle(session, submission.phase, submission.team_id, submission.id)


def withdraw(session: Session, submission: Submission) -> None:
    """Let the team stand where its other scores put it, after a submission lost its score."""
    settle(session, submission.phase, submission.team_id)


def find_phase(phases: Iterable[Phase], slug: str | None, default: Phase) -> Phase:
    """The phase of an address; the default where none is named.

    Raises:
        NotFound: the task has no such phase.
    """
    if not slug:
        return default
    found = next((phase for phase in phases if phase.slug == slug), None)
    if found is None:
        raise NotFound(N_("The task has no such phase. Its board page lists them."))
    return found


def best_scores(session: Session, phase_ids: Collection[int]) -> dict[int, float]:
    """The best public score of each of these phases that has one, by the phase's id."""
    best = (
        select(Standing.phase_id, func.min(Standing.sort_key).label("sort_key"))
        .where(Standing.phase_id.in_(phase_ids), Standing.split == Split.PUBLIC)
        .group_by(Standing.phase_id)
        .subquery()
    )
    same = (Standing.phase_id == best.c.phase_id) & (Standing.sort_key == best.c.sort_key)
    rows = select(Standing.phase_id, Standing.value).join(best, same).where(Standing.split == Split.PUBLIC)
    return dict(session.execute(rows.distinct()).all())


overview.best_scores.append(best_scores)
