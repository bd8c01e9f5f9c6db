"""The base of every image: Debian 12 with Python 3.11, pulled if a registry answers, else debootstrapped."""

import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

import docker
from docker.errors import DockerException, ImageNotFound

from sandbox.errors import ImageError

PULLED = "python:3.11-slim-bookworm"
SUITE = "bookworm"
INCLUDE = "python3,libgomp1"
# What a program never needs, and what would tell one machine from another; the folders stay.
EMPTIED = (
    "usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/info", "var/cache/apt",
    "var/lib/apt/lists", "var/log", "dev", "proc", "sys", "tmp",
)  # fmt: skip
REMOVED = ("etc/machine-id", "etc/hostname", "var/lib/dbus/machine-id")
RECIPE = f"{SUITE} {INCLUDE} 1"
TAG = "leitai-base:bookworm-1"
PULL_PATIENCE_S = 20


def ensure(client: docker.DockerClient, tell: Callable[[str], None]) -> str:
    """Have the base on the engine. Returns its tag.

    Raises:
        ImageError: neither way is open; the text says what to do.
    """
    try:
        client.images.get(TAG)
    except ImageNotFound:
        if not _pull(client, tell):
            _debootstrap(client, tell)
    return TAG


def _pull(client: docker.DockerClient, tell: Callable[[str], None]) -> bool:
    tell(f"asking the engine's registry for {PULLED}")
    patience, client.api.timeout = client.api.timeout, PULL_PATIENCE_S
    try:
        client.images.pull(PULLED).tag(TAG)
    except (DockerException, OSError):
        return False
    finally:
        client.api.timeout = patience
    return True


def _debootstrap(client: docker.DockerClient, tell: Callable[[str], None]) -> None:
    if not shutil.which("debootstrap"):
        raise ImageError(
            f"No registry gives {PULLED}, and debootstrap is missing. As root: apt-get install debootstrap"
        )
    with tempfile.TemporaryDirectory(prefix="leitai-base-") as folder:
        root = Path(folder) / "root"
        tell("no registry answers, so building Debian from packages (debootstrap)")
        _run(["debootstrap", "--variant=minbase", f"--include={INCLUDE}", SUITE, str(root), *_mirror()])
        (root / "usr/bin/python").symlink_to("python3")
        tell("importing it into the engine")
        _import(client, root, Path(folder) / "base.tar")


def _run(command: list[str]) -> None:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        words = (done.stdout + done.stderr)[-1500:]
        raise ImageError(f"debootstrap failed; it needs root and Debian's packages. Its last words:\n{words}")


def _mirror() -> list[str]:
    """Where this machine gets its own Debian packages; nothing where it is no Debian."""
    apt = shutil.which("apt-get")
    if not apt:
        return []
    asked = [apt, "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", f"Codename: {SUITE}"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    return done.stdout.split()[:1]


def _import(client: docker.DockerClient, root: Path, place: Path) -> None:
    with tarfile.open(place, "w") as archive:
        archive.add(root, ".", filter=lambda member: None if _left_out(member.name) else member)
    repository, tag = TAG.split(":")
    with place.open("rb") as data:
        client.api.import_image_from_data(data, repository=repository, tag=tag)


def _left_out(name: str) -> bool:
    inside = name.removeprefix("./")
    return inside in REMOVED or any(inside.startswith(f"{folder}/") for folder in EMPTIED)
