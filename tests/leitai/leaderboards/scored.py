"""Submissions that were scored, as recording leaves them."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from leitai import db
from leitai.competitions.models import Phase
from leitai.leaderboards import service
from leitai.leaderboards.models import Standing
from leitai.leaderboards.ordering import COLUMNS, on
from leitai.submissions.models import Run, Score, Split, State, Submission
from leitai.teams.models import Team
from tests.leitai.factories import make_run, make_submission


def hidden(place: int) -> float:
    """A private score whose digits nothing else on a page has; smaller for a later place."""
    return 0.7391846251 - place / 4096


def leaked(text: str) -> list[str]:
    """The first digits of the hidden scores that stand in a text."""
    values = [factor * hidden(place) for place in (1, 2, 3) for factor in (1, 2)]
    return [digits for digits in (str(value)[1:6] for value in values) if digits in text]


def score(
    session: Session,
    phase: Phase,
    team: Team,
    public: float,
    private: float | None = None,
    at: datetime | None = None,
) -> Submission:
    """A team handed in and got a score; with `mae` beside `rmse`."""
    submission = make_submission(session, phase, team, created_at=at or db.now(), state=State.RUNNING)
    rescore(session, submission, public, private)
    return submission


def rescore(session: Session, submission: Submission, public: float, private: float | None = None) -> Run:
    """Another run of a submission, recorded."""
    sealed = {} if private is None else {"rmse": private, "mae": private * 2}
    # So narrow that its ends are written with the digits of the score.
    ends = {metric: {"low": value, "high": value + 1e-6} for metric, value in sealed.items()}
    run = make_run(
        session, submission, state=State.SCORED, sealed=sealed, sealed_intervals=ends, finished_at=db.now()
    )
    for metric, value in (("rmse", public), ("mae", public * 2)):
        session.add(Score(run_id=run.id, split=Split.PUBLIC, metric=metric, value=value))
    submission.state, submission.run_id, submission.finished_at = State.SCORED, run.id, db.now()
    service.place(session, submission, run.id)
    return run


def cancel(session: Session, submission: Submission) -> None:
    submission.state = State.CANCELLED
    service.withdraw(session, submission)


def over(session: Session, phase: Phase) -> None:
    """The phase has ended, and its private board is due."""
    phase.ends_at = phase.private_from = db.now() - timedelta(seconds=1)
    session.flush()


def reveal(session: Session, phase: Phase) -> None:
    """The private board is shown."""
    over(session, phase)
    assert service.reveal_due(session) == 1
    session.refresh(phase)


def order(session: Session, phase: Phase, split: str = Split.PUBLIC) -> list[int]:
    """The teams of a board, best first."""
    return list(session.scalars(select(Standing.team_id).where(on(phase.id, split)).order_by(*COLUMNS)))


def standing(session: Session, phase: Phase, team: Team, split: str = Split.PUBLIC) -> Standing | None:
    return session.scalar(
        select(Standing)
        .where(on(phase.id, split), Standing.team_id == team.id)
        .execution_options(populate_existing=True)
    )
