"""What the teams handed in: when, with which result, and where that put them on the boards."""

import random
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import exp
from typing import Any

import evaluators
from leitai.competitions.models import Kind, Phase, Task
from leitai.leaderboards.ordering import sort_key
from leitai.submissions.models import Split, State

# In a rush, hours before the deadline.
RUSH_SHARE, RUSH_HOURS = 0.65, 4.0
STATES = {State.SCORED: 93, State.REJECTED: 6, State.FAILED: 0.5, State.CANCELLED: 0.5}
WITH_RUN = (State.SCORED, State.REJECTED, State.FAILED)
LOG = 'Traceback (most recent call last):\n  File "predict.py", line 41, in <module>\n' * 12
Place = tuple[float, datetime, int]


@dataclass
class HandedIn:
    """A submission before it is a row; ``id`` is its place in time, and its run's number too."""

    phase: Phase
    task: Task
    team: int
    person: int
    at: datetime
    state: State
    scores: dict[str, dict[str, float]]
    id: int = 0


@dataclass
class Standings:
    """A phase's boards, as recording in the order of handing in leaves them."""

    best: dict[int, HandedIn] = field(default_factory=dict)
    tries: Counter[int] = field(default_factory=Counter)
    ranks_before: dict[int, int] = field(default_factory=dict)


def hand_in(
    dice: random.Random, phase: Phase, task: Task, entries: Sequence[Any], number: int, now: datetime
) -> list[HandedIn]:
    """So many submissions of a phase, in order of time; few teams hand in much, and most do late."""
    end = min(phase.ends_at, now)
    zeal = [dice.lognormvariate(0, 1) for _ in entries]
    skill = {entry.team: abs(dice.gauss(0.3, 0.12)) for entry in entries}
    moments = sorted(_moment(dice, phase.starts_at, end) for _ in range(number))
    chosen = dice.choices(entries, zeal, k=number)
    states = dice.choices(list(STATES), list(STATES.values()), k=number)
    columns, tried = evaluators.columns(task.evaluation), Counter[int]()
    made = []
    for entry, at, state in zip(chosen, moments, states, strict=True):
        tried[entry.team] += 1
        loss = 0.05 + skill[entry.team] * (0.5 + exp(-tried[entry.team] / 8)) + abs(dice.gauss(0, 0.03))
        scores = _scores(dice, columns, loss) if state is State.SCORED else {}
        made.append(HandedIn(phase, task, entry.team, dice.choice(entry.people), at, state, scores))
    return made


def _moment(dice: random.Random, start: datetime, end: datetime) -> datetime:
    if dice.random() < RUSH_SHARE:
        return max(start, end - timedelta(hours=dice.expovariate(1 / RUSH_HOURS)))
    return start + (end - start) * dice.random()


def _scores(
    dice: random.Random, columns: Iterable[evaluators.ScoreColumn], loss: float
) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {Split.PUBLIC: {}, Split.PRIVATE: {}}
    for column in columns:
        for split in found.values():
            value = max(0.0, loss + dice.gauss(0, 0.01))
            split[column.name] = max(0.0, 1 - value) if column.direction == "higher" else value * 100
    return found


def stand(handed_in: Iterable[HandedIn]) -> Standings:
    """Follow one phase's scores in the order of their numbers."""
    standings, board = Standings(), list[Place]()
    for one in handed_in:
        if one.state is not State.SCORED:
            continue
        standings.tries[one.team] += 1
        here, before = _place(one, Split.PUBLIC), standings.best.get(one.team)
        if before is None:
            insort(board, here)
            standings.ranks_before[one.team] = bisect_left(board, here) + 1
        elif here < (there := _place(before, Split.PUBLIC)):
            at = bisect_left(board, there)
            standings.ranks_before[one.team] = at + 1
            del board[at]
            insort(board, here)
        else:
            continue
        standings.best[one.team] = one
    return standings


def _place(one: HandedIn, split: str) -> Place:
    column = evaluators.columns(one.task.evaluation)[0]
    return sort_key(one.scores[split][column.name], column.direction), one.at, one.id


def order(standings: Standings, split: str) -> list[int]:
    """The teams on a board, the best first."""
    return sorted(standings.best, key=lambda team: _place(standings.best[team], split))


def standing_rows(phase: Phase, standings: Standings) -> Iterator[dict[str, Any]]:
    """Both boards; on a private one that is shown, movement is against the public one."""
    shown = {team: place for place, team in enumerate(order(standings, Split.PUBLIC), start=1)}
    for team, one in standings.best.items():
        for split in Split:
            key, at, number = _place(one, split)
            column = evaluators.columns(one.task.evaluation)[0]
            before = standings.ranks_before[team] if split is Split.PUBLIC else None
            yield {
                "phase_id": phase.id, "split": split, "team_id": team, "submission_id": number,
                "sort_key": key, "value": one.scores[split][column.name], "scores": one.scores[split],
                "submitted_at": at, "tries": standings.tries[team],
                "previous_rank": shown[team] if split is Split.PRIVATE and phase.revealed_at else before,
            }  # fmt: skip


def submission_row(dice: random.Random, one: HandedIn) -> dict[str, Any]:
    """What the intake would have written; the run is pointed to later."""
    ended = None if one.state in (State.QUEUED, State.RUNNING) else one.at + timedelta(seconds=6)
    code = one.task.kind == Kind.CODE
    return {
        "id": one.id, "task_id": one.task.id, "phase_id": one.phase.id, "team_id": one.team,
        "person_id": one.person, "kind": one.task.kind, "digest": f"{dice.getrandbits(256):064x}",
        "file_name": "model.zip" if code else "predictions.csv", "size": dice.randint(20_000, 900_000),
        "message": dice.choice(("", "", "new features", "调了学习率")), "state": one.state,
        "attempts": 0 if one.state is State.QUEUED else 1,
        "created_at": one.at, "queued_at": one.at, "finished_at": ended,
    }  # fmt: skip


def run_row(dice: random.Random, one: HandedIn) -> dict[str, Any]:
    """What recording would have written."""
    rejected, began = one.state is State.REJECTED, one.at + timedelta(seconds=2)
    wall = dice.lognormvariate(0, 0.8)
    stage = {"stage": "scoring", "verdict": "ok", "detail": "", "wall_s": wall, "cpu_s": wall * 0.9}
    stage |= {"peak_memory_bytes": 90 * 2**20, "output_bytes": 20_000}
    return {
        "id": one.id, "submission_id": one.id, "team_id": one.team, "attempt": 1, "state": one.state,
        "stage": "done", "worker": f"worker-{dice.randint(1, 2)}", "lease": f"{dice.getrandbits(160):040x}",
        "lease_expires_at": began + timedelta(minutes=1), "started_at": began,
        "finished_at": began + timedelta(seconds=wall), "code": "runtime_error" if rejected else "",
        "params": {"detail": "exit code 1"} if rejected else {}, "stages": [stage],
        "log": LOG if rejected else "", "wall_s": wall, "cpu_s": wall * 0.9,
        "trouble": "The engine did not answer." if one.state is State.FAILED else "",
        "peak_memory_bytes": dice.randint(40, 900) * 2**20, "output_bytes": 20_000,
        "receipt": {name: f"{dice.getrandbits(256):064x}" for name in ("submission", "reference", "image")},
        "sealed": one.scores.get(Split.PRIVATE, {}),
    }  # fmt: skip


def score_rows(one: HandedIn) -> Iterator[dict[str, Any]]:
    """Public scores, and private ones of a phase whose private board is shown."""
    for split in Split if one.phase.revealed_at else (Split.PUBLIC,):
        for metric, value in one.scores.get(split, {}).items():
            yield {"run_id": one.id, "split": split, "metric": metric, "value": value}
