"""Problems and outcomes of a bundle, for a terminal or as JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from leitai.competitions.bundle.errors import Problem

# What was asked cannot be done with this bundle; 2 is click's own, for a wrong command line.
EXIT_PROBLEMS = 1


def print_problems(problems: Sequence[Problem], *, as_json: bool) -> None:
    """Every problem: by file, its key, what is wrong, and what to do."""
    if as_json:
        print_json({"problems": [asdict(problem) for problem in problems]})
        return
    console = Console(stderr=True, highlight=False)
    number = len(problems)
    console.print(
        Text(f"{number} problem{'' if number == 1 else 's'}: nothing was changed.", style="bold red")
    )
    for file, found in groupby(problems, key=lambda problem: problem.file):
        console.print(Text(f"\n{file}", style="bold"))
        for problem in found:
            console.print(_line(problem), soft_wrap=True)


def _line(problem: Problem) -> Text:
    return Text.assemble(
        "  ",
        (f"{problem.key}: " if problem.key else "", "cyan"),
        problem.problem,
        "\n    ",
        (problem.remedy, "dim"),
    )


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
