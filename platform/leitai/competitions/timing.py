"""Dates of a bundle against those in the database: relative ones stay what they were at the first apply."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise

from leitai.competitions.bundle.dates import When
from leitai.competitions.bundle.errors import Problem
from leitai.competitions.bundle.loading import LoadedTask
from leitai.competitions.models import Competition, Phase

MIXED = "Relative dates stay as they were first applied: write this one with its day, as the page shows them."


def settled(when: When, before: datetime | None) -> datetime:
    """The moment that counts: a relative one was set when the bundle was first applied."""
    return before if when.relative and before is not None else when.at


def date_problems(loaded: LoadedTask, competition: Competition, phases: Sequence[Phase]) -> list[Problem]:
    """What does not fit once kept dates and new ones stand side by side."""
    return [
        Problem(loaded.file, _at(loaded, f"phases[{number}].{key}"), problem, MIXED)
        for number, key, problem in [*_alone(competition, phases), *_in_order(phases)]
    ]


def _alone(competition: Competition, phases: Sequence[Phase]) -> Iterable[tuple[int, str, str]]:
    for number, phase in enumerate(phases):
        if phase.ends_at <= phase.starts_at:
            yield number, "ends", f"is now {phase.ends_at:%Y-%m-%d %H:%M} UTC, not after starts."
        if phase.private_from < phase.ends_at:
            yield number, "private_from", "is now before the phase ends."
        if phase.starts_at < competition.starts_at:
            yield number, "starts", "is now before the competition starts."
        if phase.ends_at > competition.ends_at:
            yield number, "ends", "is now after the competition ends."


def _in_order(phases: Sequence[Phase]) -> Iterable[tuple[int, str, str]]:
    for number, (earlier, later) in enumerate(pairwise(phases), start=1):
        if later.starts_at < earlier.ends_at:
            yield number, "starts", f"is now before {earlier.slug} ends."


def revealed_problems(
    loaded: LoadedTask, number: int, phase: Phase, ends: datetime, shown: datetime
) -> list[Problem]:
    """A board that was shown cannot be hidden again, nor may submissions follow it."""
    if phase.revealed_at is None or (ends, shown) == (phase.ends_at, phase.private_from):
        return []
    key = _at(loaded, f"phases[{number}].ends")
    remedy = "Leave the dates of this phase as they are; add a phase to go on."
    return [Problem(loaded.file, key, "cannot be moved: the private board has been shown.", remedy)]


def _at(loaded: LoadedTask, rest: str) -> str:
    return f"{loaded.key}.{rest}" if loaded.key else rest
