"""The attacks would show if they got through: without the walls, or within one run, they do."""

import os
import subprocess
import sys
from collections.abc import Callable

import docker
import pytest

from sandbox.job import Outcome
from tests.sandbox.hostile.attack import TRIED, TRIES
from tests.sandbox.hostile.evaluator import WALKS
from tests.sandbox.hostile.machine import SECRET, Machine
from tests.sandbox.hostile.state import (
    COMPUTES,
    FRESH,
    LEAVES,
    LOOKS,
    POISONS,
    SHARED,
    SHARES,
    STARTED,
    STARTS,
)  # fmt: skip
from tests.sandbox.hostile.surroundings import LOCAL, MACHINES_OWN, SECRETS, SOCKETS

pytestmark = pytest.mark.engine
WITHIN_ONE_RUN = {
    "files": (LEAVES, LOOKS, FRESH),
    "modules": (POISONS, COMPUTES, "2.0 3 3.0 [1]\n"),
    "start": (STARTS, STARTED, "False None\n"),
    "memory": (SHARES.replace("os._exit(0)", ""), SHARED, "[-1, -1, -1] [] False\n"),
}


def on_this_machine(text: str, machine: Machine) -> str:
    program = (TRIES + text + TRIED).replace("MACHINE", repr(machine.told()))
    environment = {**os.environ, "LEITAI_ATTACKED": SECRET}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stdout.endswith("tried\n"), done.stderr
    return done.stdout


def test_outside_of_a_container_secrets_are_read(engine: docker.DockerClient, machine: Machine) -> None:
    found = on_this_machine(SECRETS, machine)
    assert "GOT secret in the environment" in found
    assert "GOT secret in /proc" in found
    assert "GOT variables" in found


def test_outside_of_a_container_the_machine_answers(machine: Machine) -> None:
    assert "GOT call" in on_this_machine(SOCKETS + LOCAL, machine)
    assert "GOT call" in on_this_machine(SOCKETS + MACHINES_OWN, machine)
    assert any("was called" in trace for trace in machine.traces())


@pytest.mark.parametrize("what", WITHIN_ONE_RUN)
def test_within_one_run_what_was_left_is_found(
    run: Callable[..., Outcome], machine: Machine, what: str
) -> None:
    leaves, looks, fresh = WITHIN_ONE_RUN[what]
    outcome = run(f"{leaves}\n{looks}".replace("MACHINE", repr(machine.told())))
    assert not outcome.stdout.decode().startswith(fresh)


def test_a_label_in_memory_is_found(run: Callable[..., Outcome]) -> None:
    kept = "kept = bytearray(b'label-of-the-') + b'reference'\n"
    assert run(f"{kept}{WALKS}\nprint(len(found))").stdout not in (b"", b"0\n")
    assert run(f"{WALKS}\nprint(len(found))").stdout == b"0\n"
