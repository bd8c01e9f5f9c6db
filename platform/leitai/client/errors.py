"""What ends a command, and with which exit code."""

import click

EXIT_CODES = """\b
Exit codes:
  0  done
  1  the portal refused
  2  wrong usage
  3  the portal cannot be reached
  4  the submission was rejected or failed (with --watch)"""


class Refused(click.ClickException):
    """The portal said no, or something here is not as it should be; the text says what."""

    exit_code = 1

    def __init__(self, message: str, code: str = "", status: int = 0) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


class Unreachable(click.ClickException):
    """Nobody answers, or not in the way a portal does."""

    exit_code = 3


class NotScored(click.ClickException):
    """A submission that was followed ended without a score."""

    exit_code = 4
