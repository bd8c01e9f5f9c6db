"""Runs a scoring program, then computes columns of the scores that it wrote.

``python3 computed_columns.py OUTPUT COMMAND…``; it travels with the program and stands on nothing but Python.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

WAYS: dict[str, Callable[[Sequence[float]], float]] = {
    "avg": lambda values: sum(values) / len(values),
    "sum": sum,
    "min": min,
    "max": max,
}


def scores(output: Path) -> dict[str, object]:
    """What the program wrote."""
    place = output / "scores.json"
    if place.is_file():
        found = json.loads(place.read_text("utf-8-sig"))
        return found if isinstance(found, dict) else {}
    lines = (output / "scores.txt").read_text("utf-8-sig").splitlines()
    pairs = (line.partition(":") for line in lines if ":" in line)
    return {key.strip(): float(value) for key, _, value in pairs}


def main() -> int:
    """The exit code of the program, or of what is computed."""
    output, *command = sys.argv[1:]
    done = subprocess.run(command, check=False)  # noqa: S603 the command that the organizer wrote
    if done.returncode:
        return done.returncode
    found = scores(Path(output))
    settings = json.loads((Path(__file__).parent / "leitai_columns.json").read_text("utf-8"))
    for key, column in settings["columns"].items():
        values = [float(str(found[name])) for name in column["of"] if name in found]
        if len(values) == len(column["of"]):
            found[key] = WAYS[column["computation"]](values)
    (Path(output) / "scores.json").write_text(json.dumps(found), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
