"""Following a submission to its end."""

import time
from collections.abc import Callable

from leitai.client.errors import Refused, Unreachable
from leitai.client.portal import Json, Portal

FINAL = {"scored", "rejected", "failed", "cancelled"}
PATIENCE = 5
TOO_MANY = 429


def follow(
    portal: Portal,
    number: int,
    changed: Callable[[Json], object],
    sleep: Callable[[float], object] = time.sleep,
) -> Json:
    """Ask until the submission has ended; ``changed`` hears of every change.

    Raises:
        Refused: it is not ours.
        Unreachable: the portal did not answer several times in a row.
    """
    seen: Json = {}
    for round_ in range(1_000_000):
        found = _asked(portal, number, sleep)
        if found != seen:
            changed(found)
            seen = found
        if found["state"] in FINAL:
            break
        # Most runs take seconds; whoever waits in a long queue needs no answer every second.
        sleep(1.0 if round_ < 60 else 5.0)
    return seen


def _asked(portal: Portal, number: int, sleep: Callable[[float], object]) -> Json:
    for left in reversed(range(PATIENCE)):
        try:
            return portal.submission(number)
        except Unreachable:
            if not left:
                raise
        except Refused as error:
            if error.status != TOO_MANY or not left:
                raise
        sleep(2.0 * (PATIENCE - left))
    raise AssertionError
