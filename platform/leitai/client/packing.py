"""A program's folder as the zip to hand in."""

import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from leitai.client.errors import Refused

# What a submission of code holds at its top: one of them.
PROGRAMS = ("predict.py", "run")
LEFT_OUT = {"__pycache__", "__MACOSX"}


@contextmanager
def file_to_send(path: Path, kind: str, *, program: bool = True) -> Iterator[Path]:
    """The file itself; a folder of a code task is zipped, and the zip is gone at the end.

    Code is no ``program`` where one of the organizers' loads it.

    Raises:
        Refused: it cannot be what the task takes.
    """
    if not path.is_dir():
        if kind == "code" and program:
            _require_program(path)
        yield path
        return
    if kind != "code":
        raise Refused(f"{path} is a folder, and this task takes one file of predictions.")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / f"{path.resolve().name}.zip"
        pack(path, target, program=program)
        yield target


def pack(folder: Path, target: Path, *, program: bool = True) -> None:
    """Write the files below a folder into a zip, without hidden ones and what Python compiled.

    Raises:
        Refused: no program is at its top, or a link is among the files.
    """
    if program and not any((folder / name).is_file() for name in PROGRAMS):
        calls = "python predict.py INPUT_DIR OUTPUT_DIR, or ./run INPUT_DIR OUTPUT_DIR"
        raise Refused(f"{folder} has neither predict.py nor run. The task calls: {calls}")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
        for path in files_below(folder):
            archive.write(path, path.relative_to(folder))


def files_below(folder: Path) -> Iterator[Path]:
    """Regular files, in the order of their names."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name in LEFT_OUT:
            continue
        if path.is_symlink():
            raise Refused(f"{path} is a link. Put the file itself into the folder.")
        if path.is_dir():
            yield from files_below(path)
        elif path.is_file():
            yield path


def _require_program(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError):
        wanted = " or ".join(PROGRAMS)
        raise Refused(f"{path} is no zip. Hand in a zip or a folder with {wanted} at its top.") from None
    if {*PROGRAMS}.isdisjoint(names):
        missing = f"has neither {' nor '.join(PROGRAMS)} at its top"
        raise Refused(f"{path} {missing}. Zip the files, not the folder around them.")
