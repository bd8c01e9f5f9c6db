"""What the judges' pages show and do."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy.orm import Session

from leitai.accounts.models import Person
from leitai.competitions.models import Phase
from leitai.competitions.stage import Stage
from leitai.judging.finalists import Finalist, finalists, find, observed, require_final
from leitai.judging.models import Decision, Signature
from leitai.judging.ruling import Record, records, rule
from leitai.judging.signing import FinalList, final_list, sign, signatures
from leitai.leaderboards.revealing import is_shown
from leitai.leaderboards.service import find_phase
from leitai.submissions.service import show
from leitai.submissions.viewing import View

__all__ = ["Bench", "Review", "bench", "find_bench_phase", "observed", "review", "rule", "sign"]


@dataclass(frozen=True)
class Bench:
    """What lies before the judges of a phase. ``final`` says whether it may be ruled on."""

    phase: Phase
    final: bool
    places: list[Finalist]
    records: defaultdict[int, Record]
    signatures: list[Signature]
    final_list: FinalList

    @property
    def contested(self) -> int:
        """How many places are contested."""
        found = (self.records[place.standing.team_id].decision for place in self.places)
        return sum(decision is Decision.CONTESTED for decision in found)

    def is_current(self, signature: Signature) -> bool:
        """Whether a signature stands under the list as it is now."""
        return signature.digest == self.final_list.digest

    def signed_by(self, person: Person) -> bool:
        """Whether this person has signed the list as it is now."""
        return any(self.is_current(row) and row.judge_id == person.id for row in self.signatures)


@dataclass(frozen=True)
class Review:
    """A finalist under review: the submission that counts, with its runs, and the rulings."""

    phase: Phase
    place: Finalist
    view: View
    record: Record


def find_bench_phase(stage: Stage, slug: str | None) -> Phase:
    """The phase of an address; without one, the last whose private board is shown.

    Raises:
        NotFound: the task has no such phase.
    """
    shown = [phase for phase in stage.task.phases if is_shown(phase)]
    return find_phase(stage.task.phases, slug, shown[-1] if shown else stage.phase)


def bench(session: Session, phase: Phase) -> Bench:
    """All places of a phase that are under review."""
    places = finalists(session, phase)
    return Bench(
        phase=phase,
        final=is_shown(phase),
        places=places,
        records=records(session, phase),
        signatures=signatures(session, phase),
        final_list=final_list(places),
    )


def review(session: Session, person: Person, phase: Phase, team_id: int) -> Review:
    """One finalist, once the places are final.

    Raises:
        Conflict: they are not final yet.
        NotFound: the team is no finalist.
    """
    require_final(phase)
    place = find(session, phase, team_id)
    view = show(session, person, place.standing.submission_id)
    return Review(phase, place, view, records(session, phase)[team_id])
