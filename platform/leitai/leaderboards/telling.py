"""Which teams of a board can be told apart, and which ranks a team could as well have.

Every submission of a task is scored in the same resamples, so that two of them compare resample by resample.
Two teams are told apart when their difference is larger than the normal quantile of the task's level times
the spread of that difference. A team's rank lies between one more than the teams that are surely better, and
all but those that are surely worse (Goldstein and Spiegelhalter 1996 warn of ranks without such an interval).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import NormalDist
from threading import Lock
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from evaluators.spec.task import parse
from evaluators.uncertainty.packing import unpack
from leitai import db
from leitai.competitions.models import Phase
from leitai.leaderboards.models import Standing
from leitai.leaderboards.ordering import COLUMNS, on, primary
from leitai.submissions.models import Run, Score, Split, Submission

# A board that changes all the time is looked through now and then; a small one each time.
KEPT_FOR = timedelta(seconds=30)
SMALL = 300
MOST_KEPT = 64
BATCH = 256

_one_at_a_time = Lock()
_Version = tuple[int, int | None, float | None]
_kept: "WeakKeyDictionary[Engine, dict[tuple[int, str], tuple[_Version, datetime, Field]]]" = (
    WeakKeyDictionary()
)


@dataclass(frozen=True)
class Certainty:
    """How sure a place is: the ends of the score's interval and of the ranks, None where nothing is known.

    ``apart`` says whether the team is told apart from the one above; None for the first.
    """

    low: float | None = None
    high: float | None = None
    ranks: tuple[int, int] | None = None
    apart: bool | None = None


UNKNOWN = Certainty()


class Field(NamedTuple):
    """All teams of a board in its order; of what is not ``known`` there are no replicates to compare."""

    places: dict[int, int]
    keys: NDArray[np.float64]
    known: NDArray[np.bool_]
    deviations: NDArray[np.float64]


def certainties(session: Session, phase: Phase, split: Split, submissions: Sequence[int]) -> list[Certainty]:
    """Of the places where these submissions stand; whether the board is shown is for the caller to know."""
    uncertainty = parse(phase.task.evaluation).uncertainty
    if uncertainty is None or not submissions:
        return [UNKNOWN for _ in submissions]
    field = _field(session, phase, split)
    ends = _ends(session, phase, split, submissions)
    places = [field.places.get(submission, -1) for submission in submissions]
    compared = dict(_compared(field, [place for place in places if place >= 0], uncertainty.level))
    if not ends and not compared:  # as where all was scored before there were intervals
        return [UNKNOWN for _ in submissions]
    return [
        Certainty(*ends.get(submission, (None, None)), *compared.get(place, (None, None)))
        for submission, place in zip(submissions, places, strict=True)
    ]


def _ends(
    session: Session, phase: Phase, split: Split, submissions: Sequence[int]
) -> dict[int, tuple[float | None, float | None]]:
    own = (
        (Score.run_id == Submission.run_id)
        & (Score.split == split)
        & (Score.metric == primary(phase.task).name)
        & Score.low.is_not(None)
    )
    statement = select(Submission.id, Score.low, Score.high).join(Score, own)
    if len(submissions) > BATCH:  # to name so many takes longer than to look at the whole board
        on_board = (Standing.submission_id == Submission.id) & on(phase.id, split)
        statement = statement.join(Standing, on_board)
    else:
        statement = statement.where(Submission.id.in_(submissions))
    return {number: (low, high) for number, low, high in session.execute(statement)}


def _compared(
    field: Field, places: Sequence[int], level: float
) -> list[tuple[int, tuple[tuple[int, int] | None, bool | None]]]:
    """By place the interval of the rank, and whether the team above is surely better."""
    z = NormalDist().inv_cdf((1 + level) / 2)
    known = [place for place in places if field.known[place]]
    found: list[tuple[int, tuple[tuple[int, int] | None, bool | None]]] = []
    for start in range(0, len(known), BATCH):
        batch = np.array(known[start : start + BATCH])
        sure = _sure(field, batch, z)
        worse = field.keys[None, :] > field.keys[batch][:, None]
        low, high = 1 + (sure & ~worse).sum(axis=1), len(field.keys) - (sure & worse).sum(axis=1)
        for row, place in enumerate(batch.tolist()):
            above = bool(sure[row, place - 1]) if place else None
            ranks = min(int(low[row]), place + 1), max(int(high[row]), place + 1)
            found.append((place, (ranks, above)))
    return found


def _sure(field: Field, places: NDArray[np.int64], z: float) -> NDArray[np.bool_]:
    """Which teams are told apart from those of these places."""
    own, rest = field.deviations[places], field.deviations
    freedom = max(1, rest.shape[1] - 1)
    spread = np.square(rest).sum(axis=1) / freedom
    spreads = spread[places][:, None] + spread[None, :] - 2 * (own @ rest.T) / freedom
    apart = field.keys[None, :] - field.keys[places][:, None]
    both = field.known[places][:, None] & field.known[None, :]
    # what rounding leaves of equal replicates is no spread
    floor = 1e-9 * (spread[places][:, None] + spread[None, :])
    sure: NDArray[np.bool_] = both & (np.square(apart) > z * z * np.maximum(spreads, floor))
    return sure


def _field(session: Session, phase: Phase, split: Split) -> Field:
    """The teams as they are, or on a large board as they were half a minute ago."""
    version = _version(session, phase.id, split)
    with _one_at_a_time:
        kept = _kept.setdefault(session.get_bind().engine, {})
        found = kept.get((phase.id, split))
        fresh = found is not None and (
            found[0] == version or (version[0] > SMALL and db.now() - found[1] < KEPT_FOR)
        )
        if found is None or not fresh:
            if len(kept) >= MOST_KEPT:
                kept.clear()
            found = kept[phase.id, split] = version, db.now(), _read(session, phase.id, split)
        return found[2]


def _version(session: Session, phase_id: int, split: Split) -> _Version:
    """Changes whenever a place or a score does."""
    statement = select(func.count(), func.sum(Submission.run_id), func.sum(Standing.sort_key))
    row = session.execute(
        statement.select_from(Standing)
        .join(Submission, Submission.id == Standing.submission_id)
        .where(on(phase_id, split))
    ).one()
    return row[0], row[1], row[2]


def _read(session: Session, phase_id: int, split: Split) -> Field:
    packed = Run.replicates if split is Split.PUBLIC else Run.sealed_replicates
    rows = session.execute(
        select(Standing.submission_id, Standing.sort_key, packed)
        .join(Submission, Submission.id == Standing.submission_id)
        .join(Run, Run.id == Submission.run_id)
        .where(on(phase_id, split))
        .order_by(*COLUMNS)
    ).all()
    found = [None if content is None else unpack(content) for _, _, content in rows]
    tags = Counter((own.tag, len(own.deviations)) for own in found if own)
    (tag, length), _ = tags.most_common(1)[0] if tags else ((b"", 1), 0)
    # replicates of another reference are of other draws
    known = [own is not None and (own.tag, len(own.deviations)) == (tag, length) for own in found]
    deviations = np.zeros((len(rows), length))
    for place, own in enumerate(found):
        if own is not None and known[place]:
            deviations[place] = own.deviations - own.deviations.mean()
    places = {submission: place for place, (submission, _, _) in enumerate(rows)}
    keys = np.array([key for _, key, _ in rows], dtype=np.float64)
    return Field(places, keys, np.array(known, dtype=bool), deviations)
