"""What other slices ask of the boards."""

from sqlalchemy.orm import Session

from leitai.leaderboards.revealing import lock_seal, reveal_due, unseal
from leitai.leaderboards.settling import settle
from leitai.submissions.models import Run, Submission

__all__ = ["place", "reveal_due", "withdraw"]


def place(session: Session, submission: Submission, run: Run) -> None:
    """Take a score that was just recorded into the standings; part of the recording's transaction."""
    session.flush()
    if lock_seal(session, submission.phase_id):
        unseal(session, Run.id == run.id)
    settle(session, submission.phase, submission.team_id)


def withdraw(session: Session, submission: Submission) -> None:
    """Let the team stand where its other scores put it, after a submission lost its score."""
    settle(session, submission.phase, submission.team_id)
