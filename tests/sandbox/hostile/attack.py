"""What an attack is: something handed in, the ways in which it may end, and what must not come of it.

The numbers are those of the list of attacks that a competition platform meets.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.docker_engine import DockerSandbox
from sandbox.job import Job, Outcome, Verdict
from tests.sandbox.hostile.machine import Machine
from tests.sandbox.hostile.worker import Worker

OK, ERROR = Verdict.OK.value, Verdict.RUNTIME_ERROR.value
TIME, MEMORY, OUTPUT = Verdict.TIME_LIMIT.value, Verdict.MEMORY_LIMIT.value, Verdict.OUTPUT_LIMIT.value
INVALID, ARCHIVE = Verdict.INVALID_OUTPUT.value, Verdict.REFUSED_ARCHIVE.value
# Of the portal, which takes nothing in.
REFUSED = "refused"
SCORED = "scored"
FAST = {"wall_s": 1.2, "cpu_s": 1.2}
PATHS = ("cold", "warm")


@dataclass(frozen=True)
class Ground:
    """Where attacks are tried: the sandbox on one path, a worker with a database, and this machine."""

    path: str
    sandbox: DockerSandbox
    job: Callable[..., Job]
    run: Callable[..., Outcome]
    worker: Worker
    machine: Machine
    folder: Path


@dataclass(frozen=True)
class Ended:
    """How an attack ended, and each effect that was seen of it."""

    verdict: str
    effects: tuple[str, ...] = ()


@dataclass(frozen=True)
class Attack:
    """``within_s`` is how soon it must have ended; ``paths`` are those on which it could differ."""

    item: int
    name: str
    launch: Callable[[Ground], Ended]
    verdicts: tuple[str, ...]
    within_s: float = 8.0
    paths: Sequence[str] = PATHS


Look = Callable[[Ground, Outcome], Iterable[str]]
# Said by a program that got through.
GOT = "GOT "
# A program that tries many things, and says at its end that it tried them all.
TRIES = """
import ctypes, os, sys
def attempt(name, do):
    try:
        found = do()
    except Exception:
        return
    if found is not False:
        print("GOT", name, found, flush=True)
"""
TRIED = "\nprint('tried')\n"


def nothing(ground: Ground, outcome: Outcome) -> Iterable[str]:
    """Nothing more to look at."""
    return ()


def program(
    text: str | dict[str, str | bytes], limits: dict[str, Any] | None = None, look: Look = nothing
) -> Callable[[Ground], Ended]:
    """A program that runs in the sandbox."""

    def launch(ground: Ground) -> Ended:
        outcome = ground.run(told(text, ground), limits=limits)
        return Ended(outcome.verdict.value, (*seen(outcome, ground), *look(ground, outcome)))

    return launch


def probe(text: str, limits: dict[str, Any] | None = None, look: Look = nothing) -> Callable[[Ground], Ended]:
    """A program that tries one thing after the other with ``attempt``."""

    def finished(ground: Ground, outcome: Outcome) -> Iterable[str]:
        if not outcome.stdout.endswith(b"tried\n"):
            yield f"it did not come to its end: {outcome.stderr[-300:]!r}"
        yield from look(ground, outcome)

    return program(TRIES + text + TRIED, limits, finished)


def then(
    text: str, after: str, expected: str, limits: dict[str, Any] | None = None
) -> Callable[[Ground], Ended]:
    """A program, and the next one in a container of the same shape, which must write what is expected."""

    def look(ground: Ground, _: Outcome) -> Iterable[str]:
        found = ground.run(told(after, ground), limits=limits)
        if (found.verdict, found.stdout.decode()) != (Verdict.OK, expected):
            yield f"the next program saw {found.stdout!r} {found.stderr[-300:]!r}"

    return program(text, limits, look)


def told(text: str | dict[str, str | bytes], ground: Ground) -> str | dict[str, str | bytes]:
    """A program may know what it attacks."""
    return text.replace("MACHINE", repr(ground.machine.told())) if isinstance(text, str) else text


def seen(outcome: Outcome, ground: Ground) -> Iterable[str]:
    """What every program shows of its success."""
    yield from (line for line in outcome.stdout.decode(errors="replace").splitlines() if line.startswith(GOT))
    if max(len(outcome.stdout), len(outcome.stderr)) > 64 * 1024:
        yield "its log is longer than is kept"
    if outcome.verdict != Verdict.OK and any((ground.folder / "output").iterdir()):
        yield "output was taken from a program that failed"


def archive(make: Callable[[Path], Path]) -> Callable[[Ground], Ended]:
    """An archive that is handed in as a program: the portal looks at it, then the sandbox unpacks it."""

    def launch(ground: Ground) -> Ended:
        place = make(ground.folder / "hostile.zip")
        ground.worker.look_at(place)
        outcome = ground.run(place)
        return Ended(outcome.verdict.value, tuple(seen(outcome, ground)))

    return launch
