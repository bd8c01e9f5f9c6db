"""Taking a file in: its name, light checks that cost no quota, and its bytes into the store."""

import struct
import unicodedata
import zipfile
from collections.abc import Sequence
from typing import IO

from evaluators import formats
from leitai import db
from leitai.competitions.limits import in_force
from leitai.competitions.models import Kind, Phase, Task
from leitai.competitions.stage import current_phase
from leitai.competitions.taking import SUFFIXES, suffixes, takes_programs
from leitai.errors import N_, TooLarge
from leitai.settings import load_settings
from leitai.storage import Artefact, ArtefactTooLarge, artefacts
from leitai.submissions import tables
from leitai.submissions.refusals import UnsuitableFile

# What a submission of code holds at its top: one of them.
PROGRAMS = ("predict.py", "run")
NAME_LENGTH = 200
MESSAGE_LENGTH = 200
# A table of contents of some ten thousand members; whatever reads more is after our memory.
DIRECTORY_BYTES = 2 * 1024 * 1024
ENCRYPTED = 0x1

TOO_LARGE = N_("The file is larger than the limit of %(limit)s bytes. Make it smaller and send it again.")


def upload_limit(task: Task, phases: Sequence[Phase]) -> int:
    """The most bytes that a submission to the task may have now: the phase's limit, within the settings'."""
    phase = current_phase(phases, db.now()) if phases else None
    return min(int(in_force(task, phase)["upload_bytes"]), int(load_settings().upload_limit))


def clean_line(text: str, length: int) -> str:
    """One line without control, bidirectional and unassigned characters, at most ``length`` long."""
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    return "".join(char for char in plain if unicodedata.category(char)[0] != "C")[:length].strip()


def clean_name(name: str) -> str:
    """A file's own name, without a path; a long one is shortened before its suffix.

    Raises:
        UnsuitableFile: nothing of it is left.
    """
    last = clean_line(name.replace("\\", "/").rpartition("/")[2], 4096)
    suffix = formats.suffix(last)[:20]
    if not last.strip(". "):
        raise UnsuitableFile(
            N_("The file has no name. Name it, for example predictions.csv, and send it again.")
        )
    if len(last) <= NAME_LENGTH:
        return last
    return last[: NAME_LENGTH - len(suffix)] + suffix


def check_name(kind: str, name: str, own: Sequence[str] = ()) -> None:
    """Hold the suffix to what the task asks for, which may be its own instead of that of its kind.

    Raises:
        UnsuitableFile: it is another one.
    """
    if formats.suffix(name) in (own or SUFFIXES[kind]):
        return
    if own and tuple(own) != SUFFIXES[kind]:
        text = N_("This task takes files that end in %(suffixes)s. Your file is named %(name)s.")
        raise UnsuitableFile(text, suffixes=", ".join(own), name=name)
    wanted = {
        Kind.CODE: N_(
            "This task takes code: a .zip with predict.py or run at its top. Your file is named %(name)s."
        ),
        Kind.PREDICTIONS: N_(
            "This task takes predictions as .csv, .parquet, .jsonl, .npy or .npz, or one table as .csv.gz, "
            ".jsonl.gz or .zip. Your file is named %(name)s."
        ),
    }
    raise UnsuitableFile(wanted[Kind(kind)], name=name)


def receive(task: Task, stream: IO[bytes], name: str) -> tuple[Artefact, str]:
    """Check a file lightly and keep its bytes; gives what was kept and the cleaned name.

    Raises:
        UnsuitableFile: the file cannot be what the task asks for.
        TooLarge: it has more bytes than the task takes.
    """
    name = clean_name(name)
    files = tables.wanted(task)
    if files:
        tables.check_is_zip(name, files)
    check_name(task.kind, name, suffixes(task))
    _refuse_empty(stream)
    if files:
        tables.check_tables(_members(stream), files)
        stream.seek(0)
    elif takes_programs(task):
        check_program(stream)
    elif task.kind == Kind.CODE:
        _members(stream)
        stream.seek(0)
    limit = upload_limit(task, task.phases)
    try:
        return artefacts().put(stream, limit), name
    except ArtefactTooLarge:
        raise TooLarge(TOO_LARGE, limit=f"{limit:,}") from None


def _refuse_empty(stream: IO[bytes]) -> None:
    stream.seek(0)
    if not stream.read(1):
        raise UnsuitableFile(N_("The file is empty. Check what your program wrote, and send it again."))
    stream.seek(0)


def check_program(stream: IO[bytes]) -> None:
    """Look into a zip's table of contents for a program; the sandbox does the hard checking.

    Raises:
        UnsuitableFile: it is no zip, its contents are too many, or the program is not at its top.
    """
    members = _members(stream)
    programs = [member for member in members if member.filename in PROGRAMS]
    if not programs:
        raise _without_program([member.filename for member in members])
    if any(program.flag_bits & ENCRYPTED for program in programs):
        raise UnsuitableFile(N_("The zip is encrypted. Make it again without a password."))
    stream.seek(0)


def _members(stream: IO[bytes]) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(_Bounded(stream, DIRECTORY_BYTES)) as archive:
            return archive.infolist()
    except _TooMuch:
        raise UnsuitableFile(
            N_("The zip holds too many files. Leave out what the program does not need, and send it again.")
        ) from None
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError, struct.error):
        raise UnsuitableFile(
            N_("The file is not a readable zip. Make it again, for example with: zip -r mine.zip predict.py")
        ) from None


def _without_program(names: list[str]) -> UnsuitableFile:
    own = [name for name in names if not name.startswith("__MACOSX/")]
    tops = {name.partition("/")[0] for name in own}
    found = next((name for name in PROGRAMS if len(tops) == 1 and f"{min(tops)}/{name}" in own), "")
    if found:
        return UnsuitableFile(
            N_("All files lie in the folder %(folder)s. Zip what is in it, with %(program)s at the top."),
            folder=clean_line(tops.pop(), 60),
            program=found,
        )
    return UnsuitableFile(
        N_("There is neither predict.py nor run at the top of the zip. Add one of them, or move it there.")
    )


class _TooMuch(Exception):
    """More was asked for than we read of any archive's table of contents."""


class _Bounded:
    """A file of which only so many bytes may be read."""

    def __init__(self, stream: IO[bytes], most: int) -> None:
        self._stream = stream
        self._left = most
        self.seek, self.tell = stream.seek, stream.tell
        self.seekable = stream.seekable

    def read(self, size: int = -1) -> bytes:
        """As many bytes as were asked for, if they are granted."""
        found = self._stream.read(self._left + 1 if size < 0 else min(size, self._left + 1))
        self._left -= len(found)
        if self._left < 0:
            raise _TooMuch
        return found
