"""What is ranked by its speed: one at a time, on cores that no other container uses meanwhile."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import docker
import pytest

from sandbox import alone
from sandbox.docker_engine import DockerSandbox
from sandbox.job import Job, Outcome, Verdict

pytestmark = pytest.mark.engine


@pytest.fixture
def cores(engine: docker.DockerClient) -> int:
    found = int(engine.info()["NCPU"])
    assert found > 1, "a machine with one core has none for one program alone"
    return found


def started(run: Callable[[], Outcome]) -> tuple[threading.Thread, list[Outcome]]:
    ended: list[Outcome] = []
    thread = threading.Thread(target=lambda: ended.append(run()))
    thread.start()
    return thread, ended


def cpuset(engine: docker.DockerClient, **filters: Any) -> str:
    """The cores of the one running container that the filters find, once it runs."""
    until = time.monotonic() + 20
    while not (found := engine.containers.list(filters=filters)) and time.monotonic() < until:
        time.sleep(0.02)
    return str(found[0].attrs["HostConfig"]["CpusetCpus"])


def kept(engine: docker.DockerClient, wanted: str, **filters: Any) -> bool:
    """Whether the container's cores become these."""
    until = time.monotonic() + 10
    while (found := cpuset(engine, **filters) == wanted) is False and time.monotonic() < until:
        time.sleep(0.05)
    return found


def test_it_has_the_last_core_and_all_others_are_moved_off_it(
    sandbox: DockerSandbox, engine: docker.DockerClient, job: Callable[..., Job], cores: int
) -> None:
    rest = f"0-{cores - 2}"
    beside = job("import sys, time; time.sleep(float(sys.argv[1]))", command=("python3", "predict.py", "5"))
    before, first = started(lambda: sandbox.run(beside))
    cpuset(engine, label=f"leitai.lease={beside.lease}")
    fast = replace(beside, shape=replace(beside.shape, alone=True), lease=f"{beside.lease}.alone")
    during, second = started(lambda: sandbox.run(fast))
    assert cpuset(engine, name=alone.NAME) == f"{cores - 1}-{cores - 1}"
    assert kept(engine, rest, label=f"leitai.lease={beside.lease}")
    late = replace(beside, lease=f"{beside.lease}.late", command=("python3", "predict.py", "12"))
    after, third = started(lambda: sandbox.run(late))
    assert kept(engine, rest, label=f"leitai.lease={late.lease}")
    during.join(30)
    assert kept(engine, f"0-{cores - 1}", label=f"leitai.lease={late.lease}")
    for thread in (before, after):
        thread.join(30)
    assert [one[0].verdict for one in (first, second, third)] == [Verdict.OK] * 3
    sandbox.settle()


def test_two_wait_for_each_other(
    sandbox: DockerSandbox, engine: docker.DockerClient, job: Callable[..., Job]
) -> None:
    one = job("import time; print(time.monotonic()); time.sleep(1.5); print(time.monotonic())")
    fast = replace(one, shape=replace(one.shape, alone=True))
    running = [started(lambda number=number: sandbox.run(replace(fast, lease=f"{one.lease}.{number}")))
               for number in range(2)]  # fmt: skip
    for thread, _ in running:
        thread.join(60)
    times = sorted(tuple(map(float, ended[0].stdout.split())) for _, ended in running)
    assert times[0][1] <= times[1][0]


def test_it_always_starts_cold_so_that_all_are_measured_alike(
    sandbox: DockerSandbox, job: Callable[..., Job]
) -> None:
    one = job("import sys; print('decimal' in sys.modules)")
    fast = replace(one, shape=replace(one.shape, alone=True, preload=("decimal",)))
    assert sandbox.run(fast).stdout == b"False\n"
