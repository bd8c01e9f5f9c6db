"""The bare machine: a program typed at its prompt, with exactly the packages that the runtime image has."""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from ctypes.util import find_library
from pathlib import Path

from benchmarks.rows import OUT
from sandbox import packages
from sandbox.images import DOWNLOADS, RECIPES

PYTHON = f"python{packages.PYTHON}"
OPENMP = "openmp"


class BareError(Exception):
    """The comparison cannot be made on this machine; the text says why."""


def python(tell: Callable[[str], None]) -> Path:
    """The interpreter of an environment that is kept from run to run, until the image's packages change.

    Raises:
        BareError: there is no Python of the image's version, or the packages do not install.
    """
    lock = RECIPES / "runtime.txt"
    folder = OUT / f"python-{hashlib.sha256(lock.read_bytes()).hexdigest()[:12]}"
    if not (folder / "complete").exists():
        tell("preparing the bare machine's Python")
        wheels = packages.fetch(lock, DOWNLOADS / "runtime", tell)
        _make(folder, wheels)
        _share_openmp(folder)
        (folder / "complete").touch()
    return folder / "bin" / "python"


def _make(folder: Path, wheels: list[Path]) -> None:
    found = sys.executable if sys.version_info[:2] == (3, 11) else shutil.which(PYTHON)
    if not found:
        raise BareError(f"The image has Python {packages.PYTHON}. Install {PYTHON} here too, to compare.")
    shutil.rmtree(folder, ignore_errors=True)
    making = [found, "-m", venv.__name__, str(folder)]
    pip = [str(folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    for command in (making, [*pip, "--no-index", "--no-deps", "--compile", *map(str, wheels)]):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise BareError(f"The bare machine's Python could not be made:\n{done.stderr[-2000:]}")


def _share_openmp(folder: Path) -> None:
    """Where the system has no OpenMP, lightgbm is given scikit-learn's, as in the image."""
    libraries = folder / "lib" / PYTHON / "site-packages" / "scikit_learn.libs"
    (folder / OPENMP).mkdir()
    if not find_library("gomp"):
        for openmp in libraries.glob("libgomp*.so*"):
            (folder / OPENMP / "libgomp.so.1").symlink_to(openmp)


def run(python: Path, program: Path, source: Path, target: Path) -> None:
    """One run, as somebody would type it: `python predict.py INPUT OUTPUT`.

    Raises:
        BareError: it failed.
    """
    command = [str(python), "predict.py", str(source), str(target)]
    env = dict(os.environ, LD_LIBRARY_PATH=str(python.parent.parent / OPENMP))
    done = subprocess.run(command, cwd=program, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BareError(f"{program.name} fails on the bare machine:\n{done.stderr[-2000:]}")
