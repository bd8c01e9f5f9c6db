"""Renews the pins: Python's with hashes, npm's with integrity; neither names the registry it was made with.

python -m leitai.launch.locks
"""

import json
import subprocess
import sys
from pathlib import Path

from leitai.launch.assets import npm_command
from leitai.settings import HOME

LOCKS = {
    "dev.txt": ["pyproject.toml", "--extra", "build", "--extra", "dev"],
    # The portal's pins are the developers' pins, or the tests would try other versions.
    "portal.txt": ["pyproject.toml", "--extra", "build", "-c", "requirements/dev.txt"],
    "node.txt": ["requirements/node.in"],
}


def lock_python(name: str, sources: list[str]) -> None:
    """Pin one requirements file."""
    uv = str(Path(sys.executable).parent / "uv")
    options = ["--quiet", "--upgrade", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url"]
    header = ["--custom-compile-command", "make locks"]
    target = ["-o", f"requirements/{name}"]
    subprocess.run([uv, "pip", "compile", *options, *header, *sources, *target], cwd=HOME, check=True)


def lock_front_end() -> None:
    """Pin the front-end packages."""
    npm = npm_command(HOME / "var", print)
    subprocess.run([*npm, "update", "--package-lock-only", "--ignore-scripts"], cwd=HOME, check=True)
    path = HOME / "package-lock.json"
    path.write_text(without_addresses(path.read_text()))


def without_addresses(lock: str) -> str:
    """The npm lock with versions and integrity alone; where a file lies is the client's own setting."""
    whole = json.loads(lock)
    for package in whole["packages"].values():
        package.pop("resolved", None)
        package.pop("funding", None)
    return json.dumps(whole, indent=2) + "\n"


def main() -> int:
    """All locks."""
    for name, sources in LOCKS.items():
        lock_python(name, sources)
    lock_front_end()
    return 0


if __name__ == "__main__":
    sys.exit(main())
