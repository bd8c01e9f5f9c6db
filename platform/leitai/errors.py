"""Refusals: what a service says to a person who asked for something that cannot be done."""

from typing import Any, ClassVar

from flask_babel import gettext


def N_(text: str) -> str:  # noqa: N802 gettext's own name for it
    """Mark a text for the catalogue; it is translated when it is shown."""
    return text


class Refusal(Exception):
    """Names what was wrong and what to do next; the text is an English msgid, translated when shown.

    ``code`` is for programs that call the API; ``status`` is the HTTP status that fits.
    """

    status: ClassVar[int] = 400
    code: ClassVar[str] = "invalid"

    def __init__(self, text: str, **params: Any) -> None:
        super().__init__(text % params if params else text)
        self.text = text
        self.params = params

    @property
    def message(self) -> str:
        """The text in the reader's language."""
        return str(gettext(self.text, **self.params))


class Invalid(Refusal):
    """A value that cannot be taken."""


class SignInNeeded(Refusal):
    """Nobody is signed in."""

    status = 401
    code = "sign_in_needed"


class NotAllowed(Refusal):
    """The person has no right to this."""

    status = 403
    code = "not_allowed"


class NotFound(Refusal):
    """There is no such thing, or none that this person may know of."""

    status = 404
    code = "not_found"


class Conflict(Refusal):
    """The thing is not in a state that permits this."""

    status = 409
    code = "conflict"


class TooLarge(Refusal):
    """More bytes than the limit allows."""

    status = 413
    code = "too_large"


class QuotaUsedUp(Refusal):
    """No submission is left today, or in this phase."""

    status = 429
    code = "quota_used_up"
