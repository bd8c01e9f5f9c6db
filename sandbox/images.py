"""The images that programs run in: built on the engine without a network, named after their recipe.

Packages are fetched on the host by hash and installed offline: the engine has to reach no registry, and a tag
stands for exactly one set of packages.
"""

import hashlib
import io
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import docker
from docker.errors import DockerException
from docker.models.containers import Container

from sandbox import base_image, packages, reaching
from sandbox.errors import ImageError

HOME = Path(__file__).resolve().parents[1]
RECIPES = HOME / "config" / "images"
DOWNLOADS = HOME / "var" / "downloads"
NAMES = ("runtime", "scorer")
# Few need them, and whoever does has them built.
ON_DEMAND = ("legacy",)
WHEELS = "/wheels"
# Imports every package once: an image whose packages do not work gets no name.
TRIAL = """
import importlib, importlib.metadata
for name in sorted(importlib.metadata.packages_distributions()):
    if name.isidentifier() and not name.startswith("_"):
        importlib.import_module(name)
"""
# A pulled base has no OpenMP, which lightgbm looks for in the system, so it is given scikit-learn's.
SHARE_OPENMP = """libraries="/usr/lib/$(uname -m)-linux-gnu"
for openmp in /usr/local/lib/python3*/*-packages/scikit_learn.libs/libgomp*.so*; do
    [ -e "$libraries/libgomp.so.1" ] || ln -s "$openmp" "$libraries/libgomp.so.1"
done
"""
# One line for each reason: offline; Debian's mark against pip; byte code made now, for the root is read-only.
INSTALL = f"""set -eu
python3 {WHEELS}/pip.whl/pip install --no-index --find-links={WHEELS} --no-deps --no-build-isolation \
    --break-system-packages --root-user-action=ignore --no-cache-dir --quiet --compile -r {WHEELS}/install.txt
{SHARE_OPENMP}python3 -B -c '{TRIAL}'
rm -rf {WHEELS} ~/.cache
"""
Tell = Callable[[str], None]


def image_tag(name: str) -> str:
    """The tag of an image as its recipe is now."""
    digest = hashlib.sha256(base_image.RECIPE.encode())
    digest.update(INSTALL.encode())
    digest.update((RECIPES / f"{name}.txt").read_bytes())
    return f"leitai-{name}:{digest.hexdigest()[:12]}"


def build(name: str, tell: Tell, host: str = "", downloads: Path = DOWNLOADS) -> str:
    """Build one image on the engine at ``host``, or at the usual place. Returns its tag.

    Raises:
        ImageError: a part could not be had or the engine failed; the text says what to do.
    """
    try:
        client = reaching.client(host, 600) if host else docker.from_env(timeout=600)
    except DockerException as error:
        raise ImageError(f"The Docker engine does not answer: {error}") from error
    try:
        base = base_image.ensure(client, tell)
        wheels = packages.fetch(RECIPES / f"{name}.txt", downloads / name, tell)
        return _install(client, base, name, wheels, tell)
    except (DockerException, OSError) as error:
        raise ImageError(f"The image {name} could not be built: {error}") from error
    finally:
        client.close()


def _install(client: docker.DockerClient, base: str, name: str, wheels: list[Path], tell: Tell) -> str:
    container = client.containers.create(
        base, ["sh", "-c", INSTALL], network_disabled=True, labels={"leitai.build": name}
    )
    try:
        tell(f"bringing {len(wheels)} packages into the container")
        with _archive(wheels) as archive:
            container.put_archive("/", archive)
        tell("installing them without a network")
        _finish(container)
        tag = image_tag(name)
        container.commit(
            *tag.split(":"), changes=['CMD ["python3"]'], conf={"Labels": {"leitai.image": name}}
        )
        return tag
    finally:
        container.remove(force=True)


def _finish(container: Container) -> None:
    container.start()
    code = container.wait()["StatusCode"]
    if code:
        words = container.logs(tail=15).decode(errors="replace")
        raise ImageError(f"The packages could not be installed (exit {code}):\n{words}")


def _archive(wheels: list[Path]) -> IO[bytes]:
    spool = tempfile.TemporaryFile()  # noqa: SIM115 whoever asked closes it
    with tarfile.open(fileobj=spool, mode="w") as archive:
        for path, name in _members(wheels):
            archive.add(path, f"{WHEELS[1:]}/{name}")
        listed = "".join(f"{WHEELS}/{path.name}\n" for path in wheels).encode()
        member = tarfile.TarInfo(f"{WHEELS[1:]}/install.txt")
        member.size = len(listed)
        archive.addfile(member, io.BytesIO(listed))
    spool.seek(0)
    return spool


def _members(wheels: list[Path]) -> Iterator[tuple[Path, str]]:
    yield packages.pip_wheel(), "pip.whl"
    for path in wheels:
        yield path, path.name
