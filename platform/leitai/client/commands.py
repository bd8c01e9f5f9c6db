"""The teams' commands: login, logout, tasks, download, submit, status, board."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from leitai.client.errors import EXIT_CODES, NotScored

if TYPE_CHECKING:
    from leitai.client.portal import Json, Portal, TaskName

Command = TypeVar("Command", bound=Callable[..., Any])


class TaskType(click.ParamType["TaskName"]):
    """COMPETITION/TASK."""

    name = "task"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> "TaskName":
        """Split it."""
        from leitai.client.portal import TaskName

        parts = str(value).split("/")
        if len(parts) != 2 or not all(part.replace("-", "").isalnum() for part in parts):
            self.fail(f"{value!r} is no task. Write COMPETITION/TASK, like demo/load-forecast.", param, ctx)
        return TaskName(*parts)


def command(name: str) -> Callable[[Callable[..., Any]], click.Command]:
    """A command that tells its exit codes and can speak JSON."""

    def wrap(function: Callable[..., Any]) -> click.Command:
        with_json = click.option("--json", "as_json", is_flag=True, help="Print the API's own JSON.")(
            function
        )
        return click.command(name, epilog=EXIT_CODES)(with_json)

    return wrap


task_argument = click.argument("task", type=TaskType(), metavar="COMPETITION/TASK")


def portal() -> "Portal":
    """The portal that we are signed in to."""
    from leitai.client.credentials import current
    from leitai.client.portal import Portal

    return Portal(current())


def print_json(answer: Any) -> None:
    """For programs: one document, and nothing else on standard output."""
    import json

    click.echo(json.dumps(answer, ensure_ascii=False, indent=2))


def _token(given: str | None) -> str:
    if given is not None:
        return given.strip()
    if sys.stdin.isatty():
        return str(
            click.prompt("Token (from your account page; it does not show)", hide_input=True, err=True)
        ).strip()
    return sys.stdin.readline().strip()


@command("login")
@click.argument("url")
@click.option(
    "--token", help="Better typed when asked for, or given on standard input: here others may see it."
)
def login(url: str, token: str | None, *, as_json: bool) -> None:
    """Keep a token for the portal at URL on this computer, for your account alone.

    Make one on your account page.
    """
    from pydantic import SecretStr

    from leitai.client import credentials
    from leitai.client.portal import Portal
    from leitai.client.settings import ClientSettings

    url = credentials.address(url)
    if credentials.is_open_to_all(url):
        click.echo("Warning: without https, others on the way can read the token.", err=True)
    found = credentials.Credentials(url, SecretStr(_token(token)))
    me = Portal(found).me()
    credentials.keep(ClientSettings().credentials, found)
    if as_json:
        print_json(me)
    else:
        click.echo(f"Signed in at {url} as {me['name']} ({me['email']}).")


@command("logout")
def logout(*, as_json: bool) -> None:
    """Forget the token that `login` kept. To revoke it everywhere, use your account page."""
    from leitai.client import credentials
    from leitai.client.settings import ClientSettings

    forgotten = credentials.forget(ClientSettings().credentials)
    if as_json:
        print_json({"forgotten": forgotten})
    else:
        click.echo("The token is forgotten." if forgotten else "No token was kept.")


@command("tasks")
def tasks(*, as_json: bool) -> None:
    """List competitions and their tasks."""
    from leitai.client import listing, showing

    found = portal().competitions()
    if as_json:
        print_json(found)
    else:
        showing.console().print(*listing.competitions(found), sep="\n")


@command("download")
@task_argument
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Default: a folder named like the task.",
)
def download(task: "TaskName", output: Path | None, *, as_json: bool) -> None:
    """Fetch a task's open data. What is there already is not fetched again; all is verified by SHA-256."""
    from leitai.client import downloading, progress

    there = portal()
    files = there.data(task)
    folder = output or Path(task.task)
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        with progress.bar(str(file["name"]), int(file["size"])) as arrived:
            file["fetched"] = downloading.fetch(there, task, file, folder, arrived)
        file["path"] = str(folder / file["name"])
    evaluation = downloading.leave_evaluation(there.task(task), task, files, folder)
    if as_json:
        print_json(files)
        return
    for file in files:
        click.echo(f"{file['path']}  {'fetched' if file['fetched'] else 'as it was'}")
    if evaluation:
        click.echo(f"Score a file on the validation data: leitai evaluate {folder} FILE")


@command("submit")
@task_argument
@click.argument("file", type=click.Path(path_type=Path, exists=True, readable=True))
@click.option("-m", "--message", default="", help="What is new in it; your team sees it.")
@click.option("--team", default="", help="Needed only if several of your teams have entered.")
@click.option("--watch", is_flag=True, help="Follow it to its score.")
def submit(task: "TaskName", file: Path, message: str, team: str, *, watch: bool, as_json: bool) -> None:
    """Hand in FILE: a table (.csv, .parquet, .npz, .csv.gz, …), or code (a .zip or folder)."""
    from leitai.client import handing_in

    there = portal()
    found = handing_in.hand_in(there, task, file, {"message": message, "team": team})
    if watch:
        _follow(there, found["id"], as_json=as_json)
    elif as_json:
        print_json(found)
    else:
        click.echo(f"Submission {found['id']} is in. Follow it with: leitai status {found['id']} --watch")


@command("status")
@click.argument("number", type=int, required=False)
@click.option("--watch", is_flag=True, help="Follow one to its score; without a number the newest.")
def status(number: int | None, *, watch: bool, as_json: bool) -> None:
    """Show your submissions, or the one with this NUMBER."""
    from leitai.client import listing, showing

    there = portal()
    mine = [] if number else listing.own_submissions(there)
    if watch:
        number = number or listing.newest(mine)
        _follow(there, number, as_json=as_json)
        return
    found = there.submission(number) if number else mine
    if as_json:
        print_json(found)
    elif isinstance(found, dict):
        showing.console().print(listing.submission(found))
    else:
        showing.console().print(listing.submissions(found))


@command("board")
@task_argument
@click.option("--page", type=click.IntRange(min=1), default=1, show_default=True)
@click.option("--split", type=click.Choice(("public", "private")), default="public", show_default=True)
@click.option("--phase", default="", help="Default: the open phase, else the last that began.")
@click.option("--find", default="", help="Only teams with this in their name.")
def board(task: "TaskName", as_json: bool, **query: Any) -> None:
    """Show a task's board: the public one (A), or the private one (B) once it is shown."""
    from leitai.client import listing, showing

    found = portal().board(task, **query)
    if as_json:
        print_json(found)
    else:
        showing.console().print(*listing.board(found), sep="\n")


def _follow(there: "Portal", number: int, *, as_json: bool) -> None:
    from leitai.client import listing, progress, showing, watching

    with progress.line() as tell:
        found: Json = watching.follow(there, number, lambda submission: tell(listing.stage(submission)))
    if as_json:
        print_json(found)
    else:
        showing.console().print(listing.submission(found))
    if found["state"] != "scored":
        raise NotScored(f"Submission {number} was {found['state']}.")
