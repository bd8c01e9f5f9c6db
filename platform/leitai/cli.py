"""The command `leitai`: every command of every slice, each imported only when it is called."""

import sys
from importlib import import_module
from typing import Any, NamedTuple

import click

ACCOUNTS = "leitai.accounts.commands"
CLIENT = "leitai.client.commands"
COMPETITIONS = "leitai.competitions.commands"
FOREIGN = "leitai.competitions.foreign.commands"
LAUNCH = "leitai.launch.commands"
SCORING = "leitai.scoring.commands"


class Entry(NamedTuple):
    """Where a command lives, and its line in the list: kept here, so that the list imports nothing."""

    module: str
    help: str


SECTIONS: dict[str, dict[str, Entry]] = {
    "For teams": {
        "login": Entry(CLIENT, "Keep a token for a portal on this computer."),
        "logout": Entry(CLIENT, "Forget the token."),
        "tasks": Entry(CLIENT, "List competitions and their tasks."),
        "download": Entry(CLIENT, "Fetch a task's open data."),
        "submit": Entry(CLIENT, "Hand in predictions or code."),
        "status": Entry(CLIENT, "Show submissions; --watch follows one to its score."),
        "board": Entry(CLIENT, "Show a task's board."),
        "evaluate": Entry(SCORING, "Score a file on this machine, where there is data to compare with."),
    },
    "For organizers": {
        "check": Entry(SCORING, "Validate a bundle and dry-run its baselines."),
        "apply": Entry(COMPETITIONS, "Create or update a competition from a bundle."),
        "metrics": Entry(COMPETITIONS, "Print the catalogue of metrics, or one entry."),
        "export": Entry(FOREIGN, "Write a bundle for Codabench."),
        "import": Entry(FOREIGN, "Make a bundle of one from Codabench, EvalAI, Kaggle or Hugging Face."),
    },
    "For operators": {
        "run": Entry(LAUNCH, "Set everything up and run it in this terminal."),
        "setup": Entry(LAUNCH, "Set everything up; then run a command, if one is given."),
        "migrate": Entry(LAUNCH, "Bring the database to this version."),
        "operators": Entry(ACCOUNTS, "Say who may see the machines in the portal."),
        "images": Entry(LAUNCH, "Build and list the sandbox images."),
        "sandbox": Entry(LAUNCH, "Look at the sandbox: `sandbox doctor` says what the engine protects."),
        "worker": Entry(SCORING, "Score submissions until told to stop."),
        "verify": Entry(SCORING, "Score again what a receipt tells of, and compare."),
        "sweeper": Entry(SCORING, "Return lost work to the queue and clear what no lease owns."),
    },
}


def entries() -> dict[str, Entry]:
    """All commands by name."""
    return {name: entry for section in SECTIONS.values() for name, entry in section.items()}


class LateGroup(click.Group):
    """A group that imports a command's module when the command is called, not to list it."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 click's signature
        """Names in the order of the sections."""
        return list(entries())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 click's
        """The command, from its slice; in that module it has the command's own name."""
        entry = entries().get(cmd_name)
        if entry is None:
            return None
        return next(
            value
            for value in vars(import_module(entry.module)).values()
            if isinstance(value, click.Command) and value.name == cmd_name
        )

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 click's
        """The list, by who uses what."""
        for title, section in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name, entry.help) for name, entry in section.items()])


@click.group(cls=LateGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="leitai", message="%(package)s %(version)s")
def leitai() -> None:
    """Leitai: algorithm competitions with hidden data."""


def main(*arguments: Any) -> None:
    """Run; what is wrong with the settings is told in words, without a traceback."""
    from leitai.settings import SettingsError

    try:
        leitai(*arguments)
    except SettingsError as error:
        click.echo(str(error), err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
