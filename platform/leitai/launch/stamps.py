"""Stamps: what was done with which sources, so that a second start does only what changed."""

import hashlib
import json
from collections.abc import Callable, Iterable
from pathlib import Path


def digest(sources: Iterable[Path]) -> str:
    """One sha256 over names and bytes of the files; order does not matter."""
    sums = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sources}
    return hashlib.sha256(json.dumps(sums, sort_keys=True).encode()).hexdigest()


def once(stamp: Path, sources: Iterable[Path], results: Iterable[Path], do: Callable[[], None]) -> bool:
    """Do it unless the stamp shows these sources and every result is there. Returns whether it was done."""
    wanted = digest(sources)
    if stamp.is_file() and stamp.read_text() == wanted and all(path.exists() for path in results):
        return False
    do()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted)
    return True
