"""Every attack on the list ends as it should, soon, and leaves nothing; afterwards the worker goes on."""

import time
from dataclasses import replace
from pathlib import Path

import docker
import pytest

from sandbox.docker_engine import DockerSandbox
from tests.sandbox.hostile.attack import PATHS, SCORED, Ground
from tests.sandbox.hostile.catalogue import ATTACKS, ITEMS
from tests.sandbox.hostile.conftest import Row
from tests.sandbox.hostile.machine import MARK, Machine
from tests.sandbox.hostile.worker import GOOD, Worker

pytestmark = pytest.mark.engine
# All of one path before the other: a warm container would be taken by a run that means to start cold.
TRIALS = [(path, number) for path in PATHS for number, attack in enumerate(ATTACKS) if path in attack.paths]


def named(trial: tuple[str, int]) -> str:
    path, number = trial
    return f"{ATTACKS[number].item:02} {ATTACKS[number].name}, {path}"


def test_every_item_is_tried() -> None:
    assert {attack.item for attack in ATTACKS} == ITEMS


@pytest.fixture
def path(request: pytest.FixtureRequest) -> str:
    return str(request.node.callspec.params["trial"][0]) if hasattr(request.node, "callspec") else "cold"


@pytest.mark.parametrize("trial", TRIALS, ids=named)
def test_the_attack_fails(ground: Ground, machine: Machine, table: list[Row], trial: tuple[str, int]) -> None:
    attack = ATTACKS[trial[1]]
    if ground.path == "warm":
        ground.worker.warm()
    (ground.folder / "output").mkdir()
    began = time.monotonic()
    ended = attack.launch(ground)
    seconds = time.monotonic() - began
    ended = replace(ended, effects=(*ended.effects, *machine.traces(), *escaped(ground.folder)))
    row = Row(attack, ground.path, ended, seconds)
    table.append(row)
    assert row.failed, row


def escaped(folder: Path) -> list[str]:
    return [f"{place} was written" for place in folder.rglob("*") if MARK in place.name]


def test_afterwards_the_same_worker_still_scores(worker: Worker) -> None:
    found = worker.code(f"open('/job/output/predictions.csv', 'w').write({GOOD!r})")
    assert (found.verdict, found.scores) == (SCORED, {"rmse": 0.0, "mae": 0.0})


def test_afterwards_nothing_is_left(
    worker: Worker, sandbox: DockerSandbox, engine: docker.DockerClient, owner: str, machine: Machine
) -> None:
    sandbox.drain()
    for kind in (f"leitai.pool={owner}", "leitai.lease"):
        found = engine.api.containers(all=True, filters={"label": kind})
        assert [row for row in found if ours(row["Labels"], owner)] == []
        volumes = engine.api.volumes(filters={"label": kind})["Volumes"] or []
        assert [row for row in volumes if ours(row["Labels"], owner)] == []
    assert machine.orphans() == []
    assert list(machine.traces()) == []
    assert list(worker.scratch.iterdir()) == []


def ours(labels: dict[str, str], owner: str) -> bool:
    """Each trial looks after its own lease; these are the worker's."""
    return labels.get("leitai.pool") == owner or labels.get("leitai.lease", "").startswith(f"{owner}.")
