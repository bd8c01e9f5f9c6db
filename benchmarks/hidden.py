"""The hidden data of a run: rows to learn from, rows to predict, and answers. No two runs have the same."""

import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

KNOWN, ASKED, COLUMNS = 500, 1000, 8


class Hidden(NamedTuple):
    """A folder of input, and the file of answers."""

    input: Path
    reference: Path


def write(folder: Path) -> Hidden:
    """Write all of it below a folder."""
    dice, found = random.Random(), Hidden(folder / "input", folder / "reference.csv")
    found.input.mkdir(parents=True)
    weights = [dice.gauss(0, 1) for _ in range(COLUMNS)]
    rows = [[dice.gauss(0, 1) for _ in weights] for _ in range(KNOWN + ASKED)]
    answers = [
        sum(map(float.__mul__, weights, row)) + dice.gauss(0, 0.1) + 0.3 * row[0] * row[1] for row in rows
    ]
    known, names = range(KNOWN), [f"x{number}" for number in range(COLUMNS)]
    asked = range(KNOWN, KNOWN + ASKED)
    _table(found.input / "known.csv", ["id", *names, "value"], ([n, *rows[n], answers[n]] for n in known))
    _table(found.input / "asked.csv", ["id", *names], ([n, *rows[n]] for n in asked))
    _table(found.input / "ids.csv", ["id", "value"], ([n, 0.0] for n in asked))
    split = ("public", "private")
    _table(found.reference, ["id", "split", "value"], ([n, split[n % 2], answers[n]] for n in asked))
    return found


def file() -> tuple[str, bytes]:
    """What a team that knows nothing hands in, as name and bytes; each time something else."""
    dice = random.Random()
    rows = "".join(f"{n},{dice.gauss(0, 1):.6f}\n" for n in range(KNOWN, KNOWN + ASKED))
    return "predictions.csv", f"id,value\n{rows}".encode()


def _table(place: Path, names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    lines = (
        ",".join(f"{cell:.6f}" if isinstance(cell, float) else str(cell) for cell in row) for row in rows
    )
    place.write_text("\n".join([",".join(names), *lines]) + "\n")
