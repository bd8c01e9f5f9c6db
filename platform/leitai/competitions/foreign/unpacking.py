"""What came from elsewhere, as a folder of plain files: bounded, without links, whoever packed it."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from pydantic_core import PydanticCustomError

from leitai.competitions.bundle.files import files_below, resolve
from leitai.competitions.foreign.report import refused
from sandbox.inside.unpacking import Refused, unpack

# Of everything together, however often archives hold archives.
MOST_BYTES = 20_000_000_000


@dataclass
class Source:
    """The competition that is being taken in; archives inside it are unpacked into ``scratch``."""

    root: Path
    scratch: Path
    left: int = MOST_BYTES
    unpacked: int = 0

    def place(self, named: str, key: str) -> Path:
        """The file or folder that the competition names.

        Raises:
            BundleError: it is not there, or lies outside.
        """
        try:
            return resolve(named, self.root, self.root).path
        except PydanticCustomError as error:
            context = error.context or {}
            raise refused(str(self.root.name), key, context["problem"], context["remedy"]) from None

    def folder(self, named: str, key: str) -> Path:
        """The folder that the competition names; where it is an archive, what that holds.

        Raises:
            BundleError: it is neither, holds links, or is too large.
        """
        place = self.place(named, key)
        if place.is_file():
            return self.opened(place, key)
        check_plain(place, key)
        return place

    def opened(self, archive: Path, key: str) -> Path:
        """What an archive holds, in a new folder.

        Raises:
            BundleError: it is no archive, or a hostile or too large one.
        """
        self.unpacked += 1
        target = self.scratch / f"{self.unpacked:03}"
        target.mkdir()
        try:
            with archive.open("rb") as stream:
                unpack(stream, str(target), self.left)
        except Refused as error:
            remedy = "Pack plain files into a .zip, and name that."
            raise refused(archive.name, key, str(error), remedy) from None
        _without_macs(target)
        self.left -= sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
        return target


def _without_macs(folder: Path) -> None:
    """Leave out what a Mac adds to every archive."""
    shutil.rmtree(folder / "__MACOSX", ignore_errors=True)
    for path in [*folder.rglob("._*"), *folder.rglob(".DS_Store")]:
        if path.is_file():
            path.unlink()


def check_plain(folder: Path, key: str) -> None:
    """Raises BundleError: the folder is empty, or holds links or special files."""
    try:
        files_below(folder)
    except PydanticCustomError as error:
        context = error.context or {}
        raise refused(folder.name, key, context["problem"], context["remedy"]) from None


def source(path: Path, scratch: Path) -> Source:
    """A folder as it is, or an archive unpacked.

    Raises:
        BundleError: it cannot be used.
    """
    found = Source(path.resolve(), scratch)
    if path.is_dir():
        check_plain(path, "")
        return found
    found.root = _inner(found.opened(path, ""))
    return found


def _inner(folder: Path) -> Path:
    """Many archives hold one folder that holds everything."""
    inside = list(folder.iterdir())
    return inside[0] if len(inside) == 1 and inside[0].is_dir() else folder
