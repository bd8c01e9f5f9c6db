"""A report on a terminal or as JSON."""

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from leitai.competitions.foreign.report import Fate, Report

TITLES: tuple[tuple[Fate, str, str], ...] = (
    ("taken", "Taken over", "green"),
    ("changed", "Changed", "yellow"),
    ("cannot", "Does not work as it stands", "bold red"),
)


def plain(report: Report) -> dict[str, Any]:
    """The lines by what became of them."""
    return {
        fate: [{"what": line.what, "told": line.told} for line in report.of(fate)] for fate, _, _ in TITLES
    }


def print_report(report: Report, written: Path) -> None:
    """What was taken over, what was changed and why, what cannot work and what to do."""
    console = Console(highlight=False)
    for fate, title, style in TITLES:
        if not (lines := report.of(fate)):
            continue
        console.print(Text(f"{title} ({len(lines)})", style=style))
        for line in lines:
            console.print(
                Text.assemble("  ", (line.what, "bold"), ": ", line.told or "as it was"), soft_wrap=True
            )
        console.print()
    console.print(Text.assemble("Written: ", (str(written), "bold")), soft_wrap=True)
    if written.is_dir():
        console.print(f"Try it: leitai check {written}", soft_wrap=True)
