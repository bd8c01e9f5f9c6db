"""The operators' commands: run, setup, migrate, images, sandbox."""

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
@click.option("--tests", is_flag=True, help="Also what the tests need: a browser, Chinese fonts, all images.")
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
            prepare.prepare_images(settings, every=tests)
        except GroundError as error:
            raise click.ClickException(str(error)) from None
        if command:
            sys.exit(subprocess.run(command, check=False).returncode)


@click.command()
def migrate() -> None:
    """Bring the database to the revision of this version, and name it."""
    from leitai.db import migrate as migrate_database

    click.echo(migrate_database())


@click.group()
def images() -> None:
    """Build, list and clear the images on the Docker engine."""


@images.command()
@click.argument("names", nargs=-1, type=click.Choice(("runtime", "scorer", "legacy")))
@click.option("--again", is_flag=True, help="Also those that are there already.")
def build(*, names: tuple[str, ...], again: bool) -> None:
    """Build the images that are missing: NAMES, or all but those that few need (legacy)."""
    from leitai.launch import sandbox_images
    from leitai.launch.ground import GroundError
    from leitai.launch.progress import step
    from leitai.settings import load_settings
    from sandbox.images import NAMES

    settings = load_settings()
    try:
        for name in names or NAMES:
            with step(f"Image {name}") as doing:
                if again or not sandbox_images.present(settings, name):
                    sandbox_images.build(settings, name, doing.tell)
    except GroundError as error:
        raise click.ClickException(str(error)) from None


@images.command()
def clear() -> None:
    """Remove the images that sponsors gave for their tasks and that no task names any more."""
    from leitai.launch import sandbox_images
    from leitai.launch.ground import GroundError
    from leitai.settings import load_settings
    from leitai.terminal import require_migrated

    require_migrated()
    try:
        gone = sandbox_images.clear(load_settings())
    except GroundError as error:
        raise click.ClickException(str(error)) from None
    for tag in gone:
        click.echo(f"removed {tag}")
    if not gone:
        click.echo("Every image of a task is in use.")


@images.command("list")
def list_images() -> None:
    """Show each image's tag, and whether the engine has it."""
    from leitai.launch import sandbox_images
    from leitai.launch.ground import GroundError
    from leitai.settings import load_settings
    from sandbox.images import NAMES, image_tag

    try:
        for name in NAMES:
            there = sandbox_images.present(load_settings(), name)
            click.echo(f"{image_tag(name)}  {'there' if there else 'missing: leitai images build'}")
    except GroundError as error:
        raise click.ClickException(str(error)) from None


@click.group()
def sandbox() -> None:
    """Look at the sandbox."""


@sandbox.command()
@click.option("--json", "as_json", is_flag=True, help="Print the points as JSON.")
def doctor(*, as_json: bool) -> None:
    """Show what the Docker engine protects, what it does not, and how to get that.

    Runs a small program in a container, as a submission is run. Exits with 0 when nothing serious is missing,
    with 1 when something is, with 3 when no engine answers.
    """
    from leitai.launch import doctor as examination
    from leitai.launch.engine import EngineError
    from leitai.settings import load_settings

    try:
        sys.exit(examination.run(load_settings(), as_json=as_json))
    except EngineError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(3)
