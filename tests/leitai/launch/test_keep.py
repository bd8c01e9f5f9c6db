"""A kept program starts again when it fails, and nothing of it outlives the keeper."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

# Writes its pid, then forks a grandchild in a session of its own, as a worker forks its runs.
PROGRAM = """
import os, pathlib, subprocess, sys, time
place = pathlib.Path(sys.argv[1])
child = subprocess.Popen(["sleep", "600"], start_new_session=True)
with (place / "lives").open("a") as file:
    file.write(f"{os.getpid()} {child.pid}\\n")
time.sleep(600)
"""
STUBBORN = "import signal, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN);"


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_for(condition: Callable[[], bool], seconds: float = 15.0) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.02)
    return condition()


def lives(place: Path) -> list[tuple[int, int]]:
    file = place / "lives"
    rows = file.read_text().splitlines() if file.exists() else []
    return [(int(row.split()[0]), int(row.split()[1])) for row in rows]


def start(*arguments: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-m", "leitai.launch.keep", *arguments])


@pytest.fixture
def kept(tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    keeper = start(sys.executable, "-c", PROGRAM, str(tmp_path))
    assert wait_for(lambda: len(lives(tmp_path)) == 1)
    yield keeper
    keeper.terminate()
    keeper.wait(15)


def test_a_program_that_was_killed_is_started_again_and_its_orphan_is_killed(
    kept: "subprocess.Popen[bytes]", tmp_path: Path
) -> None:
    program, child = lives(tmp_path)[0]
    os.kill(program, signal.SIGKILL)
    assert wait_for(lambda: len(lives(tmp_path)) == 2)
    assert not alive(child)
    assert alive(lives(tmp_path)[1][0])


def test_sigterm_ends_program_and_grandchild(kept: "subprocess.Popen[bytes]", tmp_path: Path) -> None:
    kept.terminate()
    assert kept.wait(15) == 128 + signal.SIGTERM
    assert not any(alive(pid) for pid in lives(tmp_path)[0])


def test_a_program_that_ignores_sigterm_is_killed_after_the_patience(tmp_path: Path) -> None:
    keeper = start("--patience", "0.3", sys.executable, "-c", STUBBORN + PROGRAM, str(tmp_path))
    assert wait_for(lambda: len(lives(tmp_path)) == 1)
    keeper.terminate()
    assert keeper.wait(15) == 128 + signal.SIGKILL
    assert not any(alive(pid) for pid in lives(tmp_path)[0])


def test_kill_9_of_whoever_started_the_keeper_ends_the_program(tmp_path: Path) -> None:
    starter = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import subprocess, sys; subprocess.run(sys.argv[1:])",
            *(sys.executable, "-m", "leitai.launch.keep", sys.executable, "-c", PROGRAM, str(tmp_path)),
        ]
    )
    assert wait_for(lambda: len(lives(tmp_path)) == 1)
    starter.kill()
    starter.wait()
    assert wait_for(lambda: not any(alive(pid) for pid in lives(tmp_path)[0]))


def test_a_program_that_cannot_live_is_given_up_with_its_exit_code() -> None:
    began = time.monotonic()
    assert start(sys.executable, "-c", "raise SystemExit(7)").wait(60) == 7
    assert time.monotonic() - began < 30


def test_once_means_once() -> None:
    assert start("--once", sys.executable, "-c", "raise SystemExit(3)").wait(15) == 3
