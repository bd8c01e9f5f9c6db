"""A submission's way through the whole of it: from the POST to the score that the API shows."""

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from sqlalchemy import func, select

from benchmarks.edition import SLUG
from benchmarks.portal import Visitor, multipart
from benchmarks.timing import Ask
from leitai import db
from leitai.competitions.models import Kind
from leitai.submissions.models import FINAL, State, Submission

POLL_S = 0.005
PATIENCE_S = 120.0
# What waits while a load lasts: enough for every worker at any time.
AHEAD, SENDERS, LOOK_S = 16, 4, 0.1
File = Callable[[], tuple[str, bytes]]


class NotScored(Exception):
    """A submission did not get its score; the text says which and what it got."""


def hand_in(sender: Visitor, kind: Kind, file: tuple[str, bytes]) -> int:
    """Its number."""
    body, content_type = multipart({"message": "measured"}, file)
    answer = sender.ask("POST", f"/api/v1/tasks/{SLUG}/{kind.value}/submissions", 201, body, content_type)
    return int(json.loads(answer)["id"])


def until_scored(sender: Visitor, kind: Kind, file: tuple[str, bytes]) -> None:
    """Hand in, and follow it as closely as the API lets.

    Raises:
        NotScored: it got something else, or nothing in time.
    """
    number, until = hand_in(sender, kind, file), time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        found = json.loads(sender.get(f"/api/v1/submissions/{number}"))
        if found["state"] in FINAL:
            break
        time.sleep(POLL_S)
    if found["state"] != State.SCORED or not found["scores"]:
        raise NotScored(f"Submission {number} is {found['state']}. {found['text']} {found['log']}")


def following(senders: Iterator[Visitor], kind: Kind, file: File) -> Ask:
    """To be timed."""
    return lambda: until_scored(next(senders), kind, file())


def load(senders: Iterator[Visitor], kind: Kind, file: File, number: int) -> list[float]:
    """Hand in so many, never letting the workers idle; the moments at which they were scored.

    Raises:
        NotScored: one of them was not.
    """
    newest = _newest()
    handing: list[Future[int]] = []
    until = time.monotonic() + PATIENCE_S
    with ThreadPoolExecutor(SENDERS) as crowd:
        while (ended := _ended(newest)) < number:
            room = min(AHEAD - (len(handing) - ended), number - len(handing))
            handing += [crowd.submit(hand_in, next(senders), kind, file()) for _ in range(room)]
            for one in handing:
                if one.done():
                    one.result()
            if time.monotonic() > until + len(handing):
                raise NotScored(f"Only {ended} of {number} submissions have a result.")
            time.sleep(LOOK_S)
    return _moments(newest)


def _newest() -> int:
    with db.reading() as session:
        return session.scalar(select(func.max(Submission.id))) or 0


def _ended(newest: int) -> int:
    after = select(func.count()).where(Submission.id > newest, Submission.state.in_(FINAL))
    with db.reading() as session:
        return session.scalar(after) or 0


def _moments(newest: int) -> list[float]:
    with db.reading() as session:
        rows = session.execute(
            select(Submission.id, Submission.state, Submission.finished_at).where(Submission.id > newest)
        ).all()
    for number, state, _ in rows:
        if state != State.SCORED:
            raise NotScored(f"Submission {number} is {state}.")
    return [at.timestamp() for _, _, at in rows if at]
