"""What a scorer works with; `leitai.worker` puts the real ones together."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from leitai.scoring.work import ImageSource, ImageTrouble
from leitai.storage import ArtefactMissing, ArtefactStore
from sandbox.job import Job, Outcome
from sandbox.keeping import Wanted
from sandbox.task_images import RETRY_S, TaskImage, TaskImageRefused


class EngineState(Protocol):
    """What the engine says of itself."""

    @property
    def answers(self) -> bool:
        """Whether it can be asked for anything."""
        ...


class Cleared(Protocol):
    """What was removed."""

    @property
    def containers(self) -> int:
        """Of dead leases."""
        ...

    @property
    def volumes(self) -> int:
        """That nobody finished filling."""
        ...


class Sandbox(Protocol):
    """A sandbox, as far as scoring uses it."""

    @property
    def engine_id(self) -> str:
        """The engine's own name for itself, which no other has.

        Raises:
            SandboxUnavailable: the engine does not answer.
        """
        ...

    def run(self, job: Job) -> Outcome:
        """Run a whole job.

        Raises:
            SandboxUnavailable: the sandbox failed, not the program.
        """
        ...

    def present(self, image: str) -> bool:
        """Whether the engine has the image."""
        ...

    def image_digest(self, image: str) -> str:
        """The image's content digest."""
        ...

    def state(self) -> EngineState:
        """How the engine is; an engine that does not answer is a state too."""
        ...

    def clear(self, leases: Container[str]) -> Cleared:
        """Remove what belongs to none of these leases."""
        ...

    def keep(self, wanted: Sequence[Wanted], busy: int = 0) -> bool:
        """Bring the warm pool one step nearer to what is wanted."""
        ...

    def let_go(self) -> None:
        """Let others have what is kept for the next run."""
        ...

    def drain(self) -> None:
        """Leave no warm container."""
        ...


class Images(Protocol):
    """The images that sponsors give for their tasks."""

    def ensure(self, image: TaskImage) -> str:
        """Have the image on the engine. Returns its tag.

        Raises:
            TaskImageRefused: submissions cannot run in it.
            SandboxUnavailable: the engine failed.
        """
        ...


@dataclass(frozen=True)
class Parts:
    """Sandbox, store and a folder for what crosses; tags of the images that predict and score.

    The ``legacy`` one is there only where an operator has built it.
    """

    sandbox: Sandbox
    store: ArtefactStore
    scratch: Path
    runtime: str
    scorer: str
    images: Images
    legacy: str = ""

    def image_for(self, image: ImageSource | None) -> str:
        """The tag of what programs of a task run in; its own image is brought to the engine if need be.

        Raises:
            ImageTrouble: the task's own image is no good, or not to be had.
            SandboxUnavailable: the engine failed.
        """
        if image is None:
            return self.runtime
        wanted = TaskImage(image.digest, image.kind, partial(self.store.chunks, image.digest))
        try:
            return self.images.ensure(wanted)
        except TaskImageRefused as error:
            raise ImageTrouble(f"The image of the task: {error}", error.wait_s) from None
        except ArtefactMissing as error:
            raise ImageTrouble(
                f"The image of the task: the artefact store has no {error}.", RETRY_S
            ) from None
