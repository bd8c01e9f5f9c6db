"""What `docker save` writes, brought to an engine without the names in it: they could be those of our images.

Only the parts that the manifest of the one image names are passed on.
"""

import gzip
import json
import posixpath
import re
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from sandbox import tar_stream
from sandbox.errors import ImageError

MANIFEST = "manifest.json"
MEMBERS = 2000
MOST_TEXT = 4_000_000
GZIP = b"\x1f\x8b"
PLAIN = re.compile(r"[\w.][\w.-]*(?:/[\w.-]+)*", re.ASCII)
REMEDY = "Save one image: docker save NAME -o FILE"
# What our own images and those built on them carry.
TASK_LABEL = "leitai.task"
OUR_LABELS = {(f"leitai.{key}", name) for key in ("build", "image") for name in ("runtime", "scorer")}
BROKEN = (tarfile.TarError, EOFError, OSError, ValueError, RecursionError)


@dataclass(frozen=True)
class Saved:
    """The one image of an archive: members that hold its configuration and its layers, lowest first."""

    config: str
    layers: tuple[str, ...]
    settings: dict[str, Any]


def read(path: Path, most_bytes: int) -> Saved:
    """Look through a whole archive.

    Raises:
        ImageError: it is not what `docker save` writes of one image, or unpacks to more than ``most_bytes``.
    """
    try:
        with _opened(path) as archive:
            return _Looking(archive, most_bytes).saved()
    except BROKEN as error:
        raise ImageError(f"The archive cannot be read: {type(error).__name__}. {REMEDY}") from None


def settings_fault(settings: Mapping[str, Any]) -> str:
    """Why containers of an image with this configuration would not be ours to bound; empty when they are."""
    if settings.get("Volumes"):
        return "The image declares a VOLUME, which would be space without a limit. Make it without."
    for name, value in (settings.get("Labels") or {}).items():
        if name.startswith("leitai.") and (name, value) not in OUR_LABELS and name != TASK_LABEL:
            return f"The image has the label {name}, and labels beginning with leitai. are ours. Remove it."
    return ""


def untagged(path: Path, saved: Saved) -> Iterator[bytes]:
    """The same image as an archive that names nothing.

    Raises:
        ImageError: the archive cannot be read.
    """
    wanted = {saved.config, *saved.layers}
    try:
        with _opened(path) as archive:
            for member in archive:
                content = archive.extractfile(member) if _name(member) in wanted else None
                if content is not None:
                    yield from tar_stream.member(_name(member), member.size, tar_stream.chunks(content))
    except BROKEN as error:
        raise ImageError(f"The archive cannot be read: {type(error).__name__}. {REMEDY}") from None
    entry = {"Config": saved.config, "RepoTags": None, "Layers": list(saved.layers)}
    text = json.dumps([entry]).encode()
    yield from tar_stream.member(MANIFEST, len(text), [text])
    yield tar_stream.END


class _Careful:
    """A file of which nothing can be made to read much at once."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int) -> bytes:
        """As many bytes as were asked for."""
        if not 0 <= size <= MOST_TEXT:
            raise ValueError(size)
        return self._file.read(size)


@contextmanager
def _opened(path: Path) -> Iterator[tarfile.TarFile]:
    with path.open("rb") as raw:
        packed = raw.read(len(GZIP)) == GZIP
        raw.seek(0)
        file: Any = _Careful(gzip.GzipFile(fileobj=raw) if packed else raw)  # type: ignore[arg-type]  # read alone
        with tarfile.open(fileobj=file, mode="r:") as archive:
            yield archive


def _name(member: tarfile.TarInfo) -> str:
    return member.name.removeprefix("./")


class _Looking:
    def __init__(self, archive: tarfile.TarFile, most_bytes: int) -> None:
        self.archive, self.most_bytes = archive, most_bytes
        self.files: dict[str, int] = {}
        self.links: dict[str, str] = {}
        self.texts: dict[str, Any] = {}
        self.text_left = 4 * MOST_TEXT

    def saved(self) -> Saved:
        for count, member in enumerate(self.archive, start=1):
            if count > MEMBERS:
                raise ImageError(f"The archive has more than {MEMBERS} members. {REMEDY}")
            if member.offset_data + member.size > self.most_bytes:
                most = f"{self.most_bytes:,}"
                raise ImageError(f"The archive unpacks to more than {most} bytes. Make the image smaller.")
            self._look(member)
        entry = self._entry()
        settings = self.texts.get(entry["Config"])
        layers = tuple(self._layer(name) for name in entry["Layers"])
        if not isinstance(settings, dict):
            raise ImageError(f"The archive lacks the configuration of its image. {REMEDY}")
        return Saved(entry["Config"], layers, settings)

    def _look(self, member: tarfile.TarInfo) -> None:
        name = _name(member)
        if not PLAIN.fullmatch(name) or ".." in name.split("/"):
            if member.isdir() and name in {"", "."}:
                return
            raise ImageError(f"The archive has a member {name[:80]!r}, which no image has. {REMEDY}")
        if name in self.files or name in self.links:
            raise ImageError(f"The archive holds {name[:80]!r} twice. {REMEDY}")
        if member.issym():
            # A layer that the image has twice is saved once.
            self.links[name] = posixpath.normpath(f"{posixpath.dirname(name)}/{member.linkname}")
        elif member.type in (tarfile.REGTYPE, tarfile.AREGTYPE) and member.sparse is None:
            self.files[name] = member.size
            self._keep_text(name, member)
        elif not member.isdir():
            raise ImageError(f"The archive has a link or a special file {name[:80]!r}. {REMEDY}")

    def _keep_text(self, name: str, member: tarfile.TarInfo) -> None:
        """Small JSON files: the manifest may come last, and only then is it known which one counts."""
        file = self.archive.extractfile(member)
        if file is None or member.size > min(MOST_TEXT, self.text_left) or file.read(1) not in (b"{", b"["):
            return
        self.text_left -= member.size
        file.seek(0)
        try:
            self.texts[name] = json.loads(file.read(member.size))
        except ValueError:
            return

    def _entry(self) -> dict[str, Any]:
        manifest = self.texts.get(MANIFEST)
        if not isinstance(manifest, list):
            raise ImageError(f"The archive has no {MANIFEST}. {REMEDY}")
        if len(manifest) != 1:
            raise ImageError(f"The archive holds {len(manifest)} images. {REMEDY}")
        [entry] = manifest
        layers = entry.get("Layers") if isinstance(entry, dict) else None
        names = [entry.get("Config"), *layers] if isinstance(layers, list) else [None]
        if not all(isinstance(name, str) for name in names):
            raise ImageError(f"The {MANIFEST} of the archive cannot be understood. {REMEDY}")
        return entry  # type: ignore[no-any-return]  # a mapping, as was just seen

    def _layer(self, name: str) -> str:
        found = self.links.get(name, name)
        if found not in self.files:
            raise ImageError(f"The archive lacks the layer {name[:80]!r}. {REMEDY}")
        return found
