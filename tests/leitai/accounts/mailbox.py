"""What the portal of a test has sent."""

import re
import time
from typing import Any

from apiflask import APIFlask


def mails(app: APIFlask, number: int) -> list[Any]:
    """The mails, as soon as there are so many; some are sent beside the request."""
    outbox: list[Any] = app.extensions["mailman"].outbox
    until = time.monotonic() + 5
    while len(outbox) < number and time.monotonic() < until:
        time.sleep(0.01)
    assert len(outbox) == number
    return outbox


def link(app: APIFlask, number: int = 1) -> str:
    """The path of the first link in the last mail."""
    found = re.search(r"https?://[^/\s]+(/\S+)", mails(app, number)[-1].body)
    assert found
    return found[1]
