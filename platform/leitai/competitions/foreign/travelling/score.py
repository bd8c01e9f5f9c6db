"""Scores a submission on Codabench by the metrics of the task: ``python3 score.py INPUT OUTPUT``.

The evaluator lies beside this file. What it needs is fetched once, where the image does not have it.
"""

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SPLITS = ("public", "private")


def main() -> int:
    """0 with scores.json written, 1 where there is nothing to score."""
    source, output = Path(sys.argv[1]), Path(sys.argv[2])
    settings = json.loads((HERE / "leitai.json").read_text("utf-8"))
    file = table(source / "res", str(settings["evaluation"].get("file", "")))
    if file is None:
        sys.stderr.write("The submission must hold one table: .csv, .parquet or .jsonl.\n")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        result = evaluated(settings, source / "ref", file, Path(folder))
    if result is None:
        return 1
    if "rejection" in result:
        told = result["rejection"]
        sys.stderr.write(f"The submission was rejected: {told['code']} {json.dumps(told['params'])}\n")
        return 1
    scores = {
        f"{split}_{number}": result["scores"][split][name]
        for split in SPLITS
        for number, name in enumerate(settings["names"])
    }
    (output / "scores.json").write_text(json.dumps(scores), "utf-8")
    return 0


def table(folder: Path, wanted: str) -> Path | None:
    """The one table among what was handed in."""
    found = [path for path in sorted(folder.rglob("*")) if path.suffix in {".csv", ".parquet", ".jsonl"}]
    named = [path for path in found if path.name == wanted] or found
    return named[0] if len(named) == 1 else None


def evaluated(settings: dict[str, Any], reference: Path, file: Path, folder: Path) -> dict[str, Any] | None:
    """What the evaluator says; None where it failed."""
    specification, out = folder / "spec.json", folder / "out.json"
    specification.write_text(json.dumps(settings["evaluation"]), "utf-8")
    command = [sys.executable, "-m", "evaluators.score"]
    command += [str(place) for place in (specification, reference, file, out)]
    paths = [str(HERE), *fetched(settings["packages"], folder)]
    done = subprocess.run(  # noqa: S603 the evaluator beside this file
        command, env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)}, check=False
    )
    if done.returncode:
        return None
    result: dict[str, Any] = json.loads(out.read_text("utf-8"))
    return result


def fetched(packages: dict[str, str], folder: Path) -> list[str]:
    """Where packages lie that the image does not have."""
    missing = [name for module, name in packages.items() if importlib.util.find_spec(module) is None]
    if not missing:
        return []
    target = str(folder / "packages")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", target, *missing]
    subprocess.run(command, check=True)  # noqa: S603 names and versions that were written at the export
    return [target]


if __name__ == "__main__":
    sys.exit(main())
