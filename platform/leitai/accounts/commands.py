"""The commands `leitai operators`: who may look at the machines in the portal."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:  # heavy, and most commands are of other slices
    from sqlalchemy.orm import Session

    from leitai.accounts.models import Person


@click.group(invoke_without_command=True)
@click.pass_context
def operators(ctx: click.Context) -> None:
    """List the operators of the portal, name one, or dismiss one.

    An operator sees queue, workers, engines and what failed on our side at /operate; all else is as for
    anybody.
    """
    if ctx.invoked_subcommand is None:
        _list()


@operators.command()
@click.argument("email")
def add(email: str) -> None:
    """Make whoever has signed up with EMAIL an operator."""
    from leitai.accounts.service import make_operator

    click.echo(f"{_done(make_operator, email)} is an operator.")


@operators.command()
@click.argument("email")
def remove(email: str) -> None:
    """Take that right from whoever has the address EMAIL."""
    from leitai.accounts.service import dismiss_operator

    click.echo(f"{_done(dismiss_operator, email)} is no operator.")


def _list() -> None:
    from leitai import db
    from leitai.accounts import service
    from leitai.terminal import require_migrated

    require_migrated()
    with db.reading() as session:
        found = [f"{person.email}  {person.name}" for person in service.operators(session)]
    click.echo("\n".join(found) or "There is none. Name one: leitai operators add EMAIL")


def _done(verb: "Callable[[Session, str], Person]", email: str) -> str:
    from leitai import db
    from leitai.errors import Refusal
    from leitai.terminal import require_migrated

    require_migrated()
    try:
        with db.transaction() as session:
            return verb(session, email).email
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from None
