"""Codabench's command lines: what they name, and folders laid out as they expect them."""

import os
import re
import shlex
import shutil
from collections.abc import Mapping
from pathlib import Path

from evaluators.programs.results import ProgramTrouble

APP = Path("/app")
# Files up to this size are copied: a program may write where it lies.
COPIED_BYTES = 1_000_000
_NAME = re.compile(r"\$([a-z_]+)")


def arguments(command: str, places: Mapping[str, Path]) -> list[str]:
    """The words of a command with its places put in; no shell ever sees them.

    Raises:
        ProgramTrouble: it has no word, or a quotation without end.
    """
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise ProgramTrouble(f"The command cannot be taken apart: {error}.") from None
    if not words:
        raise ProgramTrouble("The program has no command.")
    return [_NAME.sub(lambda found: str(places.get(found[1], found[0])), word) for word in words]


def mirror(source: Path, target: Path, copied: int = 0) -> None:
    """The same folders with links to the files; those of at most so many bytes are copied."""
    target.mkdir(parents=True)
    if source.is_file():
        (target / source.name).symlink_to(source)
        return
    for folder, _, names in os.walk(source):
        here = target / Path(folder).relative_to(source)
        here.mkdir(exist_ok=True)
        for name in names:
            path = Path(folder, name)
            if path.stat().st_size <= copied:
                shutil.copy(path, here / name)
                (here / name).chmod(0o755)
            else:
                (here / name).symlink_to(path)
