"""The commands `leitai apply` and `leitai metrics`."""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from leitai.competitions.changes import Change

STYLES = {"created": "green", "changed": "yellow", "removed": "red"}


@click.command()
@click.argument("bundle", type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Write the changes or problems as JSON.")
def apply(bundle: Path, as_json: bool) -> None:
    """Create or update a competition from the folder BUNDLE.

    Says what changed; a second time nothing does. Exits with 1 when the bundle has problems, and then nothing
    was changed.
    """
    from leitai.competitions.bundle.errors import BundleError
    from leitai.competitions.bundle.printing import EXIT_PROBLEMS, print_json, print_problems

    try:
        changes = _applied(bundle)
    except BundleError as error:
        print_problems(error.problems, as_json=as_json)
        sys.exit(EXIT_PROBLEMS)
    if as_json:
        print_json({"changes": [asdict(change) for change in changes]})
    else:
        _print(changes)


def _applied(path: Path) -> list[Change]:
    from leitai import db, storage
    from leitai.competitions.applying import apply as apply_bundle
    from leitai.competitions.bundle.loading import load_bundle
    from leitai.terminal import require_migrated

    bundle = load_bundle(path, db.now())
    require_migrated()
    with db.transaction() as session:
        return apply_bundle(session, bundle, storage.artefacts())


def _print(changes: Sequence[Change]) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    if not changes:
        console.print("Nothing changed.")
    for change in changes:
        line = Text.assemble(
            (change.action, STYLES[change.action]), f" {change.what} ", (change.name, "bold")
        )
        if change.details:
            line.append(f"  {'; '.join(change.details)}", style="dim")
        console.print(line, soft_wrap=True)
    if stale := [change.name for change in changes if change.rescore]:
        console.print(Text(f"Rescore needed: {', '.join(stale)}.", style="bold yellow"), soft_wrap=True)
        console.print("Their organizer's page rescores all submissions at once.")


@click.command()
@click.argument("name", required=False)
def metrics(name: str | None) -> None:
    """Print the catalogue of metrics, or the entry of the metric NAME, as Markdown."""
    import evaluators
    from evaluators.spec.given import near
    from leitai.competitions.catalogue import markdown

    if name and name not in evaluators.metrics():
        hint = near(name, evaluators.metrics())
        raise click.ClickException(f"There is no metric {name}. {hint}All of them: leitai metrics".strip())
    click.echo(markdown(name))
