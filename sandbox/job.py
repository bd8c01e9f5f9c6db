"""What the sandbox is asked and what it answers: a whole job in, an outcome out.

The program's failure is a value, `Outcome`; the sandbox's own trouble is an exception, `SandboxUnavailable`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

WORK = "/job"
PROGRAM = f"{WORK}/program"
INPUT = f"{WORK}/input"
OUTPUT = f"{WORK}/output"


class SandboxUnavailable(Exception):
    """The engine, an image or a volume failed us; the job may be tried again."""


class Verdict(StrEnum):
    """How a program ended."""

    OK = "ok"
    RUNTIME_ERROR = "runtime_error"
    TIME_LIMIT = "time_limit"
    MEMORY_LIMIT = "memory_limit"
    OUTPUT_LIMIT = "output_limit"
    INVALID_OUTPUT = "invalid_output"
    REFUSED_ARCHIVE = "refused_archive"


@dataclass(frozen=True)
class Limits:
    """What one program may use: times in seconds, sizes in bytes, memory without swap."""

    wall_s: float = 60.0
    cpu_s: float = 60.0
    memory_bytes: int = 2_000_000_000
    cpus: float = 1.0
    processes: int = 128
    open_files: int = 1024
    output_bytes: int = 50_000_000
    output_files: int = 1000
    log_bytes: int = 64 * 1024
    work_bytes: int = 1_000_000_000


@dataclass(frozen=True)
class Volume:
    """Read-only data under a path of the container: a tar that the engine keeps under its digest."""

    digest: str
    mount: str
    read: Callable[[], Iterable[bytes]] = field(compare=False)


@dataclass(frozen=True)
class Shape:
    """What a container is before it knows whose program it will run: jobs of one shape may take the same one.

    ``preload`` is what an interpreter does beforehand: names of modules, or ``module:function argument …``
    that is called with texts. What cannot be preloaded is left to the program. ``lasting`` containers serve
    one job after another, each as a user of its own: for our own programs alone, never for submitted ones.
    ``alone`` runs on cores that no other program uses, for what is ranked by its speed. ``writable`` are
    folders beside ``WORK`` and /tmp that a program expects, empty at first and gone with the container.
    """

    image: str
    limits: Limits = Limits()
    volumes: tuple[Volume, ...] = ()
    preload: tuple[str, ...] = ()
    lasting: bool = False
    alone: bool = False
    writable: tuple[str, ...] = ()


@dataclass(frozen=True)
class Job:
    """One program to run in one container.

    ``program`` is an archive (zip, or tar uncompressed), unpacked at ``PROGRAM``, which is also the working
    directory; without one, ``PROGRAM`` is a volume of the shape. When the archive holds the file
    ``executable``, that is run in place of the first two words of ``command``. A command of our own may
    begin with a ``module:function`` as in ``preload``, which gives the exit code. ``inputs`` are small files
    by name, laid at ``INPUT``. What the program leaves in ``OUTPUT`` is written below ``output``, a folder
    of the caller's, when the verdict is ok.
    """

    shape: Shape
    lease: str
    program: Path | None
    command: tuple[str, ...]
    output: Path
    inputs: dict[str, Path] = field(default_factory=dict)
    executable: str = ""

    @property
    def limits(self) -> Limits:
        """What the program may use."""
        return self.shape.limits


@dataclass(frozen=True)
class Outcome:
    """How it went, measured from outside the program's reach.

    ``detail`` is one English sentence for organizers: which limit, which file, which signal. ``output_bytes``
    counts what the program left in ``OUTPUT``; ``files`` names it, relative and sorted.
    """

    verdict: Verdict
    exit_code: int | None = None
    signal: int | None = None
    wall_s: float = 0.0
    cpu_s: float = 0.0
    peak_memory_bytes: int = 0
    output_bytes: int = 0
    files: tuple[str, ...] = ()
    stdout: bytes = b""
    stderr: bytes = b""
    detail: str = ""
