"""Small tasks to try: files written, then evaluated as the scoring container does."""

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from evaluators.reference import read_reference
from evaluators.scoring import evaluate
from evaluators.spec.task import parse

Row = dict[str, Any]


def spec(*metrics: Row, **more: Any) -> dict[str, Any]:
    """A specification with the usual names."""
    return {
        "id": "id",
        "split": "split",
        "metrics": list(metrics) or [{"metric": "mae", "target": "y"}],
    } | more


def answers(values: Sequence[Any], ids: Sequence[Any] = (), **columns: Sequence[Any]) -> list[Row]:
    """Rows of a reference: every other one public."""
    ids = ids or [f"r{number}" for number in range(len(values))]
    rows = [{"id": key, "y": value} for key, value in zip(ids, values, strict=True)]
    for number, row in enumerate(rows):
        row["split"] = "private" if number % 2 else "public"
        row |= {name: column[number] for name, column in columns.items()}
    return rows


def write_csv(path: Path, rows: Iterable[Row]) -> Path:
    rows = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_json(path: Path, rows: Iterable[Row]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def evaluated(
    folder: Path, reference: Iterable[Row], submission: Path | Iterable[Row], task: Row | None = None
) -> dict[str, Any]:
    """The result of a submission, a file or rows for a CSV."""
    hidden = folder / "reference"
    hidden.mkdir(exist_ok=True)
    write_csv(hidden / "answers.csv", reference)
    if not isinstance(submission, Path):
        submission = write_csv(folder / "predictions.csv", submission)
    parsed = parse(task or spec())
    return evaluate(parsed, read_reference(parsed, hidden), submission)


def rejected(result: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Code and params."""
    assert set(result) == {"rejection"}, result
    return result["rejection"]["code"], result["rejection"]["params"]
