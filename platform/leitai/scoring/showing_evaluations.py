"""`leitai evaluate` on a terminal or as JSON: the scores of both splits, or what is wrong with the file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

import evaluators
from leitai import db
from leitai.competitions.bundle.errors import BundleError
from leitai.competitions.bundle.printing import EXIT_PROBLEMS, print_json, print_problems
from leitai.scoring import checking, evaluating, showing_figures
from leitai.scoring.evaluating import Target
from leitai.scoring.parts import Parts
from leitai.scoring.showing_checks import EXIT_NO_SANDBOX
from leitai.scoring.work import Result, ScoringTrouble
from leitai.submissions import messages
from sandbox.job import SandboxUnavailable


class NoSandbox(Exception):
    """Programs have to run, and there is no sandbox here; the text says what is missing."""


def run(path: Path, file: Path, wire: Callable[[], Parts], *, as_json: bool, **chosen: Any) -> int:
    """Score ``file`` with what ``path`` offers. Returns the exit code."""
    try:
        target = evaluating.find(path, db.now(), **chosen)
        result = _result(target, file, wire)
    except BundleError as error:
        print_problems(error.problems, as_json=as_json)
        return EXIT_PROBLEMS
    except NoSandbox as error:
        return _fail(str(error), EXIT_NO_SANDBOX)
    except (ScoringTrouble, SandboxUnavailable) as error:
        return _fail(f"The file could not be scored, and is not to blame: {error}", EXIT_PROBLEMS)
    if as_json:
        print_json(_plain(target, result))
    else:
        _print(target, result)
    return EXIT_PROBLEMS if result.state == "rejected" else 0


def _result(target: Target, file: Path, wire: Callable[[], Parts]) -> Result:
    if not target.needs_sandbox:
        return evaluating.evaluate(target, file)
    if target.bundle is None or target.task is None or target.phase is None:
        raise NoSandbox("This task is scored by a program: hand the file in to have it scored.")
    parts = wire()
    if why := checking.unready(parts):
        raise NoSandbox(why)
    return checking.try_file(target.bundle, target.task.spec, target.phase, file, parts)


def _fail(text: str, code: int) -> int:
    Console(stderr=True, highlight=False).print(Text(text, style="bold red"), soft_wrap=True)
    return code


def _plain(target: Target, result: Result) -> dict[str, Any]:
    return {
        "against": target.name,
        "state": result.state,
        "public": result.public,
        "private": result.private,
        "code": result.code,
        "text": _text(result),
        "stdout": result.output.stdout,
        "stderr": result.output.stderr,
        "figures": list(result.figures),
        "notes": _notes(result),
    }


def _notes(result: Result) -> str:
    """What organizers hear of a program's scores and figures that were left out."""
    return str(result.stages[-1].get("detail", "")) if result.stages and result.state == "scored" else ""


def _text(result: Result) -> str:
    return messages.text(result.code, result.params) if result.code else ""


def _print(target: Target, result: Result) -> None:
    console = Console(highlight=False)
    if result.state == "rejected":
        console.print(Text(f"{target.name}: rejected ({result.code})", style="bold red"), soft_wrap=True)
        console.print(Text(_text(result)), soft_wrap=True)
        for name, written in (("stdout", result.output.stdout), ("stderr", result.output.stderr)):
            if written:
                console.print(Text(f"{name}:", style="bold"))
                console.print(Text(written), soft_wrap=True)
        return
    table = Table(title=Text(target.name, style="bold"), title_justify="left", box=None, pad_edge=False)
    table.add_column("Score")
    for split in ("Public", "Private"):
        table.add_column(split, justify="right")
    table.add_column("Better")
    for score in evaluators.columns(target.evaluation):
        if score.name not in result.public:
            continue  # made on the board, or of what is measured where a program runs
        values = (result.public[score.name], result.private[score.name])
        table.add_row(Text(score.name), *(f"{value:.6g}" for value in values), score.direction)
    console.print(table)
    showing_figures.show(console, result.figures)
    if notes := _notes(result):
        console.print(Text(notes), soft_wrap=True)
