"""Archives whose bytes depend on nothing but names and contents: the digest is the version."""

import io
import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from leitai.competitions.bundle.files import files_below

EPOCH = (1980, 1, 1, 0, 0, 0)
# What a submission of code holds at its top: one of them.
PROGRAMS = ("predict.py", "run")


def write_folder_tar(folder: Path, target: IO[bytes]) -> None:
    """Every file below a folder, in the order of names, without times, owners or modes."""
    _write_tar(((str(path.relative_to(folder)), path) for path in files_below(folder)), target)


def write_context_tar(folder: Path, target: IO[bytes]) -> None:
    """The same for an image to be built: files that may be executed still may be."""
    _write_tar(((str(path.relative_to(folder)), path) for path in files_below(folder)), target, modes=True)


def write_file_tar(path: Path, target: IO[bytes]) -> None:
    """A tar that holds this one file."""
    _write_tar([(path.name, path)], target)


def _write_tar(members: Iterable[tuple[str, Path]], target: IO[bytes], *, modes: bool = False) -> None:
    with tarfile.open(fileobj=target, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, path in members:
            member = tarfile.TarInfo(name)
            member.size = path.stat().st_size
            member.mode = 0o555 if modes and path.stat().st_mode & 0o100 else 0o444
            with path.open("rb") as content:
                archive.addfile(member, content)


def zipped(folder: Path) -> bytes:
    """A program's folder as the zip that a team would hand in."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in _sources(folder):
            member = zipfile.ZipInfo(str(path.relative_to(folder)), EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, path.read_bytes())
    return stream.getvalue()


def _sources(folder: Path) -> list[Path]:
    return [path for path in files_below(folder) if "__pycache__" not in path.parts]


def program_fault(path: Path) -> tuple[str, str] | None:
    """Why a folder or zip cannot be a code submission, and the remedy; None when it can."""
    wanted = " or ".join(PROGRAMS)
    remedy = f"Name a folder, or a zip, with {wanted} at its top."
    if path.is_dir():
        found = any((path / name).is_file() for name in PROGRAMS)
        return None if found else (f"has neither {' nor '.join(PROGRAMS)}.", remedy)
    try:
        with zipfile.ZipFile(path) as archive:
            found = not {*PROGRAMS}.isdisjoint(archive.namelist())
            return None if found else (f"has neither {' nor '.join(PROGRAMS)} at its top.", remedy)
    except (zipfile.BadZipFile, OSError):
        return "is neither a folder nor a zip.", remedy
