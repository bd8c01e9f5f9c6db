"""How an interpreter that waited turns into a program, which must notice nothing of it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sandbox.docker_engine import DockerSandbox
from sandbox.job import Job, Shape, Verdict

pytestmark = pytest.mark.engine


@pytest.fixture(params=["warm", "cold"])
def turned(request: pytest.FixtureRequest, sandbox: DockerSandbox, shape: Shape) -> Shape:
    """One of which an interpreter waits, or none."""
    if request.param == "warm":
        sandbox.warm(shape)
    return shape


def test_a_preload_that_fails_is_left_to_the_program(
    sandbox: DockerSandbox, job: Callable[..., Job], shape: Shape
) -> None:
    for preload in (("no.such.module", "decimal"), ("os:abort",)):
        broken = replace(shape, preload=preload)
        sandbox.warm(broken)
        outcome = sandbox.run(replace(job("import decimal; print(decimal.__name__)"), shape=broken))
        assert (outcome.verdict, outcome.stdout) == (Verdict.OK, b"decimal\n")


def test_a_function_may_be_named_in_place_of_a_program_and_gives_the_exit_code(
    sandbox: DockerSandbox, job: Callable[..., Job], turned: Shape
) -> None:
    made = job("def main(*words):\n    print(words)\n    return 2", command=("predict:main", "a", "b"))
    outcome = sandbox.run(replace(made, shape=turned))
    assert (outcome.verdict, outcome.exit_code) == (Verdict.RUNTIME_ERROR, 2)
    assert outcome.stdout == b"('a', 'b')\n"


def test_a_programs_own_module_goes_before_one_that_was_imported(
    sandbox: DockerSandbox, job: Callable[..., Job], turned: Shape
) -> None:
    own = {"predict.py": "import decimal; print(decimal.MINE)", "decimal.py": "MINE = 7"}
    assert sandbox.run(replace(job(own), shape=turned)).stdout == b"7\n"


def test_a_programs_own_module_may_be_named_like_one_that_the_end_asks_for(
    sandbox: DockerSandbox, job: Callable[..., Job], turned: Shape
) -> None:
    own = {"predict.py": "import threading; print(threading.MINE)", "threading.py": "MINE = 7"}
    outcome = sandbox.run(replace(job(own), shape=turned))
    assert (outcome.verdict, outcome.stdout, outcome.stderr) == (Verdict.OK, b"7\n", b"")


def test_a_file_that_nobody_closes_is_written_to_its_end(
    sandbox: DockerSandbox, job: Callable[..., Job], turned: Shape, tmp_path: Path
) -> None:
    program = "out = open('/job/output/a.txt', 'w')\nout.write('x' * 10_000)\nkept = [out]\nkept.append(kept)"
    assert sandbox.run(replace(job(program), shape=turned)).verdict == Verdict.OK
    assert (tmp_path / "output/a.txt").read_text() == "x" * 10_000


def test_threads_and_farewells_of_a_program_come_to_their_end(
    sandbox: DockerSandbox, job: Callable[..., Job], turned: Shape
) -> None:
    program = (
        "import atexit, threading, time\natexit.register(print, 'farewell')\n"
        "threading.Thread(target=lambda: (time.sleep(0.3), print('thread'))).start()\nprint('main')"
    )
    outcome = sandbox.run(replace(job(program), shape=turned))
    assert outcome.stdout == b"main\nthread\nfarewell\n"


def test_a_program_that_says_it_is_done_before_it_is_can_change_nothing_any_more(
    sandbox: DockerSandbox, job: Callable[..., Job], turned: Shape, tmp_path: Path
) -> None:
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
    outcome = sandbox.run(replace(job(program), shape=turned))
    assert outcome.verdict == Verdict.OK
    assert outcome.wall_s < 5
    letters = set((tmp_path / "output/x").read_text())
    assert letters in ({"a"}, {"b"})


@pytest.mark.parametrize("said", ["b'x' * 5000", "b'-1'", "b'999'", "b'7'"])
def test_nonsense_said_in_place_of_an_exit_code_is_a_failure_of_the_program(
    sandbox: DockerSandbox, job: Callable[..., Job], turned: Shape, said: str
) -> None:
    outcome = sandbox.run(replace(job(f"import os\nos.write(3, {said})"), shape=turned))
    assert outcome.verdict == Verdict.RUNTIME_ERROR
    assert outcome.exit_code in {1, 7, 999 & 0xFF}


def test_large_outputs_come_out_of_a_container_that_waited(
    sandbox: DockerSandbox, job: Callable[..., Job], turned: Shape, tmp_path: Path
) -> None:
    program = "open('/job/output/x', 'wb').write(bytes(range(256)) * 150_000)"
    assert sandbox.run(replace(job(program), shape=turned)).verdict == Verdict.OK
    assert (tmp_path / "output/x").read_bytes() == bytes(range(256)) * 150_000
