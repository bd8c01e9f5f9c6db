"""Limits of what runs in a container, as bundles write them."""

from typing import Annotated

from pydantic import BaseModel, Field

from leitai.competitions.bundle.quantities import Duration, Size
from leitai.competitions.bundle.strict import STRICT
from sandbox.job import Limits

USUAL = Limits()

Wall = Annotated[Duration, Field(le=86_400)]
Cpu = Annotated[Duration, Field(le=864_000)]
Memory = Annotated[Size, Field(ge=64_000_000)]
Cpus = Annotated[float, Field(strict=False, gt=0, le=64)]
# An interpreter with its libraries' threads must fit, and a bomb must not.
Processes = Annotated[int, Field(ge=16, le=4096)]
OpenFiles = Annotated[int, Field(ge=64, le=65_536)]
OutputFiles = Annotated[int, Field(ge=1, le=100_000)]
# Kept with every run: of each of the two streams so much.
Log = Annotated[Size, Field(ge=1000, le=1_000_000)]
Work = Annotated[Size, Field(ge=1_000_000, le=1_000_000_000_000)]


class ProgramLimits(BaseModel):
    """What the program that evaluates may use, where the usual is too little or too much."""

    model_config = STRICT

    wall: Wall | None = None
    cpu: Cpu | None = None
    memory: Memory | None = None
    cpus: Cpus | None = None
    processes: Processes | None = None
    open_files: OpenFiles | None = None
    log: Log | None = None
    work: Work | None = None


class PhaseLimits(ProgramLimits):
    """The limits that a phase sets otherwise than its task."""

    output: Size | None = None
    output_files: OutputFiles | None = None
    upload: Size | None = None


class LimitsSpec(BaseModel):
    """What one run may use; sizes in bytes, times in seconds. The defaults suit small predictions."""

    model_config = STRICT

    wall: Wall = USUAL.wall_s
    cpu: Cpu | None = None
    memory: Memory = USUAL.memory_bytes
    cpus: Cpus = USUAL.cpus
    processes: Processes = USUAL.processes
    open_files: OpenFiles = USUAL.open_files
    output: Size = USUAL.output_bytes
    output_files: OutputFiles = USUAL.output_files
    log: Log = USUAL.log_bytes
    work: Work = USUAL.work_bytes
    upload: Size = 20_000_000

    @property
    def cpu_s(self) -> float:
        """Without a limit of its own, CPU time is what all CPUs could use within the wall limit."""
        return self.cpu if self.cpu is not None else self.wall * max(self.cpus, 1.0)

    def within(self, phase: PhaseLimits) -> "LimitsSpec":
        """What holds in a phase that sets some of them otherwise."""
        return self.model_copy(update=phase.model_dump(exclude_none=True))
