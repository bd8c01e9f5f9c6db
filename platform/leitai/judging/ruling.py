"""Rulings on places: each judge's newest counts, and every one stays on record."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from leitai.accounts.models import Person
from leitai.competitions.models import Phase
from leitai.errors import N_, Invalid
from leitai.judging.finalists import find, require_final, require_impartial_judge
from leitai.judging.models import Decision, Ruling

REASON_LENGTH = 2000


@dataclass(frozen=True)
class Record:
    """All rulings on one place, the newest first; ``counting`` has the newest of each judge."""

    rulings: tuple[Ruling, ...] = ()

    @property
    def counting(self) -> tuple[Ruling, ...]:
        """One of each judge."""
        newest: dict[int, Ruling] = {}
        for ruling in self.rulings:
            newest.setdefault(ruling.judge_id, ruling)
        return tuple(newest.values())

    @property
    def decision(self) -> Decision | None:
        """Contested while any judge contests; None while nobody has ruled."""
        decisions = {ruling.decision for ruling in self.counting}
        if Decision.CONTESTED in decisions:
            return Decision.CONTESTED
        return Decision.CONFIRMED if decisions else None


def records(session: Session, phase: Phase) -> defaultdict[int, Record]:
    """The rulings of a phase, by team."""
    statement = select(Ruling).where(Ruling.phase_id == phase.id).options(joinedload(Ruling.judge))
    by_team: defaultdict[int, list[Ruling]] = defaultdict(list)
    for ruling in session.scalars(statement.order_by(Ruling.id.desc())):
        by_team[ruling.team_id].append(ruling)
    return defaultdict(Record, {team_id: Record(tuple(rulings)) for team_id, rulings in by_team.items()})


def rule(
    session: Session, person: Person, phase: Phase, team_id: int, decision: str, reason: str = ""
) -> Ruling:
    """Confirm or contest a place; whoever contests says why.

    Raises:
        NotAllowed: not a judge of the task, or one with a team in it.
        Conflict: the places are not final yet.
        NotFound: the team is no finalist.
        Invalid: no such decision, no reason where one is needed, or one that is too long.
    """
    require_impartial_judge(session, person, phase.task)
    require_final(phase)
    place = find(session, phase, team_id)
    ruling = Ruling(
        phase_id=phase.id,
        team_id=place.standing.team_id,
        judge_id=person.id,
        decision=_decision(decision),
        reason=_reason(decision, reason),
    )
    session.add(ruling)
    session.flush()
    return ruling


def _decision(text: str) -> Decision:
    if text not in list(Decision):
        raise Invalid(N_("Choose: confirm the place, or contest it."))
    return Decision(text)


def _reason(decision: str, text: str) -> str:
    text = text.strip()
    if decision == Decision.CONTESTED and not text:
        raise Invalid(N_("Say why you contest the place: the organizers and the other judges read it."))
    if len(text) > REASON_LENGTH:
        raise Invalid(
            N_("The reason is too long. Keep it under %(length)s characters."), length=REASON_LENGTH
        )
    return text
