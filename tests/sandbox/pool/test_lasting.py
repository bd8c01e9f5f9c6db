"""Containers that last: for our own programs, one job after another, each as a user of its own."""

import time
from collections.abc import Callable, Container, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import docker
import pytest
from docker import APIClient

from sandbox.docker_engine import DockerSandbox
from sandbox.job import Job, SandboxUnavailable, Shape, Verdict
from sandbox.keeping import Wanted
from sandbox.pool import POOL
from tests.sandbox.pool.conftest import LIMITS, waiting

pytestmark = pytest.mark.engine


@pytest.fixture
def lasting(shape: Shape) -> Shape:
    return replace(shape, lasting=True)


def test_it_serves_one_job_after_another_under_users_of_their_own(
    sandbox: DockerSandbox, engine: docker.DockerClient, owner: str, lasting: Shape,
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


def test_a_function_that_was_imported_beforehand_is_called_in_the_fork(
    sandbox: DockerSandbox, job: Callable[..., Job], lasting: Shape
) -> None:
    shape = replace(lasting, preload=("textwrap",))
    sandbox.warm(shape)
    made = replace(job("", command=("textwrap:indent", "told", "> ")), shape=shape)
    outcome = sandbox.run(made)
    assert (outcome.exit_code, outcome.stderr) == (1, b"> told\n")  # a text is no code: as sys.exit has it


@pytest.fixture
def keeping(host: str, owner: str) -> Iterator[DockerSandbox]:
    """A process that keeps a container between its jobs."""
    found = DockerSandbox(host, owner=owner, holder=f"{owner}.worker")
    yield found
    found.let_go()
    found.settle()


def test_a_process_that_keeps_one_asks_nothing_of_the_engine_for_its_next_job(
    sandbox: DockerSandbox, keeping: DockerSandbox, engine: docker.DockerClient, owner: str, lasting: Shape,
    job: Callable[..., Job], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    sandbox.warm(lasting)
    made = replace(job("import os; print(os.getuid())"), shape=lasting)
    assert keeping.run(made).stdout == b"20000\n"
    (claim,) = keeping._pool.claims({POOL: owner})
    assert ([claim.container], claim.lease) == (waiting(engine, owner), f"{owner}.worker")
    asked: list[str] = []
    with monkeypatch.context() as patch:
        patch.setattr(APIClient, "send", lambda _, request, **__: asked.append(request.url))
        assert [keeping.run(made).stdout for _ in range(2)] == [b"20001\n", b"20002\n"]
    assert asked == []
    keeping.let_go()
    assert keeping._pool.claims({POOL: owner}) == []
    assert sandbox.run(made).stdout == b"20003\n"


def test_what_is_kept_is_let_go_for_a_job_of_another_shape(
    sandbox: DockerSandbox, keeping: DockerSandbox, lasting: Shape, job: Callable[..., Job], owner: str
) -> None:
    other = replace(lasting, preload=("fractions",))
    sandbox.warm(lasting)
    sandbox.warm(other)
    keeping.run(replace(job("print(1)"), shape=lasting))
    (first,) = keeping._pool.claims({POOL: owner})
    keeping.run(replace(job("print(2)"), shape=other))
    (second,) = keeping._pool.claims({POOL: owner})
    assert first.container != second.container


def test_one_that_is_kept_and_gone_gives_way_to_another(
    sandbox: DockerSandbox, keeping: DockerSandbox, engine: docker.DockerClient, owner: str,
    lasting: Shape, job: Callable[..., Job],
) -> None:  # fmt: skip
    sandbox.warm(lasting)
    (kept,) = waiting(engine, owner)
    assert keeping.run(replace(job("print('kept')"), shape=lasting)).verdict == Verdict.OK
    engine.api.remove_container(kept, force=True)
    sandbox.warm(lasting)
    (other,) = waiting(engine, owner)
    assert keeping.run(replace(job("print('other')"), shape=lasting)).stdout == b"other\n"
    assert waiting(engine, owner) == [other]
    assert [claim.container for claim in keeping._pool.claims({POOL: owner})] == [other]


def test_a_job_in_one_that_is_kept_ends_with_its_own_lease(
    sandbox: DockerSandbox, keeping: DockerSandbox, lease: str, lasting: Shape, job: Callable[..., Job]
) -> None:
    sandbox.warm(lasting)
    made = replace(job("import time; time.sleep(15)"), shape=lasting)
    with ThreadPoolExecutor(1) as beside:
        running = beside.submit(keeping.run, made)
        while not keeping._lasting._serving:
            time.sleep(0.02)
        assert keeping._lasting.abandon({lease}) == 0
        assert keeping._lasting.abandon(()) == 1
        with pytest.raises(SandboxUnavailable):
            running.result()


def test_what_a_process_kept_goes_when_its_lease_does(
    sandbox: DockerSandbox, keeping: DockerSandbox, engine: docker.DockerClient, owner: str,
    lasting: Shape, job: Callable[..., Job],
) -> None:  # fmt: skip
    sandbox.warm(lasting)
    keeping.run(replace(job("print(1)"), shape=lasting))

    class AllBut(Container[str]):
        def __contains__(self, lease: object) -> bool:
            return lease != f"{owner}.worker"

    assert sandbox.clear(AllBut()).containers == 1
    assert waiting(engine, owner) == []


def test_it_is_destroyed_when_a_job_ends_badly(
    sandbox: DockerSandbox, engine: docker.DockerClient, owner: str, lasting: Shape,
    job: Callable[..., Job],
) -> None:  # fmt: skip
    sandbox.warm(lasting)
    outcome = sandbox.run(replace(job("raise ValueError('no')"), shape=lasting))
    assert (outcome.verdict, outcome.exit_code) == (Verdict.RUNTIME_ERROR, 1)
    assert outcome.stderr.endswith(b"ValueError: no\n")
    sandbox.settle()
    assert waiting(engine, owner) == []


def test_it_leaves_no_process_of_a_job_alive(
    sandbox: DockerSandbox, lasting: Shape, job: Callable[..., Job]
) -> None:
    sandbox.warm(lasting)
    survivor = (
        "import os, time\nif not os.fork():\n  os.setsid()\n  if not os.fork(): time.sleep(60)\n  os._exit(0)"
    )
    assert sandbox.run(replace(job(survivor), shape=lasting)).verdict == Verdict.OK
    witness = "import glob\nprint(len(glob.glob('/proc/[0-9]*')))"
    # The supervisor, the interpreter that waits, and the witness.
    assert sandbox.run(replace(job(witness), shape=lasting)).stdout == b"3\n"


def test_a_job_cannot_touch_the_interpreter_that_waits(
    sandbox: DockerSandbox, lasting: Shape, job: Callable[..., Job]
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


def test_limits_hold_for_each_job(sandbox: DockerSandbox, lasting: Shape, job: Callable[..., Job]) -> None:
    short = replace(lasting, limits=replace(LIMITS, wall_s=1.0))
    sandbox.warm(short)
    assert sandbox.run(replace(job("import time; time.sleep(30)"), shape=short)).verdict == Verdict.TIME_LIMIT


def test_of_two_jobs_at_once_the_second_makes_the_lasting_container_that_it_lacks(
    sandbox: DockerSandbox, engine: docker.DockerClient, owner: str, job: Callable[..., Job], lasting: Shape
) -> None:
    sandbox.keep([Wanted(lasting, 1)])
    made = replace(job("import time; time.sleep(1)"), shape=lasting)
    with ThreadPoolExecutor(2) as crowd:
        ended = [crowd.submit(sandbox.run, replace(made, lease=f"{owner}.{number}")) for number in range(2)]
    assert [one.result().verdict for one in ended] == [Verdict.OK, Verdict.OK]
    assert len(waiting(engine, owner)) == 2
    sandbox.keep([Wanted(lasting, 1)])
    assert len(waiting(engine, owner)) == 1
