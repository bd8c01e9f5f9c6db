"""Containers that wait: claimed once, used once, shared by all who have the same owner, and never missed."""

import os
import secrets
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import docker
import pytest

from sandbox import docker_engine
from sandbox import pool as pools
from sandbox.docker_engine import DockerSandbox
from sandbox.images import image_tag
from sandbox.job import Job, Limits, SandboxUnavailable, Shape, Verdict
from sandbox.keeping import Wanted

pytestmark = pytest.mark.engine
HOST = os.environ.get("DOCKER_HOST") or "unix:///var/run/docker.sock"
LIMITS = Limits(wall_s=20, cpu_s=20, memory_bytes=400_000_000, work_bytes=64_000_000)
WHO = "import sys, os\nprint('json' in sys.modules, 'decimal' in sys.modules, os.getuid())"


class Nobody:
    """No lease is held."""

    def __contains__(self, lease: object) -> bool:
        return False


@pytest.fixture
def owner(engine: docker.DockerClient) -> Iterator[str]:
    """An installation of this test's own; nothing of it may be left at the end."""
    name = f"t{secrets.token_hex(4)}"
    yield name
    found = engine.api.containers(all=True, filters={"label": f"leitai.pool={name}"})
    claims = engine.api.volumes(filters={"label": f"leitai.pool={name}"})["Volumes"] or []
    for row in found:
        engine.api.remove_container(row["Id"], force=True)
    for row in claims:
        engine.api.remove_volume(row["Name"])
    assert (found, claims) == ([], [])


@pytest.fixture
def sandbox(owner: str) -> Iterator[DockerSandbox]:
    found = DockerSandbox(HOST, owner=owner)
    yield found
    found.settle()
    found.drain()


@pytest.fixture
def shape() -> Shape:
    return Shape(image_tag("runtime"), LIMITS, preload=("decimal",))


def waiting(engine: docker.DockerClient, owner: str) -> list[str]:
    return [row["Id"] for row in engine.api.containers(filters={"label": f"leitai.pool={owner}"})]


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
        found = claim(wanted, lease)
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
    sandbox: DockerSandbox, engine: docker.DockerClient, owner: str, shape: Shape
) -> None:
    sandbox.warm(shape, 2)
    barrier = threading.Barrier(8)

    def claim(number: int) -> str:
        own = DockerSandbox(HOST, owner=owner)._pool
        barrier.wait(20)
        return own.claim(shape, f"lease.{number}")

    with ThreadPoolExecutor(8) as crowd:
        got = [found for found in crowd.map(claim, range(8)) if found]
    assert sorted(got) == sorted(waiting(engine, owner))
    for container in got:
        sandbox._pool.remove(container)


def test_of_many_who_fill_at_once_nobody_makes_too_many(
    engine: docker.DockerClient, sandbox: DockerSandbox, owner: str, shape: Shape
) -> None:
    barrier = threading.Barrier(4)

    def keep(_: int) -> bool:
        own = DockerSandbox(HOST, owner=owner)
        barrier.wait(20)
        return own.keep([Wanted(shape, 1)], busy=-8)

    with ThreadPoolExecutor(4) as crowd:
        filled = list(crowd.map(keep, range(4)))
    assert sum(filled) == 1
    assert len(waiting(engine, owner)) == 1


def test_what_a_dead_worker_left_waiting_is_used_by_the_next(
    sandbox: DockerSandbox, owner: str, job: Callable[..., Job], shape: Shape
) -> None:
    DockerSandbox(HOST, owner=owner).warm(shape)
    assert sandbox.run(replace(job(WHO), shape=shape)).stdout == b"True True 10001\n"


def test_another_installation_and_another_shape_get_none(
    sandbox: DockerSandbox, shape: Shape, engine: docker.DockerClient, owner: str
) -> None:
    sandbox.warm(shape)
    assert DockerSandbox(HOST, owner="somebody-else")._pool.claim(shape, "x") == ""
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
    sandbox: DockerSandbox, engine: docker.DockerClient, owner: str, shape: Shape
) -> None:
    assert not sandbox.keep([Wanted(shape, 1)], busy=sandbox._cores)
    none = DockerSandbox(HOST, owner=owner, pool_bytes=0)
    assert not none.keep([Wanted(shape, 2)], busy=-8)
    poor = DockerSandbox(HOST, owner=owner, pool_bytes=21_000_000)
    assert [poor.keep([Wanted(shape, 2)], busy=-8) for _ in range(2)] == [True, False]
    assert len(waiting(engine, owner)) == 1


def test_a_preload_that_fails_is_left_to_the_program(
    sandbox: DockerSandbox, job: Callable[..., Job], shape: Shape
) -> None:
    for preload in (("no.such.module", "decimal"), ("os:abort",)):
        broken = replace(shape, preload=preload)
        sandbox.warm(broken)
        outcome = sandbox.run(replace(job("import decimal; print(decimal.__name__)"), shape=broken))
        assert (outcome.verdict, outcome.stdout) == (Verdict.OK, b"decimal\n")


def test_a_programs_own_module_goes_before_one_that_was_imported(
    sandbox: DockerSandbox, job: Callable[..., Job], shape: Shape
) -> None:
    sandbox.warm(shape)
    own = {"predict.py": "import decimal; print(decimal.MINE)", "decimal.py": "MINE = 7"}
    assert sandbox.run(replace(job(own), shape=shape)).stdout == b"7\n"


def test_a_file_that_nobody_closes_is_written_to_its_end(
    sandbox: DockerSandbox, job: Callable[..., Job], shape: Shape, tmp_path: Path
) -> None:
    sandbox.warm(shape)
    program = "out = open('/job/output/a.txt', 'w')\nout.write('x' * 10_000)\nkept = [out]\nkept.append(kept)"
    assert sandbox.run(replace(job(program), shape=shape)).verdict == Verdict.OK
    assert (tmp_path / "output/a.txt").read_text() == "x" * 10_000


def test_threads_and_farewells_of_a_program_come_to_their_end(
    sandbox: DockerSandbox, job: Callable[..., Job], shape: Shape
) -> None:
    sandbox.warm(shape)
    program = (
        "import atexit, threading, time\natexit.register(print, 'farewell')\n"
        "threading.Thread(target=lambda: (time.sleep(0.3), print('thread'))).start()\nprint('main')"
    )
    outcome = sandbox.run(replace(job(program), shape=shape))
    assert outcome.stdout == b"main\nthread\nfarewell\n"


def test_a_program_that_says_it_is_done_before_it_is_can_change_nothing_any_more(
    sandbox: DockerSandbox, job: Callable[..., Job], shape: Shape, tmp_path: Path
) -> None:
    sandbox.warm(shape)
    program = (
        "import os, threading\n"
        "def swap():\n"
        "  while True:\n"
        "    for letter in 'ab':\n"
        "      new = f'/job/output/{threading.get_native_id()}'\n"
        "      with open(new, 'w') as file: file.write(letter * 3_000_000)\n"
        "      os.replace(new, '/job/output/x')\n"
        "if not os.fork(): swap()\n"
        "threading.Thread(target=swap, daemon=True).start()\n"
        "while not os.path.exists('/job/output/x'): pass\n"
        "os.write(3, b'0')\n"
        "swap()\n"
    )
    outcome = sandbox.run(replace(job(program), shape=shape))
    assert outcome.verdict == Verdict.OK
    assert outcome.wall_s < 5
    letters = set((tmp_path / "output/x").read_text())
    assert letters in ({"a"}, {"b"})


@pytest.mark.parametrize("said", ["b'x' * 5000", "b'-1'", "b'999'", "b'7'"])
def test_nonsense_said_in_place_of_an_exit_code_is_a_failure_of_the_program(
    sandbox: DockerSandbox, job: Callable[..., Job], shape: Shape, said: str
) -> None:
    sandbox.warm(shape)
    outcome = sandbox.run(replace(job(f"import os\nos.write(3, {said})"), shape=shape))
    assert outcome.verdict == Verdict.RUNTIME_ERROR
    assert outcome.exit_code in {1, 7, 999 & 0xFF}


def test_large_outputs_come_out_of_a_container_that_waited(
    sandbox: DockerSandbox, job: Callable[..., Job], shape: Shape, tmp_path: Path
) -> None:
    sandbox.warm(shape)
    program = "open('/job/output/x', 'wb').write(bytes(range(256)) * 150_000)"
    assert sandbox.run(replace(job(program), shape=shape)).verdict == Verdict.OK
    assert (tmp_path / "output/x").read_bytes() == bytes(range(256)) * 150_000


class TestLasting:
    """Containers for our own programs, each run as a user of its own."""

    @pytest.fixture
    def lasting(self, shape: Shape) -> Shape:
        return replace(shape, lasting=True)

    def test_serve_one_job_after_another_under_users_of_their_own(
        self, sandbox: DockerSandbox, engine: docker.DockerClient, owner: str, lasting: Shape,
        job: Callable[..., Job],
    ) -> None:  # fmt: skip
        sandbox.warm(lasting)
        (container,) = waiting(engine, owner)
        users = []
        for number in range(3):
            program = "import os\nprint(os.getuid(), os.listdir('/job/output'), os.listdir('/tmp'))\n"
            program += f"open('/tmp/left-{number}', 'w')\nopen('/job/output/x', 'w').write('{number}')"
            made = replace(job(program), shape=lasting)
            outcome = sandbox.run(made)
            assert outcome.verdict == Verdict.OK
            assert (made.output / "x").read_text() == str(number)
            (made.output / "x").unlink()
            users.append(outcome.stdout)
            assert waiting(engine, owner) == [container]
        assert users == [b"20000 [] []\n", b"20001 [] []\n", b"20002 [] []\n"]

    def test_are_destroyed_when_a_job_ends_badly(
        self, sandbox: DockerSandbox, engine: docker.DockerClient, owner: str, lasting: Shape,
        job: Callable[..., Job],
    ) -> None:  # fmt: skip
        sandbox.warm(lasting)
        outcome = sandbox.run(replace(job("raise ValueError('no')"), shape=lasting))
        assert (outcome.verdict, outcome.exit_code) == (Verdict.RUNTIME_ERROR, 1)
        assert outcome.stderr.endswith(b"ValueError: no\n")
        sandbox.settle()
        assert waiting(engine, owner) == []

    def test_leave_no_process_of_a_job_alive(
        self, sandbox: DockerSandbox, lasting: Shape, job: Callable[..., Job]
    ) -> None:
        sandbox.warm(lasting)
        survivor = (
            "import os, time\nif not os.fork():\n  os.setsid()\n"
            "  if not os.fork(): time.sleep(60)\n  os._exit(0)"
        )
        assert sandbox.run(replace(job(survivor), shape=lasting)).verdict == Verdict.OK
        witness = "import glob\nprint(len(glob.glob('/proc/[0-9]*')))"
        # The supervisor, the interpreter that waits, and the witness.
        assert sandbox.run(replace(job(witness), shape=lasting)).stdout == b"3\n"

    def test_a_job_cannot_touch_the_interpreter_that_waits(
        self, sandbox: DockerSandbox, lasting: Shape, job: Callable[..., Job]
    ) -> None:
        sandbox.warm(lasting)
        program = (
            "import os\nparent = os.getppid()\n"
            "for do in (lambda: os.kill(parent, 9), lambda: os.setuid(0), lambda: os.setuid(30_000),\n"
            "           lambda: open(f'/proc/{parent}/mem', 'wb'),\n"
            "           lambda: os.listdir(f'/proc/{parent}/fd')):\n"
            "  try: do(); print('DONE')\n  except OSError: pass"
        )
        for _ in range(2):
            outcome = sandbox.run(replace(job(program), shape=lasting))
            assert (outcome.verdict, outcome.stdout) == (Verdict.OK, b"")

    def test_limits_hold_for_each_job(
        self, sandbox: DockerSandbox, lasting: Shape, job: Callable[..., Job]
    ) -> None:
        short = replace(lasting, limits=replace(LIMITS, wall_s=1.0))
        sandbox.warm(short)
        assert (
            sandbox.run(replace(job("import time; time.sleep(30)"), shape=short)).verdict
            == Verdict.TIME_LIMIT
        )


def test_nothing_is_left_when_nobody_holds_a_lease(
    sandbox: DockerSandbox, engine: docker.DockerClient, owner: str, shape: Shape
) -> None:
    sandbox.warm(shape)
    claimed = sandbox._pool.claim(shape, f"{owner}.x")
    assert claimed

    class OthersAlone:
        def __contains__(self, lease: object) -> bool:
            return not str(lease).startswith(f"{owner}.")

    held: Any = OthersAlone()
    sandbox.clear(held)
    assert waiting(engine, owner) == []


def test_of_two_jobs_at_once_the_second_makes_the_lasting_container_that_it_lacks(
    sandbox: DockerSandbox, engine: docker.DockerClient, owner: str, job: Callable[..., Job], shape: Shape
) -> None:
    lasting = replace(shape, lasting=True)
    sandbox.keep([Wanted(lasting, 1)])
    made = replace(job("import time; time.sleep(1)"), shape=lasting)
    with ThreadPoolExecutor(2) as crowd:
        ended = [crowd.submit(sandbox.run, replace(made, lease=f"{owner}.{number}")) for number in range(2)]
    assert [one.result().verdict for one in ended] == [Verdict.OK, Verdict.OK]
    assert len(waiting(engine, owner)) == 2
    sandbox.keep([Wanted(lasting, 1)])
    assert len(waiting(engine, owner)) == 1
