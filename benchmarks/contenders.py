"""What is timed on the same tables, each in a process of its own that has imported all it needs."""

import json
import math
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.tables import Tables

PROGRAMS = Path(__file__).parent / "evaluator_programs"
CLOSE = 1e-9


class ContenderError(Exception):
    """A program failed, or two of them do not give the same score; the text says which."""


@dataclass(frozen=True)
class Took:
    """Seconds, and the most memory that the process ever had, in bytes."""

    seconds: float
    peak: int = 0


@dataclass
class Contenders:
    """Those of one metric; ``warm`` asks an interpreter that has the reference prepared."""

    tables: Tables
    bare: Path
    warm: Callable[..., dict[str, Any]]

    def alone(self) -> Took:
        """Polars reads the predictions, and nothing is done with them."""
        return _took(_told([sys.executable, PROGRAMS / "alone.py", self.tables.submission]))

    def script(self) -> tuple[Took, Took]:
        """The usual script: in all, and without reading the reference."""
        told = _told(
            [
                self.bare,
                PROGRAMS / "script.py",
                self.tables.metric,
                self.tables.reference,
                self.tables.submission,
            ]
        )
        self._scores = told["scores"]
        return _took(told), Took(told["without_reference"], told["peak"])

    def prepared(self, *, intervals: bool = False) -> Took:
        """Ours, as a warm scorer does it: a fork of a process that has the reference."""
        return self._checked(self.warm(str(self.tables.submission), intervals))

    def cold(self) -> Took:
        """Ours, with the reference read too."""
        folder = self.tables.reference.parent
        words: list[str | Path] = [PROGRAMS / "ours.py", self.tables.specification, folder]
        words += ["--cold", self.tables.submission]
        return self._checked(_told([sys.executable, *words]))

    def _checked(self, told: dict[str, Any]) -> Took:
        for split, scores in told["scores"].items():
            own, other = scores[self.tables.metric], self._scores[split]
            if not math.isclose(own, other, rel_tol=CLOSE):
                raise ContenderError(f"{self.tables.metric} of {split} is {own}, and the script says {other}")
        return _took(told)


@contextmanager
def contenders(tables: Tables, bare: Path) -> Iterator[Contenders]:
    """The reference is prepared before the first of them is asked."""
    with scorer("ours.py", tables) as warm:
        yield Contenders(tables, bare, warm)


@contextmanager
def scorer(program: str, tables: Tables) -> Iterator[Callable[..., dict[str, Any]]]:
    """An interpreter with the reference prepared, and what has it score: it is given words, and tells."""
    command: list[str | Path] = [sys.executable, PROGRAMS / program, tables.specification]
    command.append(tables.reference.parent)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as started:
        told, asked = started.stdout, started.stdin
        assert told and asked  # noqa: PT018 both are pipes
        told.readline()

        def ask(*words: Any) -> dict[str, Any]:
            asked.write(json.dumps(words) + "\n")
            asked.flush()
            found: dict[str, Any] = json.loads(told.readline())
            return found

        yield ask
        asked.close()


def _took(told: dict[str, Any]) -> Took:
    return Took(told["seconds"], told.get("peak", 0))


def _told(command: Sequence[str | Path]) -> dict[str, Any]:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    if done.returncode:
        raise ContenderError(f"{command[1]} failed:\n{done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found
