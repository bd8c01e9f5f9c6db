"""Archives whose bytes depend on nothing but names and contents: the digest is the version."""

import io
import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from leitai.competitions.bundle.files import files_below

EPOCH = (1980, 1, 1, 0, 0, 0)
PROGRAM = "predict.py"


def write_folder_tar(folder: Path, target: IO[bytes]) -> None:
    """Every file below a folder, in the order of names, without times, owners or modes."""
    _write_tar(((str(path.relative_to(folder)), path) for path in files_below(folder)), target)


def write_file_tar(path: Path, target: IO[bytes]) -> None:
    """A tar that holds this one file."""
    _write_tar([(path.name, path)], target)


def _write_tar(members: Iterable[tuple[str, Path]], target: IO[bytes]) -> None:
    with tarfile.open(fileobj=target, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, path in members:
            member = tarfile.TarInfo(name)
            member.size = path.stat().st_size
            member.mode = 0o444
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
    remedy = f"Name a folder, or a zip, with {PROGRAM} at its top."
    if path.is_dir():
        return None if (path / PROGRAM).is_file() else (f"has no {PROGRAM}.", remedy)
    try:
        with zipfile.ZipFile(path) as archive:
            return None if PROGRAM in archive.namelist() else (f"has no {PROGRAM} at its top.", remedy)
    except (zipfile.BadZipFile, OSError):
        return "is neither a folder nor a zip.", remedy
