"""A sandbox that answers as it is told, and remembers what it was asked."""

from collections.abc import Callable, Container
from dataclasses import dataclass, field

from sandbox.job import Job, Outcome, SandboxUnavailable, Verdict
from sandbox.task_images import TaskImage, TaskImageRefused

GOOD = (
    b'{"scores": {"public": {"rmse": 1, "mae": 2}, "private": {"rmse": 3, "mae": 4}}, "rows": {"public": 1}}'
)

ENGINE = "the engine of the test"


@dataclass(frozen=True)
class State:
    """An engine."""

    answers: bool = True
    id: str = ENGINE


@dataclass(frozen=True)
class Cleared:
    """Nothing was there to be removed."""

    containers: int = 0
    volumes: int = 0


@dataclass
class ToldImages:
    """Has every image of a task, unless it is told what is wrong with them."""

    refused: TaskImageRefused | None = None
    asked: list[TaskImage] = field(default_factory=list)

    def ensure(self, image: TaskImage) -> str:
        self.asked.append(image)
        if self.refused:
            raise self.refused
        return image.tag


@dataclass
class ToldSandbox:
    """``predictions`` is what a team's program leaves, ``verdict`` what the evaluator writes, if anything."""

    predictions: dict[str, bytes] = field(default_factory=lambda: {"predictions.csv": b"id,value\n"})
    verdict: bytes | None = GOOD
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    answers: bool = True
    images: bool = True
    breaks: bool = False
    during: Callable[[Job], None] = lambda _: None
    jobs: list[Job] = field(default_factory=list)
    cleared: list[Container[str]] = field(default_factory=list)
    drained: int = 0
    let_go_of: int = 0
    engine_id: str = ENGINE

    def run(self, job: Job) -> Outcome:
        self.jobs.append(job)
        self.during(job)
        if self.breaks:
            raise SandboxUnavailable("the engine broke")
        if job.command[1] == "predict.py":
            left = self.predictions
        else:
            left = {"scores.json": self.verdict} if self.verdict is not None else {}
        outcome = self.outcomes.get(job.shape.image, Outcome(Verdict.OK, 0, wall_s=1.0, cpu_s=0.5))
        if outcome.verdict == Verdict.OK:
            for name, content in left.items():
                (job.output / name).write_bytes(content)
        return outcome

    def present(self, image: str) -> bool:  # noqa: ARG002 as the sandbox has it
        return self.images

    def image_digest(self, image: str) -> str:
        return f"sha256:{image}"

    def state(self) -> State:
        return State(self.answers)

    def let_go(self) -> None:
        self.let_go_of += 1

    def drain(self) -> None:
        self.drained += 1

    def clear(self, leases: Container[str]) -> Cleared:
        self.cleared.append(leases)
        return Cleared()
