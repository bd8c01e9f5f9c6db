"""The last words of a start: the address, the demo accounts and what to try, once the portal answers."""

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import requests

from leitai.launch.progress import console

if TYPE_CHECKING:
    from rich.panel import Panel

PATIENCE_S = 90.0
_TO_TRY = "Sign in, open a task, hand in one of its baselines (var/examples/demo/), and watch the board."


def when_up(address: str, then: Callable[[], None]) -> None:
    """Watch /healthz from a thread of its own and call `then` once it answers."""
    threading.Thread(target=_watch, args=(address, then), daemon=True).start()


def answers(address: str) -> bool:
    """Whether the portal gives its state; a part that is down is the portal's to tell, not ours."""
    try:
        return (
            requests.get(f"{address}/healthz", timeout=5)
            .headers["Content-Type"]
            .startswith("application/json")
        )
    except (requests.RequestException, KeyError):
        return False


def _watch(address: str, then: Callable[[], None]) -> None:
    until = time.monotonic() + PATIENCE_S
    # The processes are being forked meanwhile, and a thread must not hold a lock then.
    time.sleep(0.5)
    while time.monotonic() < until:
        if answers(address):
            then()
            return
        time.sleep(0.1)


def greet(address: str, accounts: list[tuple[str, str, str]], took_s: float) -> None:
    """Print the panel. ``accounts`` are (who, e-mail, password): those of the demo, where it is loaded."""
    title = f"Leitai stands at [bold]{address}[/bold]"
    if accounts:
        console.print(_panel(title, accounts))
        console.print(_TO_TRY, highlight=False, soft_wrap=True)
    else:
        console.print(title)
    state = f"In another terminal: .venv/bin/leitai --help      Its state: {address}/healthz\n"
    console.print(state, highlight=False, soft_wrap=True)
    console.print(f"[dim]Up after {took_s:.1f} s. Ctrl-C ends everything.[/dim]")


def _panel(title: str, accounts: list[tuple[str, str, str]]) -> "Panel":
    from rich.panel import Panel  # noqa: PLC0415 only a terminal needs it
    from rich.table import Table  # noqa: PLC0415

    table = Table.grid(padding=(0, 3))
    for who, email, password in accounts:
        table.add_row(who, f"[bold]{email}[/bold]", password)
    return Panel(table, title=title, expand=False)
