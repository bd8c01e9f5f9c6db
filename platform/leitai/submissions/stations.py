"""The way of a submission as a row of stations: which are behind it, where it is, and how long each took."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from leitai.competitions.models import Kind
from leitai.submissions.models import FINAL, Run, Submission

Passing = Literal["past", "here", "next"]


@dataclass(frozen=True)
class Station:
    """One stop: ``seconds`` is how long it took, ``since`` when it began or, at the last one, happened."""

    name: Literal["received", "queued", "predicting", "scoring", "end"]
    passing: Passing
    since: datetime | None = None
    seconds: float | None = None


def stations(submission: Submission, run: Run | None) -> tuple[Station, ...]:
    """All stations of a submission; ``run`` is its current one, None while it waits."""
    names = ("queued", "predicting", "scoring") if submission.kind == Kind.CODE else ("queued", "scoring")
    begun = dict(_begun(submission, run))
    ends = [*(begun.get(name) for name in names[1:]), run.finished_at if run else None]
    return (
        Station("received", "past", submission.created_at),
        *(
            _station(name, begun.get(name), end, submission)
            for name, end in zip(names, _first_of_rest(ends), strict=True)
        ),
        _end(submission),
    )


def _begun(submission: Submission, run: Run | None) -> Iterator[tuple[str, datetime]]:
    """When each station was entered; those never reached are left out."""
    if submission.queued_at:
        yield "queued", submission.queued_at
    if run is None:
        return
    first = "predicting" if submission.kind == Kind.CODE else "scoring"
    yield first, run.started_at
    if first == "predicting" and run.predicted_at:
        yield "scoring", run.predicted_at


def _first_of_rest(ends: list[datetime | None]) -> Iterator[datetime | None]:
    """A station ends when the next one that was reached begins."""
    for place in range(len(ends)):
        yield next((end for end in ends[place:] if end), None)


def _station(name: str, since: datetime | None, end: datetime | None, submission: Submission) -> Station:
    if since is None:
        return Station(name, "next")  # type: ignore[arg-type]  # one of the names above
    if end is None and submission.state not in FINAL:
        return Station(name, "here", since)  # type: ignore[arg-type]  # one of the names above
    seconds = max(0.0, (end - since).total_seconds()) if end else None
    return Station(name, "past", since, seconds)  # type: ignore[arg-type]  # one of the names above


def _end(submission: Submission) -> Station:
    over = submission.state in FINAL
    return Station("end", "here" if over else "next", submission.finished_at if over else None)
