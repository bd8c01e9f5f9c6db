"""What the page of a submission tells beside what everybody gets: the way so far, and what is left."""

from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy.orm import Session

from leitai import db
from leitai.accounts.models import Person
from leitai.competitions.limits import Limits, in_force
from leitai.submissions.models import Run, State, Submission
from leitai.submissions.quota import Quota, measure
from leitai.submissions.stations import Station, stations
from leitai.submissions.viewing import Sight, View, history, plain_log, primary, sight_of, view_of

# So near to the front, a place changes within seconds.
NEAR = 20


@dataclass(frozen=True)
class Detail(View):
    """A view with what its page shows.

    ``before`` is the score of the team's scored submission before it. ``tails`` is the end of what its
    program wrote, for organizers whatever the team may see of it.
    """

    stations: tuple[Station, ...]
    before: float | None
    quota: Quota | None
    tails: dict[str, str]

    @property
    def gain(self) -> float | None:
        """The public primary score less that of the team's scored submission before it."""
        return self.public[0].value - self.before if self.public and self.before is not None else None

    @property
    def pause_s(self) -> int:
        """Seconds until it is worth looking again."""
        if self.waiting is None:
            return 1
        return 2 if self.waiting.place <= NEAR else 5

    @property
    def stamp(self) -> str:
        """Changes whenever the page would."""
        seen = (self.submission.state, self.run and (self.run.id, self.run.stage), self.waiting)
        return sha256(repr(seen).encode()).hexdigest()[:16]

    @property
    def limits(self) -> Limits:
        """What its runs may use."""
        return in_force(self.submission.task, self.submission.phase)

    @property
    def may_cancel(self) -> bool:
        """Whether this reader may take it back now."""
        if self.final or self.sight is Sight.JUDGE:
            return False
        first = self.submission.state == State.QUEUED and self.submission.run_id is None
        return first or self.sight is Sight.ORGANIZER


def show(session: Session, person: Person | None, submission_id: int) -> Detail:
    """A submission with all that this person may see of it.

    Raises:
        NotFound: there is none, or this person may not know of it.
    """
    return detail_of(session, *sight_of(session, person, submission_id))


def detail_of(session: Session, submission: Submission, sight: Sight) -> Detail:
    """The same of a submission at hand."""
    view = view_of(session, submission, sight)
    return Detail(
        **vars(view),
        stations=stations(submission, None if submission.state == State.QUEUED else view.run),
        before=_before(session, submission),
        quota=_quota(session, submission) if sight is Sight.TEAM else None,
        tails=_tails(view.run) if sight is Sight.ORGANIZER else {},
    )


def _tails(run: Run | None) -> dict[str, str]:
    return {name: plain_log(text) for name, text in run.tails.items()} if run else {}


def _quota(session: Session, submission: Submission) -> Quota | None:
    phase = submission.phase
    is_open = phase.starts_at <= db.now() < phase.ends_at
    return measure(session, submission.team_id, phase) if is_open else None


def _before(session: Session, submission: Submission) -> float | None:
    earlier = history(submission.phase_id, submission.team_id, primary(submission.task))
    before = earlier.where(Submission.id < submission.id).order_by(None).order_by(Submission.id.desc())
    found = session.execute(before.limit(1)).first()
    return found[1] if found else None
