"""The commands `leitai import` and `leitai export`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from leitai.competitions.foreign.report import Report

FORMATS = ("codabench", "evalai", "kaggle", "huggingface")
EXIT_CANNOT = 4


@click.command("import")
@click.argument("form", metavar="|".join(FORMATS), type=click.Choice(FORMATS))
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="The new folder. Default: named like PATH, here."
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def import_(*, form: str, path: Path, output: Path | None, as_json: bool) -> None:
    """Make a bundle of a competition of another platform.

    PATH is its zip or folder. The report says what was taken over, what was changed and why, and what does
    not work as it stands, with the remedy. Exits with 0 when everything works, with 4 when the bundle was
    written and something in it does not work, with 1 when nothing was written.
    """
    from leitai import db
    from leitai.competitions.bundle.errors import BundleError
    from leitai.competitions.bundle.printing import EXIT_PROBLEMS, print_problems
    from leitai.competitions.foreign.importing import import_bundle

    folder = output or Path.cwd() / f"{path.resolve().stem}-leitai"
    try:
        report = import_bundle(form, path, folder, db.now())
    except BundleError as error:
        print_problems(error.problems, as_json=as_json)
        sys.exit(EXIT_PROBLEMS)
    _tell(report, folder, as_json=as_json)
    sys.exit(EXIT_CANNOT if report.of("cannot") else 0)


@click.command("export")
@click.argument("form", metavar="codabench", type=click.Choice(("codabench",)))
@click.argument("bundle", type=click.Path(exists=True, path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="The new zip. Default: named like BUNDLE."
)
@click.option("--task", default="", help="The slug of the task, where they cannot go into one bundle.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def export(*, form: str, bundle: Path, output: Path | None, task: str, as_json: bool) -> None:  # noqa: ARG001 one for now
    """Write BUNDLE as a bundle of version 2 that Codabench takes.

    Built-in metrics travel along as a scoring program. Imported again, it gives the same bundle. Exits with 0
    when it was written, with 1 when BUNDLE has problems or cannot be said in that format.
    """
    from leitai import db
    from leitai.competitions.bundle.errors import BundleError
    from leitai.competitions.bundle.printing import EXIT_PROBLEMS, print_problems
    from leitai.competitions.foreign.exporting import export_codabench

    target = output or Path.cwd() / f"{bundle.resolve().stem}-codabench.zip"
    try:
        report = export_codabench(bundle, target, db.now(), task)
    except BundleError as error:
        print_problems(error.problems, as_json=as_json)
        sys.exit(EXIT_PROBLEMS)
    _tell(report, target, as_json=as_json)


def _tell(report: "Report", written: Path, *, as_json: bool) -> None:
    from leitai.competitions.bundle.printing import print_json
    from leitai.competitions.foreign.showing import plain, print_report

    if as_json:
        print_json({"written": str(written), **plain(report)})
    else:
        print_report(report, written)
