"""Python packages for an image: fetched on the host by hash, for the image's Python and not the host's."""

import ensurepip
import re
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from sandbox.errors import ImageError

PYTHON = "3.11"
PLATFORMS = (
    "manylinux_2_28_x86_64",
    "manylinux_2_27_x86_64",
    "manylinux_2_17_x86_64",
    "manylinux2014_x86_64",
)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
PIN = re.compile(r"^[A-Za-z0-9_.-]+==", re.MULTILINE)


def fetch(lock: Path, folder: Path, tell: Callable[[str], None]) -> list[Path]:
    """Have every package of the lock in the folder, and nothing else. Returns their files.

    Raises:
        ImageError: the package client failed; its words are in the text.
    """
    folder.mkdir(parents=True, exist_ok=True)
    allowed, wanted = set(HASH.findall(lock.read_text())), len(PIN.findall(lock.read_text()))
    found = _kept(folder, allowed)
    if len(found) != wanted:
        tell(f"fetching {wanted - len(found)} of {wanted} packages")
        _download(lock, folder)
        found = _kept(folder, allowed)
    return [path if path.suffix == ".whl" else _built(path) for path in found]


def _kept(folder: Path, allowed: set[str]) -> list[Path]:
    """The files whose digest the lock knows; older ones are removed."""
    found = []
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        if sha256(path.read_bytes()).hexdigest() in allowed:
            found.append(path)
        else:
            path.unlink()
    return found


def _download(lock: Path, folder: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--no-input"]
    pinned = ["--require-hashes", "--no-deps", "--no-build-isolation", "-r", str(lock), "-d", str(folder)]
    target = [f"--python-version={PYTHON}", *(f"--platform={name}" for name in PLATFORMS)]
    done = subprocess.run([*pip, *pinned, *target], capture_output=True, text=True, check=False)
    if done.returncode:
        raise ImageError(f"The packages of {lock.name} could not be fetched:\n{done.stderr[-2000:]}")


def _built(archive: Path) -> Path:
    """The wheel of a package that comes as source alone; pure Python, for the image has no compiler."""
    folder = archive.parent / "built"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet", "--no-input"]
    options = ["--no-deps", "--no-build-isolation", "-w", str(folder), str(archive)]
    done = subprocess.run([*pip, *options], capture_output=True, text=True, check=False)
    built = sorted(folder.glob(f"{archive.name.split('-')[0]}-*-none-any.whl"))
    if done.returncode or not built:
        raise ImageError(f"No wheel could be built of {archive.name}:\n{done.stderr[-2000:]}")
    return built[-1]


def pip_wheel() -> Path:
    """The pip that comes with Python: what installs in a base that has none."""
    return next(Path(str(files(ensurepip) / "_bundled")).glob("pip-*.whl"))
