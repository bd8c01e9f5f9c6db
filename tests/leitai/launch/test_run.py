"""`leitai run`, for real: up with every part, nothing left after it, up again within seconds."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docker
import pytest
import requests

from leitai.launch.engine import address
from leitai.launch.ground import GroundError
from leitai.launch.kin import descendants
from leitai.launch.running import only_one, require_port
from leitai.settings import HOME, Settings


def wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.1)
    return condition()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def containers() -> set[str]:
    client = docker.DockerClient(base_url=address(Settings()))
    try:
        return {row["Id"] for row in client.api.containers(all=True)}
    finally:
        client.close()


class Start:
    """One `leitai run` over a folder of its own, without the demo."""

    def __init__(self, data: Path) -> None:
        self.port = free_port()
        own = {"LEITAI_DATA_DIR": str(data), "LEITAI_PORT": str(self.port), "LEITAI_WORKERS": "1"}
        kept = {key: value for key, value in os.environ.items() if not key.startswith("LEITAI_")}
        command = [sys.executable, "-m", "leitai.cli", "run", "--no-demo"]
        self.log = data.parent / "log"
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(command, stdout=output, stderr=output, env=kept | own, cwd=HOME)

    def health(self) -> dict[str, Any]:
        try:
            return dict(requests.get(f"http://127.0.0.1:{self.port}/healthz", timeout=5).json())
        except (requests.RequestException, ValueError):
            return {}

    def wait(self, seconds: float) -> None:
        assert wait_for(lambda: bool(self.health()), seconds), self.log.read_text()[-3000:]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], Start]]:
    started: list[Start] = []

    def start_one() -> Start:
        started.append(Start(tmp_path / "data"))
        return started[-1]

    yield start_one
    for one in started:
        one.process.kill()
        one.process.wait()


@pytest.mark.engine
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL])
def test_it_comes_up_and_leaves_nothing_behind(sign: signal.Signals, start: Callable[[], Start]) -> None:
    before = containers()
    first = start()
    first.wait(120)
    family = descendants(first.process.pid)
    # Broker, portal, worker and sweeper, each with honcho's process and a keeper.
    assert len(family) >= 12
    assert wait_for(lambda: b"Ctrl-C ends everything" in first.log.read_bytes(), 15)
    first.process.send_signal(sign)
    assert first.process.wait(30) == (0 if sign == signal.SIGINT else -signal.SIGKILL)
    assert wait_for(lambda: not any(alive(pid) for pid in family), 15)
    assert wait_for(lambda: containers() <= before, 15)
    again = start()
    began = time.monotonic()
    again.wait(30)
    assert time.monotonic() - began < 15
    again.process.terminate()
    assert again.process.wait(30) == 0


def test_a_taken_port_is_told_before_anything_is_set_up(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(GroundError, match=f"LEITAI_PORT={port + 1} make run"):
            require_port(Settings(data_dir=tmp_path, port=port))
    require_port(Settings(data_dir=tmp_path, port=port))


def test_two_starts_over_the_same_data_are_refused(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    with only_one(settings), pytest.raises(GroundError, match=f"process {os.getpid()}"), only_one(settings):
        pass
    with only_one(settings):
        assert settings.path("run.lock").read_text() == str(os.getpid())
