"""The worker that is attacked, the machine that is watched, and the table of what came of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import docker
import pytest

from leitai import db
from leitai.scoring.strays import installation
from leitai.settings import load_settings
from sandbox.docker_engine import DockerSandbox
from sandbox.job import Job, Outcome
from tests.leitai.conftest import forget
from tests.sandbox.hostile.attack import Attack, Ended, Ground
from tests.sandbox.hostile.machine import SECRET, Machine
from tests.sandbox.hostile.worker import Worker


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    attack: Attack
    path: str
    ended: Ended
    seconds: float

    @property
    def failed(self) -> bool:
        """Whether the attack did: its end was expected, came soon, and nothing was seen of it."""
        right = self.ended.verdict in self.attack.verdicts and not self.ended.effects
        return right and self.seconds <= self.attack.within_s

    def cells(self) -> tuple[str, ...]:
        """As the table has them."""
        effect = "; ".join(self.ended.effects)[:120] or "none"
        expected = " or ".join(self.attack.verdicts)
        said = "refused" if self.failed else "ALLOWED"
        number = f"{self.attack.item:02}"
        return (
            number,
            self.attack.name,
            self.path,
            self.ended.verdict,
            expected,
            effect,
            f"{self.seconds:.1f}",
            said,
        )


HEAD = ("item", "attack", "path", "verdict", "expected", "effect", "s", "")
ROWS = pytest.StashKey[list[Row]]()


@pytest.fixture(scope="session")
def table(request: pytest.FixtureRequest) -> list[Row]:
    """Filled by the tests, printed at the end."""
    rows: list[Row] = []
    request.config.stash[ROWS] = rows
    return rows


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config
) -> None:
    rows = config.stash.get(ROWS, [])
    if not rows:
        return
    cells = [HEAD, *(row.cells() for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    terminalreporter.section("attacks")
    for row in cells:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        terminalreporter.write_line(line.rstrip())
    refused = sum(row.failed for row in rows)
    terminalreporter.write_line(
        f"{refused} of {len(rows)} refused, in {sum(row.seconds for row in rows):.0f} s"
    )


@pytest.fixture(scope="module")
def worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    """One worker with a database and a store of its own, for all attacks."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DATABASE_URL", "REDIS_URL", "ARTEFACTS_URL", "CONFIG"):
            patch.delenv(f"LEITAI_{name}", raising=False)
        patch.setenv("LEITAI_DATA_DIR", str(tmp_path_factory.mktemp("worker")))
        patch.setenv("LEITAI_ATTACKED", SECRET)
        forget()
        db.migrate()
        found = Worker(load_settings())
        yield found
        found.parts.sandbox.drain()
    forget()


@pytest.fixture(scope="module")
def owner(worker: Worker) -> str:
    return installation(load_settings())


@pytest.fixture(scope="module")
def sandbox(worker: Worker) -> DockerSandbox:
    """The worker's own."""
    assert isinstance(worker.parts.sandbox, DockerSandbox)
    return worker.parts.sandbox


@pytest.fixture(scope="module")
def machine(engine: docker.DockerClient) -> Iterator[Machine]:
    found = Machine(engine)
    assert found.can_be_heard()
    yield found
    found.close()


@pytest.fixture
def ground(
    path: str,
    sandbox: DockerSandbox,
    job: Callable[..., Job],
    run: Callable[..., Outcome],
    worker: Worker,
    machine: Machine,
    tmp_path: Path,
) -> Ground:
    return Ground(path, sandbox, job, run, worker, machine, tmp_path)
