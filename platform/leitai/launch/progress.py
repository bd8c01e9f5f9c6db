"""What the person who waits sees: one line for each step, with its time, and what a long step is doing."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

console = Console(highlight=False)


class Step:
    """One step of the set-up; `tell` shows what it is doing, and its last words stand beside its name."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.detail = ""
        self._status = console.status(name)

    def tell(self, detail: str) -> None:
        """Show the detail: in place on a terminal, as a line of its own in a log."""
        self.detail = detail
        if console.is_terminal:
            self._status.update(f"{self.name}: {detail}")
        else:
            console.print(f"  {self.name}: {detail}", markup=False)

    def close(self, text: str) -> None:
        """Let the last words be these."""
        self.detail = text


@contextmanager
def step(name: str) -> Iterator[Step]:
    """Announce a step, and say how long it took."""
    began = time.monotonic()
    doing = Step(name)
    with doing._status:
        yield doing
    took = time.monotonic() - began
    console.print(f"[green]✓[/green] {name:<22} [dim]{took:6.1f} s  {doing.detail}[/dim]", soft_wrap=True)
