"""Prepares an example bundle: its committed files and the data that its tasks' prepare.py make.

python -m examples.prepare [NAME] [--downloads DIR] [--target DIR]      (standard library only)
"""

import argparse
import hashlib
import runpy
import shutil
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from examples.shaping.fetching import fetch

HERE = Path(__file__).parent
VAR = HERE.parent / "var"


def prepare(example: Path, downloads: Path, target: Path, tell: Callable[[str], None] = print) -> bool:
    """Have the bundle at ``target``; says whether anything had to be done."""
    stamp = target.with_name(f"{target.name}.stamp")
    wanted = digest([*files(example), *files(HERE / "shaping"), *files(HERE / "sources")])
    if target.is_dir() and stamp.is_file() and stamp.read_text() == wanted:
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    fetch(downloads, tell)
    staging = target.with_name(f"{target.name}.new")
    build(example, downloads, staging, tell)
    shutil.rmtree(target, ignore_errors=True)
    staging.rename(target)
    stamp.write_text(wanted)
    return True


def build(example: Path, downloads: Path, target: Path, tell: Callable[[str], None] = print) -> None:
    """Make the bundle from scratch: the same bytes each time."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(example, target, ignore=shutil.ignore_patterns("prepare.py", "__pycache__"))
    for script in sorted(example.glob("*/prepare.py")):
        tell(f"preparing {script.parent.name}")
        runpy.run_path(str(script))["prepare"](downloads, target / script.parent.name)


def files(folder: Path) -> list[Path]:
    """The files below a folder that decide what is built."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")


def digest(paths: Iterable[Path]) -> str:
    """One SHA-256 over names and contents."""
    sums = hashlib.sha256()
    for path in paths:
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        sums.update(f"{path.relative_to(HERE)}\0{content}\n".encode())
    return sums.hexdigest()


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m examples.prepare")
    parser.add_argument("name", nargs="?", default="demo", help="a folder of examples/")
    parser.add_argument("--downloads", type=Path, default=VAR / "downloads")
    parser.add_argument("--target", type=Path, help="default: var/examples/NAME")
    options = parser.parse_args()
    target = options.target or VAR / "examples" / options.name
    done = prepare(HERE / options.name, options.downloads, target)
    print(f"{target} is ready" if done else f"{target} was ready")
    return 0


if __name__ == "__main__":
    sys.exit(main())
