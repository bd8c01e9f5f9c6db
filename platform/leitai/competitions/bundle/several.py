"""References of tasks whose submissions hold several tables: a folder with one table for each."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from evaluators.formats import stem
from leitai.competitions.bundle import reference


def faults(folder: Path, evaluation: dict[str, Any]) -> Iterable[reference.Fault]:
    """Everything that would keep this folder from being a reference."""
    if not folder.is_dir():
        remedy = "Name a folder with one table for each of evaluation.files, by its name."
        yield reference.Fault("is no folder.", remedy)
        return
    tables = {stem(path.name): path for path in sorted(folder.iterdir()) if path.is_file()}
    for name, own in evaluation["files"].items():
        path = tables.get(stem(name))
        if path is None:
            remedy = f"Add {stem(name)}.csv, or {stem(name)}.jsonl."
            yield reference.Fault(f"has no table for {name}.", remedy)
            continue
        for fault in reference.faults(path, compared(own)):
            yield reference.Fault(f"with its table {path.name} {fault.problem}", fault.remedy)


def compared(own: dict[str, Any]) -> dict[str, Any]:
    """Without what is made of other scores, which may be those of other files."""
    return {**own, "metrics": [metric for metric in own["metrics"] if "combine" not in metric]}
