"""Containers that wait: claimed once, used once, shared by all who have the same owner, and never missed."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import docker
import pytest

from sandbox import docker_engine
from sandbox import pool as pools
from sandbox.docker_engine import DockerSandbox
from sandbox.job import Job, SandboxUnavailable, Shape, Verdict
from sandbox.keeping import Wanted
from tests.sandbox.pool.conftest import LIMITS, waiting

pytestmark = pytest.mark.engine
WHO = "import sys, os\nprint('json' in sys.modules, 'decimal' in sys.modules, os.getuid())"


def test_a_job_takes_a_container_that_waits_and_nobody_gets_it_again(
    sandbox: DockerSandbox, engine: docker.DockerClient, owner: str, job: Callable[..., Job], shape: Shape
) -> None:
    sandbox.warm(shape)
    (first,) = waiting(engine, owner)
    outcome = sandbox.run(replace(job(WHO), shape=shape))
    assert (outcome.verdict, outcome.stdout) == (Verdict.OK, b"True True 10001\n")
    sandbox.settle()
    assert waiting(engine, owner) == []
    with pytest.raises(docker.errors.NotFound):
        engine.api.inspect_container(first)


def test_without_one_that_waits_the_same_job_starts_cold(
    sandbox: DockerSandbox, job: Callable[..., Job], shape: Shape
) -> None:
    outcome = sandbox.run(replace(job("print(__file__)"), shape=shape))
    assert (outcome.verdict, outcome.stdout) == (Verdict.OK, b"/job/program/predict.py\n")


@pytest.mark.parametrize("end", ["kill", "remove_container"])
def test_one_that_ended_while_it_waited_is_no_reason_to_fail(
    sandbox: DockerSandbox,
    engine: docker.DockerClient,
    job: Callable[..., Job],
    shape: Shape,
    monkeypatch: pytest.MonkeyPatch,
    end: str,
) -> None:
    monkeypatch.setattr(docker_engine, "BEGIN_S", 2.0)
    sandbox.warm(shape)
    claim = sandbox._pool.claim

    def claim_and_end(wanted: Shape, lease: str) -> str:
        if found := claim(wanted, lease):
            getattr(engine.api, end)(found, **({"force": True} if end == "remove_container" else {}))
        return found

    monkeypatch.setattr(sandbox._pool, "claim", claim_and_end)
    outcome = sandbox.run(replace(job("print('cold')"), shape=shape))
    assert (outcome.verdict, outcome.stdout) == (Verdict.OK, b"cold\n")


def test_one_that_is_ended_while_the_program_runs_is_our_trouble(
    sandbox: DockerSandbox, engine: docker.DockerClient, owner: str, job: Callable[..., Job], shape: Shape
) -> None:
    sandbox.warm(shape)
    (container,) = waiting(engine, owner)
    ending = threading.Timer(1.5, engine.api.remove_container, (container,), {"force": True})
    ending.start()
    with pytest.raises(SandboxUnavailable):
        sandbox.run(replace(job("import time; time.sleep(15)"), shape=shape))


def test_of_many_who_claim_at_once_each_gets_another(
    host: str, sandbox: DockerSandbox, engine: docker.DockerClient, owner: str, shape: Shape
) -> None:
    sandbox.warm(shape, 2)
    barrier = threading.Barrier(8)

    def claim(number: int) -> str:
        own = DockerSandbox(host, owner=owner)._pool
        barrier.wait(20)
        return own.claim(shape, f"lease.{number}")

    with ThreadPoolExecutor(8) as crowd:
        got = [found for found in crowd.map(claim, range(8)) if found]
    assert sorted(got) == sorted(waiting(engine, owner))
    for container in got:
        sandbox._pool.remove(container)


def test_of_many_who_fill_at_once_nobody_makes_too_many(
    host: str, engine: docker.DockerClient, sandbox: DockerSandbox, owner: str, shape: Shape
) -> None:
    barrier = threading.Barrier(4)

    def keep(_: int) -> bool:
        own = DockerSandbox(host, owner=owner)
        barrier.wait(20)
        return own.keep([Wanted(shape, 1)], busy=-8)

    with ThreadPoolExecutor(4) as crowd:
        filled = list(crowd.map(keep, range(4)))
    assert sum(filled) == 1
    assert len(waiting(engine, owner)) == 1


def test_what_a_dead_worker_left_waiting_is_used_by_the_next(
    host: str, sandbox: DockerSandbox, owner: str, job: Callable[..., Job], shape: Shape
) -> None:
    DockerSandbox(host, owner=owner).warm(shape)
    assert sandbox.run(replace(job(WHO), shape=shape)).stdout == b"True True 10001\n"


def test_another_installation_and_another_shape_get_none(
    host: str, sandbox: DockerSandbox, shape: Shape, engine: docker.DockerClient, owner: str
) -> None:
    sandbox.warm(shape)
    assert DockerSandbox(host, owner="somebody-else")._pool.claim(shape, "x") == ""
    smaller = replace(shape, limits=replace(LIMITS, memory_bytes=300_000_000))
    assert sandbox._pool.claim(smaller, "x") == ""
    assert sandbox._pool.claim(replace(shape, preload=()), "x") == ""
    assert len(waiting(engine, owner)) == 1


def test_a_claim_of_a_lease_that_is_lost_is_cleared_with_its_container(
    sandbox: DockerSandbox, engine: docker.DockerClient, owner: str, shape: Shape
) -> None:
    sandbox.warm(shape, 2)
    taken = sandbox._pool.claim(shape, f"{owner}.lost")

    class AllBut:
        def __contains__(self, lease: object) -> bool:
            return lease != f"{owner}.lost"

    sandbox.clear(AllBut())  # type: ignore[arg-type]  # it holds leases
    assert len(waiting(engine, owner)) == 1
    assert taken not in waiting(engine, owner)


def test_a_container_whose_filler_died_is_cleared(
    sandbox: DockerSandbox,
    engine: docker.DockerClient,
    owner: str,
    shape: Shape,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sandbox.warm(shape)
    assert sandbox._pool.seize(waiting(engine, owner)[0])

    class All:
        def __contains__(self, lease: object) -> bool:
            return True

    sandbox.clear(All())  # type: ignore[arg-type]  # it holds leases
    assert len(waiting(engine, owner)) == 1
    monkeypatch.setattr(pools, "FILLING_FOR", pools.timedelta(seconds=-1))
    sandbox.clear(All())  # type: ignore[arg-type]  # it holds leases
    assert waiting(engine, owner) == []


def test_keeping_brings_the_pool_to_what_is_wanted_and_no_further(
    sandbox: DockerSandbox, engine: docker.DockerClient, owner: str, shape: Shape
) -> None:
    other = replace(shape, preload=())
    wanted = [Wanted(shape, 2), Wanted(other, 1)]
    assert [sandbox.keep(wanted, busy=-8) for _ in range(4)] == [True, True, True, False]
    assert len(waiting(engine, owner)) == 3
    assert not sandbox.keep([Wanted(other, 1)])
    assert len(waiting(engine, owner)) == 1
    assert sandbox._keeper.waiting(other) == 1


def test_nothing_is_filled_while_runs_need_every_core_or_memory_is_used_up(
    host: str, sandbox: DockerSandbox, engine: docker.DockerClient, owner: str, shape: Shape
) -> None:
    assert not sandbox.keep([Wanted(shape, 1)], busy=sandbox._cores)
    none = DockerSandbox(host, owner=owner, pool_bytes=0)
    assert not none.keep([Wanted(shape, 2)], busy=-8)
    poor = DockerSandbox(host, owner=owner, pool_bytes=21_000_000)
    assert [poor.keep([Wanted(shape, 2)], busy=-8) for _ in range(2)] == [True, False]
    assert len(waiting(engine, owner)) == 1
