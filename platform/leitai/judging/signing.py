"""The final list of a phase and the signatures under it."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from leitai.accounts.models import Person
from leitai.competitions.models import Phase
from leitai.errors import N_, Conflict
from leitai.judging.finalists import Finalist, finalists, require_final, require_impartial_judge
from leitai.judging.models import Decision, Signature
from leitai.judging.ruling import records

# A team that renames itself changes nothing that was judged.
UNSIGNED = {"team"}


@dataclass(frozen=True)
class FinalList:
    """The places as a judge signs them: plain rows, and the digest that a signature holds."""

    rows: list[dict[str, Any]]
    digest: str


def final_list(places: list[Finalist]) -> FinalList:
    """The list as it stands now."""
    rows = [_row(place) for place in places]
    signed = [{key: value for key, value in row.items() if key not in UNSIGNED} for row in rows]
    text = json.dumps(signed, sort_keys=True, separators=(",", ":"))
    return FinalList(rows, hashlib.sha256(text.encode()).hexdigest())


def _row(place: Finalist) -> dict[str, Any]:
    row = place.standing
    return {
        "rank": place.rank,
        "team_id": row.team_id,
        "team": row.team.name,
        "submission": row.submission_id,
        "submission_digest": row.submission.digest,
        "value": row.value,
    }


def signatures(session: Session, phase: Phase) -> list[Signature]:
    """All signatures of a phase, the newest first."""
    statement = select(Signature).where(Signature.phase_id == phase.id).options(joinedload(Signature.judge))
    return list(session.scalars(statement.order_by(Signature.id.desc())))


def sign(session: Session, person: Person, phase: Phase, digest: str) -> Signature:
    """Sign the final list that the judge has read, named by its digest; the same list is signed once.

    Raises:
        NotAllowed: not a judge of the task, or one with a team in it.
        Conflict: the places are not final, one is contested, or the list is not what was read.
    """
    require_impartial_judge(session, person, phase.task)
    require_final(phase)
    # Whoever contests a place at this moment waits, or is seen.
    session.execute(select(Phase.id).where(Phase.id == phase.id).with_for_update())
    found = final_list(finalists(session, phase))
    _refuse_unfit(session, phase, found, digest)
    same = select(Signature).filter_by(phase_id=phase.id, judge_id=person.id, digest=found.digest)
    signature = session.scalar(same)
    if signature is None:
        signature = Signature(phase_id=phase.id, judge_id=person.id, rows=found.rows, digest=found.digest)
        session.add(signature)
        session.flush()
    return signature


def _refuse_unfit(session: Session, phase: Phase, found: FinalList, digest: str) -> None:
    if not found.rows:
        raise Conflict(N_("There is no place to sign: nobody stands on the board of this phase."))
    if found.digest != digest:
        raise Conflict(N_("The list has changed since you opened the page. Read it again, then sign."))
    ruled = records(session, phase)
    contested = [row["team"] for row in found.rows if ruled[row["team_id"]].decision is Decision.CONTESTED]
    if contested:
        raise Conflict(
            N_("These places are contested: %(teams)s. Sign once the judges agree."),
            teams=", ".join(contested),
        )
