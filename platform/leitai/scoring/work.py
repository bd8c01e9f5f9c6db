"""What a worker is given, and what it brings back: plain values that need no database."""

from dataclasses import dataclass, field
from typing import Any, Literal

from leitai.competitions.models import Kind


class ScoringTrouble(Exception):
    """Something of ours failed: the evaluator, the data, the store. The team is not to blame."""

    def __init__(self, text: str, stages: tuple[dict[str, Any], ...] = ()) -> None:
        super().__init__(text)
        self.stages = stages


class ImageTrouble(ScoringTrouble):
    """The image of the task cannot be had; there is no use in asking again within ``wait_s``."""

    def __init__(self, text: str, wait_s: float) -> None:
        super().__init__(text)
        self.wait_s = wait_s


@dataclass(frozen=True)
class ImageSource:
    """The image of a task as the artefact store has it: a build context, or what `docker save` wrote."""

    digest: str
    kind: Literal["dockerfile", "archive"]


@dataclass(frozen=True)
class Work:
    """A submission and what scores it: digests of the artefact store, the evaluation, the limits in force."""

    kind: str
    digest: str
    file_name: str
    evaluation: dict[str, Any]
    limits: dict[str, Any]
    reference: str
    hidden_input: str = ""
    alone: bool = False
    image: ImageSource | None = None
    preload: tuple[str, ...] = ()
    program: str = ""
    ingestion: str = ""

    @property
    def first_stage(self) -> str:
        """What a run begins with."""
        return "predicting" if self.kind == Kind.CODE else "scoring"


@dataclass(frozen=True)
class Claim:
    """The right to score one submission while the lease lasts."""

    run_id: int
    submission_id: int
    lease: str
    attempt: int
    work: Work


@dataclass(frozen=True)
class Usage:
    """What the team's program used; for predictions, what scoring them used."""

    wall_s: float
    cpu_s: float
    peak_memory_bytes: int
    output_bytes: int


@dataclass(frozen=True)
class Output:
    """What the team's program wrote, without what drives a terminal; whole, so not for the team's eyes."""

    stdout: str = ""
    stderr: str = ""

    @property
    def size(self) -> int:
        """In bytes of UTF-8."""
        return len(self.stdout.encode()) + len(self.stderr.encode())


@dataclass(frozen=True)
class Spread:
    """How far the scores of one split could be off: intervals by name, and the packed replicates."""

    intervals: dict[str, dict[str, float]] = field(default_factory=dict)
    replicates: bytes | None = None


@dataclass(frozen=True)
class Result:
    """How it went for the team: scores of both splits, or the code of what it has to mend.

    ``stages`` is for organizers: of each container its stage, verdict, detail and use. ``figures`` tell of
    the public split alone.
    """

    state: Literal["scored", "rejected"]
    stages: tuple[dict[str, Any], ...] = ()
    usage: Usage | None = None
    code: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    output: Output = Output()
    public: dict[str, float] = field(default_factory=dict)
    private: dict[str, float] = field(default_factory=dict)
    public_spread: Spread = Spread()
    private_spread: Spread = Spread()
    figures: tuple[dict[str, Any], ...] = ()
    receipt: dict[str, Any] = field(default_factory=dict)
