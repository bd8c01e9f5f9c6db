"""Bars and lines on standard error while something is under way; a log gets lines instead of a moving bar."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.markup import escape
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from leitai.client.showing import plain, progress_console


@contextmanager
def bar(name: str, size: int) -> Iterator[Callable[[int], object]]:
    """A bar for so many bytes; gives what to call with every piece."""
    console = progress_console()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task(escape(plain(name)), total=size)
        yield lambda count: progress.advance(task, count)


@contextmanager
def line() -> Iterator[Callable[[str], object]]:
    """One line that changes; gives what to call with its text."""
    console = progress_console()
    if not console.is_terminal:
        yield lambda text: console.print(text, markup=False)
        return
    with console.status("") as status:
        yield lambda text: status.update(escape(text))
