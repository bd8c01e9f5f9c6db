"""The operators' commands: setup, run, migrate."""

import subprocess
import sys

import click


@click.command()
@click.option("--demo/--no-demo", default=True, help="Load the demo competition (never in production).")
def run(*, demo: bool) -> None:
    """Set everything up, then run portal, workers, sweeper and embedded parts until Ctrl-C.

    Without a Docker engine the portal runs all the same; submissions wait until there is one.
    """
    from leitai.launch.ground import GroundError
    from leitai.launch.running import run_all
    from leitai.settings import load_settings

    try:
        sys.exit(run_all(load_settings(), demo=demo))
    except GroundError as error:
        raise click.ClickException(str(error)) from None
    except KeyboardInterrupt:
        click.echo("\nStopped before it was up. What was done stays done.", err=True)
        sys.exit(130)


@click.command(context_settings={"ignore_unknown_options": True})
@click.option("--tests", is_flag=True, help="Also what the tests need: a browser with Chinese fonts.")
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
def setup(*, tests: bool, command: tuple[str, ...]) -> None:
    """Set everything up; then run COMMAND, if one is given.

    A Docker engine that had to be started ends with COMMAND; without COMMAND it goes on.
    """
    from contextlib import ExitStack

    from leitai.launch import prepare
    from leitai.launch.ground import GroundError
    from leitai.settings import load_settings

    settings = load_settings()
    with ExitStack() as stack:
        try:
            prepare.prepare_code()
            if tests:
                prepare.prepare_browser(settings)
            prepare.prepare_engine(settings, stack, outlive=not command)
            prepare.prepare_images(settings)
        except GroundError as error:
            raise click.ClickException(str(error)) from None
        if command:
            sys.exit(subprocess.run(command, check=False).returncode)


@click.command()
def migrate() -> None:
    """Bring the database to the revision of this version, and name it."""
    from leitai.db import migrate as migrate_database

    click.echo(migrate_database())
