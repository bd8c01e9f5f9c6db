"""Scores a submission again by its receipt, and says in what the outcome differs."""

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import select

from leitai import db
from leitai.scoring import checking, pipeline, service
from leitai.scoring.parts import Parts
from leitai.scoring.receipts import evaluator_digest
from leitai.scoring.work import Result, ScoringTrouble, Work
from leitai.submissions import receipts
from leitai.submissions.models import Run, Submission

LARGEST = 1_000_000
# Sums in another order differ by less.
TOLERANCE = 1e-12
FIELDS = ("number", "task", "phase", "state", "scores", "receipt", "digest")


class NoReceipt(Exception):
    """The file is no receipt of this portal; the text says why."""


@dataclass(frozen=True)
class Check:
    """One part of a receipt; ``told`` says how it differs, and is empty where it is the same."""

    part: str
    told: str = ""


def read(path: Path) -> dict[str, Any]:
    """A receipt as the portal gives it.

    Raises:
        NoReceipt: it is none.
    """
    try:
        with path.open("rb") as file:
            found = json.loads(file.read(LARGEST))
    except (ValueError, RecursionError):
        raise NoReceipt("The file is no JSON.") from None
    if not isinstance(found, dict) or not {*FIELDS} <= set(found):
        raise NoReceipt(f"A receipt has the keys {', '.join(FIELDS)}.")
    if not isinstance(found["receipt"], dict) or not isinstance(found["scores"], dict):
        raise NoReceipt("Its receipt and scores are no objects.")
    if not isinstance(found["number"], int):
        raise NoReceipt("Its number is none.")
    return found


def verify(document: Mapping[str, Any], parts: Parts) -> Iterator[Check]:
    """Compare what is on record, then score again and compare that.

    Raises:
        NoReceipt: this portal has no such submission.
        SandboxUnavailable: it could not be scored again, for reasons of this machine.
    """
    given = document["receipt"]
    yield Check("digest", _differs(document["digest"], _digest(given), "the parts have been changed"))
    work, recorded = _on_record(document)
    told = "" if given in recorded else "the portal recorded other parts for this submission"
    yield Check("record", told)
    yield Check("submission", _differs(given.get("submission"), work.digest, "the file is another one"))
    evaluation = hashlib.sha256(json.dumps(work.evaluation, sort_keys=True).encode()).hexdigest()
    yield Check(
        "evaluation", _differs(given.get("evaluation"), evaluation, "the task is evaluated otherwise since")
    )
    yield Check(
        "evaluator",
        _differs(given.get("evaluator"), evaluator_digest(), "this version of Leitai has another"),
    )
    try:
        result = pipeline.score(_as_then(work, given), checking.own_lease(), parts, lambda _: None)
    except ScoringTrouble as trouble:  # as with data that the portal does not have, or not any more
        yield Check("outcome", f"it cannot be scored again: {trouble}")
        return
    yield from _outcome(document, result)


def _on_record(document: Mapping[str, Any]) -> tuple[Work, list[dict[str, Any]]]:
    """What would score it now, and the parts of every run that it had."""
    with db.reading() as session:
        row = session.get(Submission, document["number"])
        name = f"{row.task.competition.slug}/{row.task.slug}" if row else ""
        if row is None or name != document["task"]:
            raise NoReceipt(f"This portal has no submission {document['number']} of {document['task']}.")
        runs = session.scalars(select(Run).where(Run.submission_id == row.id))
        return service.work_of(session, row), [receipts.parts(run) for run in runs]


def _as_then(work: Work, given: Mapping[str, Any]) -> Work:
    """With the data that the receipt names, for a phase's may have changed since."""
    data = given.get("data")
    named = {
        "reference": "reference",
        "hidden_input": "input",
        "program": "program",
        "ingestion": "ingestion",
    }
    values = {
        key: data[name]
        for key, name in named.items()
        if isinstance(data, Mapping) and isinstance(data.get(name), str)
    }
    return replace(work, **values)


def _outcome(document: Mapping[str, Any], result: Result) -> Iterator[Check]:
    given = document["receipt"]
    for part in ("data", "images", "versions", "seed"):
        if part in given or part in result.receipt:
            told = _differs(given.get(part), result.receipt.get(part), _named(given.get(part), result, part))
            yield Check(part, told)
    yield Check("state", _differs(document["state"], result.state, f"it is {result.state} now"))
    for name, score in document["scores"].items():
        yield Check(f"score {name}", _score(score, result.public.get(name)))


def _named(given: Any, result: Result, part: str) -> str:
    """Which of several are others."""
    found = result.receipt.get(part)
    if not isinstance(given, Mapping) or not isinstance(found, Mapping):
        return f"it is {found} now"
    names = sorted(name for name in {*given, *found} if given.get(name) != found.get(name))
    return f"other than then: {', '.join(names)}"


def _score(then: Any, now: float | None) -> str:
    if now is None:
        return f"it was {then}, and there is none now"
    number = isinstance(then, int | float) and not isinstance(then, bool)
    if number and math.isclose(then, now, rel_tol=TOLERANCE, abs_tol=TOLERANCE):
        return ""
    return f"it was {then}, and is {now!r} now"


def _differs(then: Any, now: Any, told: str) -> str:
    return "" if then == now else told


def _digest(given: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()
