"""`leitai verify` on a terminal or as JSON: every part of a receipt, and whether it is the same again."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from leitai.competitions.bundle.printing import EXIT_PROBLEMS, print_json
from leitai.scoring import checking, verifying
from leitai.scoring.parts import Parts
from leitai.scoring.showing_checks import EXIT_NO_SANDBOX
from leitai.scoring.verifying import Check, NoReceipt
from sandbox.job import SandboxUnavailable


def run(path: Path, wire: Callable[[], Parts], *, as_json: bool) -> int:
    """Verify the receipt at ``path``. Returns the exit code."""
    try:
        document = verifying.read(path)
        parts = wire()
        if why := checking.unready(parts):
            return _fail(why, EXIT_NO_SANDBOX)
        checks = list(verifying.verify(document, parts))
    except NoReceipt as error:
        return _fail(str(error), EXIT_PROBLEMS)
    except SandboxUnavailable as error:
        return _fail(f"It could not be scored again: {error}", EXIT_PROBLEMS)
    differing = [check for check in checks if check.told]
    if as_json:
        print_json({"same": not differing, "checks": [asdict(check) for check in checks]})
    else:
        _print(checks, differing)
    return EXIT_PROBLEMS if differing else 0


def _fail(text: str, code: int) -> int:
    Console(stderr=True, highlight=False).print(Text(text, style="bold red"), soft_wrap=True)
    return code


def _print(checks: list[Check], differing: list[Check]) -> None:
    console = Console(highlight=False)
    table = Table(box=None, show_header=False, pad_edge=False)
    for check in checks:
        sign = Text("✗", style="red") if check.told else Text("✓", style="green")
        table.add_row(sign, Text(check.part), Text(check.told or "the same"))
    console.print(table)
    if differing:
        console.print(Text(f"{len(differing)} of {len(checks)} parts differ.", style="bold red"))
    else:
        console.print(Text("The same parts gave the same scores.", style="green"))
