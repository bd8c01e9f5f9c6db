"""The seam to the artefact store: bytes kept under their SHA-256, in a folder or in an S3 bucket."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, BinaryIO

from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from leitai.settings import load_settings

CHUNK = 1024 * 1024


class ArtefactTooLarge(Exception):
    """More bytes came than the limit allows; nothing was kept."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"more than {limit} bytes")
        self.limit = limit


class ArtefactMissing(Exception):
    """The store has nothing under this digest."""


@dataclass(frozen=True)
class Artefact:
    """Bytes in the store: their SHA-256 in hexadecimal digits and their number."""

    digest: str
    size: int


class ArtefactStore:
    """Content-addressed: the same bytes are kept once, and a digest never changes its meaning."""

    def __init__(self, backend: ObjectStore, spool: Path) -> None:
        self._backend = backend
        self._spool = spool
        spool.mkdir(parents=True, exist_ok=True)

    def put(self, stream: IO[bytes], limit: int) -> Artefact:
        """Keep a stream, never in memory as a whole.

        Raises:
            ArtefactTooLarge: the stream has more than ``limit`` bytes.
        """
        with tempfile.NamedTemporaryFile(dir=self._spool) as spooled:
            artefact = _copy_and_digest(stream, spooled.file, limit)
            if not self.has(artefact.digest):
                self._backend.put(_key(artefact.digest), Path(spooled.name))
        return artefact

    def has(self, digest: str) -> bool:
        """Whether the bytes are here."""
        try:
            self._backend.head(_key(digest))
        except (FileNotFoundError, BaseError):
            return False
        return True

    def chunks(self, digest: str, start: int = 0) -> Iterator[bytes]:
        """The bytes from ``start`` on, a chunk at a time; ``start`` lies before their end.

        Raises:
            ArtefactMissing: there are none.
        """
        try:
            key = _key(digest)
            result = self._backend.get(key, options={"range": {"offset": start}} if start else None)
        except FileNotFoundError:
            raise ArtefactMissing(digest) from None
        return (bytes(chunk) for chunk in result.stream(min_chunk_size=CHUNK))

    @contextmanager
    def local(self, digest: str) -> Iterator[Path]:
        """The bytes as a file of this machine, gone at the end.

        Raises:
            ArtefactMissing: there are none.
        """
        with tempfile.NamedTemporaryFile(dir=self._spool) as file:
            for chunk in self.chunks(digest):
                file.write(chunk)
            file.flush()
            yield Path(file.name)

    def reachable(self) -> bool:
        """Whether the store answers."""
        try:
            next(iter(self._backend.list(prefix="health")), None)
        except (OSError, BaseError):
            return False
        return True


def _copy_and_digest(source: IO[bytes], target: BinaryIO | IO[bytes], limit: int) -> Artefact:
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(CHUNK):
        size += len(chunk)
        if size > limit:
            raise ArtefactTooLarge(limit)
        digest.update(chunk)
        target.write(chunk)
    target.flush()
    return Artefact(digest.hexdigest(), size)


def _key(digest: str) -> str:
    return f"sha256/{digest[:2]}/{digest}"


@cache
def artefacts() -> ArtefactStore:
    """The store that the settings name."""
    settings = load_settings()
    spool = settings.path("spool")
    if settings.artefacts_url:
        return ArtefactStore(from_url(settings.artefacts_url), spool)
    return ArtefactStore(LocalStore(settings.path("artefacts"), mkdir=True), spool)
