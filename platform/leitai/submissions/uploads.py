"""The HTTP side of the intake: what may be read of a request is settled before any of it is read."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from flask import request
from flask_limiter.util import get_remote_address
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from leitai import db
from leitai.accounts.identity import current_person
from leitai.accounts.models import Person
from leitai.competitions.models import Task
from leitai.errors import N_, TooLarge
from leitai.settings import load_settings
from leitai.submissions import intake, service
from leitai.submissions.admission import Allowance
from leitai.submissions.models import Submission
from leitai.submissions.refusals import UnsuitableFile

# What a form adds to its file: boundaries, headers, the message.
FORM_BYTES = 64 * 1024
# Beside the quota, for what is refused costs none; a team that tries its format out stays below.
RATE = "30 per minute"


class _SpoolingParser(FormDataParser):
    """Lays files into the spool folder: the system's own may be kept in memory."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.stream_factory = _spooled


def _spooled(*_: Any, **__: Any) -> IO[bytes]:
    folder = load_settings().path("spool")
    folder.mkdir(parents=True, exist_ok=True)
    return tempfile.TemporaryFile(dir=folder)


def prepare(allowance: Allowance) -> None:
    """Refuse whoever may hand in nothing, and whatever is too large, before the body is read.

    Raises:
        Refusal: the allowance says no, or the request announces more bytes than the task takes.
    """
    if allowance.refusal:
        raise allowance.refusal
    most = allowance.upload_bytes + FORM_BYTES
    if (request.content_length or 0) > most:
        raise _too_large(allowance.upload_bytes)
    request.max_content_length = most
    request.form_data_parser_class = _SpoolingParser


@contextmanager
def prepared(allowance: Allowance) -> Iterator[None]:
    """As `prepare`; a body that turns out larger than it was announced is refused in the same words.

    Raises:
        Refusal: the allowance says no, or the request has more bytes than the task takes.
    """
    prepare(allowance)
    try:
        yield
    except RequestEntityTooLarge:
        raise _too_large(allowance.upload_bytes) from None


def take(person: Person, task: Task, team: str | None) -> Submission:
    """Keep the file of a prepared request and queue it.

    Raises:
        Refusal: there is no file, it is not suitable, or it cannot be handed in any more.
    """
    file = request.files.get("file")
    if file is None or not file.filename:
        raise UnsuitableFile(N_("No file came with the form. Choose one and send it again."))
    artefact, name = intake.receive(task, file.stream, file.filename)
    message = request.form.get("message", "")
    with db.transaction() as session:
        return service.submit(session, person, task, artefact, name, message, team)


def _too_large(limit: int) -> TooLarge:
    return TooLarge(intake.TOO_LARGE, limit=f"{limit:,}")


def sender() -> str:
    """Whom requests are counted for: at the API the token, on pages the person, or else the address."""
    # A page believes no header, so a header must not make a new sender there.
    token = request.headers.get("Authorization") if request.path.startswith("/api/") else None
    if token:
        return hashlib.sha256(token.encode()).hexdigest()
    person = current_person()
    return f"person {person.id}" if person else get_remote_address()
