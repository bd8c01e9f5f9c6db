"""Several tables that a program wrote, as the zip that a team would hand in."""

import zipfile
from collections.abc import Iterable
from pathlib import Path


def pack(folder: Path, names: Iterable[str], packed: Path) -> str:
    """Put the tables of these names into one file; returns the first name that is missing, or nothing."""
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            path = folder / name
            if path.is_symlink() or not path.is_file():
                return name
            archive.write(path, name)
    return ""
