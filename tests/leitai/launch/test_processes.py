"""All processes of a start end together: on Ctrl-C, on SIGTERM, and when the starter is killed with -9."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from leitai.launch import processes
from leitai.launch.kin import descendants
from leitai.settings import Settings

# As `leitai run` starts them, with programs that only note their pid and wait.
STARTER = """
import os, sys
from leitai.launch import processes
note = "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(600)"
names = ("valkey", "portal", "worker-1")
programs = {name: [sys.executable, "-c", note, f"{sys.argv[1]}/{name}"] for name in names}
sys.exit(processes.run(programs, dict(os.environ)))
"""


def alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def wait_for(condition: Callable[[], bool], seconds: float = 20.0) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.05)
    return condition()


@pytest.fixture
def starter(tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-c", STARTER, str(tmp_path)]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    assert wait_for(lambda: len([path for path in tmp_path.iterdir() if path.read_text()]) == 3)
    yield running
    running.kill()
    running.wait()


@pytest.mark.parametrize(("sign", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, 0), (signal.SIGKILL, -9)])
def test_nothing_is_left(starter: "subprocess.Popen[bytes]", sign: signal.Signals, code: int) -> None:
    family = descendants(starter.pid)
    # For each program: honcho's process, the keeper and the program itself.
    assert len(family) >= 9
    starter.send_signal(sign)
    assert starter.wait(20) == code
    assert wait_for(lambda: not any(alive(pid) for pid in family))


def test_a_killed_program_comes_back_and_the_others_stay(
    starter: "subprocess.Popen[bytes]", tmp_path: Path
) -> None:
    before = {path.name: int(path.read_text()) for path in tmp_path.iterdir()}
    os.kill(before["worker-1"], signal.SIGKILL)
    assert wait_for(lambda: (tmp_path / "worker-1").read_text() not in ("", str(before["worker-1"])))
    assert starter.poll() is None
    assert alive(before["portal"])
    assert alive(before["valkey"])


def test_what_runs_follows_the_settings(tmp_path: Path) -> None:
    embedded = processes.commands(Settings(data_dir=tmp_path, workers=2, port=8123))
    assert list(embedded) == ["valkey", "portal", "worker-1", "worker-2", "sweeper"]
    assert embedded["portal"][-5:] == ["--host", "127.0.0.1", "--port", "8123", "wsgi:app"]
    served = processes.commands(Settings(data_dir=tmp_path, workers=0, redis_url="redis://broker:6379/0"))
    assert list(served) == ["portal", "sweeper"]


def test_programs_are_told_where_the_broker_is_when_its_usual_place_is_too_long(tmp_path: Path) -> None:
    usual = processes.environment(Settings(data_dir=tmp_path))
    moved = processes.environment(Settings(data_dir=tmp_path / ("x" * 120)))
    assert "LEITAI_REDIS_URL" not in usual
    assert moved["LEITAI_REDIS_URL"].startswith("unix:///")
    assert len(moved["LEITAI_REDIS_URL"]) < 108
