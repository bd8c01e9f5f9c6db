"""What every part of measuring the sandbox needs, made once for a run and cleared up after it."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import edition, portal
from benchmarks.engine import Engine
from benchmarks.sandboxed import Sandboxed
from leitai import db
from leitai.launch.engine import address
from leitai.scoring import warming
from leitai.settings import Settings
from leitai.worker import wire
from sandbox.docker_engine import DockerSandbox
from sandbox.job import Shape

WORKERS = 2


@dataclass(frozen=True)
class Bench:
    """One run: a data folder, a competition in it, an engine, and the rounds that everything is done.

    ``shapes`` are those of which a container waits while nothing is handed in; that for code is the first.
    """

    settings: Settings
    folder: Path
    engine: Engine
    sandbox: DockerSandbox
    image: str
    edition: edition.Edition
    shapes: Sequence[Shape]
    rounds: int

    @property
    def sandboxed(self) -> Sandboxed:
        """The sandbox without portal and workers."""
        return Sandboxed(self.sandbox, self.shapes[0], self.folder)

    def idle(self) -> None:
        """Wait until nothing of the last run is left, and containers wait for the next."""
        self.sandbox.settle()
        for shape in self.shapes:
            self.sandbox.warm(shape)

    def run_true(self) -> None:
        """The engine's own time for a container that does nothing."""
        self.engine.run(self.image, ["true"])


@contextmanager
def bench(rounds: int) -> Iterator[Bench]:
    """Everything but the portal and its workers, which run only while they are measured."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="leitai-bench-")))
        settings = portal.surround(str(folder), workers=WORKERS)
        engine = stack.enter_context(Engine(address(settings)))
        found = edition.build(folder / "bundle")
        stack.callback(db.engine().dispose)
        parts = wire(settings)
        assert isinstance(parts.sandbox, DockerSandbox)
        with db.reading() as session:
            shapes = [row.shape for row in warming.wanted(warming.open_phases(session), parts)]
        stack.callback(engine.remove, {volume.digest for shape in shapes for volume in shape.volumes})
        stack.callback(parts.sandbox.drain)
        shapes.sort(key=lambda shape: shape.image != parts.runtime)
        yield Bench(settings, folder, engine, parts.sandbox, parts.runtime, found, shapes, rounds)
