"""Fetching the packages that hold the data, by hash, with the registry client that the machine has set up."""

import hashlib
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

SOURCES = Path(__file__).parent.parent / "sources"
PLATFORM = ["--only-binary=:all:", "--python-version=3.11", "--platform=manylinux_2_28_x86_64"]


def fetch(downloads: Path, tell: Callable[[str], None]) -> None:
    """Have every package of ``sources/`` in ``downloads``; what is there with its hash is not fetched again.

    Raises:
        subprocess.CalledProcessError: the package client could not; it has said why.
    """
    downloads.mkdir(parents=True, exist_ok=True)
    for name, options in (("wheels.txt", PLATFORM), ("archives.txt", [])):
        if missing := wanted_digests(SOURCES / name) - digests(downloads):
            tell(f"fetching {len(missing)} packages of examples/sources/{name}")
            _download(SOURCES / name, options, downloads)


def wanted_digests(requirements: Path) -> set[str]:
    """The SHA-256 digests that a requirements file pins."""
    return set(re.findall(r"--hash=sha256:([0-9a-f]{64})", requirements.read_text()))


def digests(folder: Path) -> set[str]:
    """The SHA-256 digests of the files in a folder."""
    return {hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir() if path.is_file()}


def _download(requirements: Path, options: list[str], downloads: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet"]
    pinned = ["--no-deps", "--require-hashes", "-r", str(requirements), "-d", str(downloads)]
    subprocess.run([*pip, *pinned, *options], check=True)
