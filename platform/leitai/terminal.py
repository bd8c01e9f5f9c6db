"""What commands of every slice ask before they begin."""

import click

from leitai import db


def require_migrated() -> None:
    """End the command where the database is older or newer than this code.

    Raises:
        click.ClickException: it is; the text says what to do.
    """
    if db.current_revision() != db.newest_revision():
        raise click.ClickException("The database is not of this version. Bring it there: leitai migrate")
