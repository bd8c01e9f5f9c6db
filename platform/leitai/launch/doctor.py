"""`leitai sandbox doctor`: the posture of the engine as a table, or as JSON."""

import json
from dataclasses import asdict

import click
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from leitai.launch.doctor_words import UNTRIED, WORDS
from leitai.launch.engine import EngineError, address, remedy
from leitai.settings import Settings
from sandbox.examining import examine
from sandbox.images import image_tag
from sandbox.job import SandboxUnavailable
from sandbox.posture import Grade, Point, posture, serious

SIGNS = {
    Grade.GOOD: ("✓", "green"),
    Grade.WEAK: ("!", "yellow"),
    Grade.SERIOUS: ("✗", "bold red"),
    Grade.UNKNOWN: ("?", "yellow"),
}


def run(settings: Settings, *, as_json: bool) -> int:
    """Print the posture. Returns the exit code: 1 where something serious is missing.

    Raises:
        EngineError: no engine answers; the text says what to do.
    """
    host, wanted = address(settings), settings.sandbox
    try:
        with Console(stderr=True).status("Looking at the engine, and into a container"):
            facts, trouble = examine(host, wanted.runtime, wanted.seccomp_profile, image_tag("runtime"))
    except SandboxUnavailable as error:
        raise EngineError(remedy(host, str(error))) from error
    points = posture(facts)
    if as_json:
        click.echo(json.dumps(_told(host, points, trouble), indent=2))
    else:
        _print(Console(highlight=False), host, points, trouble)
    return int(serious(points))


def _told(host: str, points: list[Point], trouble: str) -> dict[str, object]:
    rows = [{**asdict(point), "cost": cost(point), "remedy": way(point)} for point in points]
    return {"engine": host, "serious": serious(points), "trouble": trouble, "points": rows}


def cost(point: Point) -> str:
    """What it costs that this is missing; empty where it is there, or where nobody knows."""
    return WORDS[point.name].cost if point.grade in (Grade.WEAK, Grade.SERIOUS) else ""


def way(point: Point) -> str:
    """How to get it; empty where it is there."""
    if point.grade == Grade.UNKNOWN:
        return UNTRIED
    return "" if point.grade == Grade.GOOD else WORDS[point.name].remedy


def _print(console: Console, host: str, points: list[Point], trouble: str) -> None:
    console.print(Text(f"The engine at {host}", style="bold"), soft_wrap=True)
    if trouble:
        last = trouble.splitlines()[-1]
        console.print(Text(f"No container could be looked into: {last}", style="bold red"), soft_wrap=True)
    console.print(_table(points), "")
    for grade in (Grade.SERIOUS, Grade.WEAK):
        for point in (point for point in points if point.grade == grade):
            _explain(console, point)
    if any(point.grade == Grade.UNKNOWN for point in points):
        console.print(UNTRIED)
    console.print(_summary(points))


def _table(points: list[Point]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column()
    table.add_column("Protection", no_wrap=True)
    table.add_column("Found", overflow="fold")
    for point in points:
        sign, style = SIGNS[point.grade]
        table.add_row(Text(sign, style=style), WORDS[point.name].title, Text(point.found))
    return table


def _explain(console: Console, point: Point) -> None:
    sign, style = SIGNS[point.grade]
    console.print(Text(f"{sign} {WORDS[point.name].title}", style=style))
    for sentence in (cost(point), way(point)):
        console.print(Padding(Text(sentence), (0, 0, 0, 2)))


def _summary(points: list[Point]) -> Text:
    bad, weak = (sum(point.grade == grade for point in points) for grade in (Grade.SERIOUS, Grade.WEAK))
    text = f"\n{len(points)} points: {bad} serious, {weak} that could be better."
    return Text(text + (" Do not run submissions of strangers here." if bad else ""))
