"""Tables within another file: gzip, a zip with one table, NPZ. What comes out is bounded while it comes."""

import gzip
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import IO

import polars as pl

from evaluators.errors import Rejected, shown
from evaluators.formats import PACKED, SUFFIXES, suffix
from evaluators.tables import array_files
from evaluators.tables.limits import Wanted, check_columns
from evaluators.tables.sources import Source

_ENCRYPTED = 0x1
_NAMED = 10
# Other methods may ask for gigabytes before they give a byte.
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_AT_ONCE = 64 * 1024
# A table of contents of some thousand members, and the longest comment behind it.
_MOST_AT_ONCE = 4 * _AT_ONCE
_SINGLE = tuple(end for end in SUFFIXES if end not in (*PACKED, ".npz"))
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError, IndexError,
)  # fmt: skip


def unpacked(kind: str, source: Source, wanted: Wanted) -> tuple[str, Source]:
    """The one table within, after its format.

    Raises:
        Rejected: unreadable, wrong_format, too_large.
    """
    if kind != ".zip":
        with _undamaged(), source.stream() as stream, gzip.GzipFile(fileobj=stream) as packed:
            return kind.removesuffix(".gz"), Source(_Unpacking(source, wanted).all_of(packed))
    with _undamaged(), source.stream() as stream, zipfile.ZipFile(_InParts(stream)) as archive:
        member = _only_member(archive)
        with _opened(archive, member) as packed:
            return suffix(member.filename), Source(_Unpacking(source, wanted).all_of(packed))


def taken_out(kind: str, source: Source, wanted: Wanted, name: str) -> tuple[str, Source]:
    """The table of this name in a zip that holds several, after its format.

    Raises:
        Rejected: wrong_format, missing_table, unreadable, too_large.
    """
    if kind != ".zip":
        raise Rejected("wrong_format", suffix=shown([kind])[0])
    with (
        _undamaged(),
        source.stream() as stream,
        zipfile.ZipFile(_InParts(stream)) as archive,
        _opened(archive, _named_member(archive, name)) as packed,
    ):
        return suffix(name), Source(_Unpacking(source, wanted).all_of(packed))


def read_arrays(source: Source, wanted: Wanted) -> Mapping[str, pl.Series]:
    """The wanted columns of an NPZ, each an array of one dimension.

    Raises:
        Rejected: unreadable, missing_columns, too_large, too_many_rows.
    """
    unpacking, columns = _Unpacking(source, wanted), dict[str, pl.Series]()
    with _undamaged(), source.stream() as stream, zipfile.ZipFile(_InParts(stream)) as archive:
        members = [member for member in archive.infolist() if member.filename.endswith(".npy")]
        found = [member.filename.removesuffix(".npy") for member in members]
        without_ids = wanted.row_order and wanted.columns[0] not in found
        names = wanted.columns[1:] if without_ids else wanted.columns
        check_columns(names, found)
        for name in names:
            with _opened(archive, members[found.index(name)]) as packed:
                array = array_files.values(unpacking.all_of(packed), wanted)
            columns[name] = array_files.column(name, array)
    if len({len(column) for column in columns.values()}) > 1:
        lengths = ", ".join(shown(f"{name} {len(column)}" for name, column in columns.items()))
        raise Rejected("unreadable", problem=f"its arrays differ in length: {lengths}")
    return columns


class _Unpacking:
    """Counts what comes out of one file."""

    def __init__(self, source: Source, wanted: Wanted) -> None:
        self._packed, self._wanted, self._size = len(source.content), wanted, 0

    def all_of(self, packed: IO[bytes] | gzip.GzipFile) -> bytes:
        """Everything, unless it is too much."""
        return b"".join(self._parts(packed))

    def _parts(self, packed: IO[bytes] | gzip.GzipFile) -> Iterator[bytes]:
        while part := packed.read(_AT_ONCE):
            self._size += len(part)
            self._wanted.check_size(self._size, self._packed)
            yield part


class _InParts:
    """A file of which nobody reads much at once: of a zip the table of contents is read whole."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.seek, self.tell, self.seekable = stream.seek, stream.tell, stream.seekable

    def read(self, size: int = -1) -> bytes:
        """As much as was asked for, if that is not too much."""
        found = self._stream.read(_MOST_AT_ONCE if size < 0 else min(size, _MOST_AT_ONCE))
        if len(found) == _MOST_AT_ONCE:
            raise Rejected("unreadable", problem="it holds too many files; pack the table alone")
        return found


@contextmanager
def _undamaged() -> Iterator[None]:
    """Raises Rejected: unreadable, for whatever the libraries find in a damaged file."""
    try:
        yield
    except _DAMAGED:
        raise Rejected("unreadable", problem="it is not a whole packed file") from None


def _only_member(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """The table, beside which systems may have put what nobody sees."""
    members = [
        member
        for member in archive.infolist()
        if not member.is_dir()
        and not PurePosixPath(member.filename).name.startswith(".")
        and not member.filename.startswith("__MACOSX/")
    ]
    if len(members) != 1:
        raise Rejected("unreadable", problem=f"it holds {len(members)} files; pack the table alone")
    if suffix(members[0].filename) not in _SINGLE:
        raise Rejected("wrong_format", suffix=shown([f"{suffix(members[0].filename)} in a zip"])[0])
    return members[0]


def _named_member(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    """The one at the top: names with folders before them are other files."""
    members = [member for member in archive.infolist() if member.filename == name]
    if not members:
        raise Rejected("missing_table", found=shown(archive.namelist(), _NAMED))
    if len(members) > 1:
        raise Rejected("unreadable", problem="it stands twice in the zip")
    if stat.S_ISLNK(members[0].external_attr >> 16):
        raise Rejected("unreadable", problem="it is a link")
    return members[0]


def _opened(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> IO[bytes]:
    if member.flag_bits & _ENCRYPTED:
        raise Rejected("unreadable", problem="it is encrypted; pack it without a password")
    if member.compress_type not in _METHODS:
        raise Rejected("unreadable", problem="it is packed by an unusual method; use deflate")
    return archive.open(member)
