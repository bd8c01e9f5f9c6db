"""A whole Leitai, started as its README says and asked over HTTP alone."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import docker
import requests
import yaml

from leitai.launch.engine import address
from leitai.launch.kin import descendants
from leitai.scoring.strays import installation
from leitai.settings import HOME, Settings

BUNDLE = HOME / "var" / "examples" / "demo"
GREETING = "Ctrl-C ends everything"
Found = TypeVar("Found")


def wait_for(condition: Callable[[], Found], seconds: float, pause: float = 0.2) -> Found:
    """What the condition gives, once it gives something; else what it gave last."""
    until = time.monotonic() + seconds
    while not (found := condition()) and time.monotonic() < until:
        time.sleep(pause)
    return found


def baselines(task: str) -> list[dict[str, Any]]:
    """What the bundle hands in for a task, and what it expects of each."""
    return list(_task(task)["baselines"])


def figures(task: str) -> list[str]:
    """What the bundle shows below the scores of a task."""
    return list(_task(task)["evaluation"]["figures"])


def _task(task: str) -> dict[str, Any]:
    text = (BUNDLE / task / "task.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


class Installation:
    """`leitai run` with its demo, over a folder and a port of its own."""

    def __init__(self, folder: Path) -> None:
        self.data, self._log = folder / "data", folder / "log"
        port = _free_port()
        self.address = f"http://127.0.0.1:{port}"
        own = {"LEITAI_DATA_DIR": str(self.data), "LEITAI_PORT": str(port), "LEITAI_WORKERS": "2"}
        kept = {key: value for key, value in os.environ.items() if not key.startswith("LEITAI_")}
        command = [sys.executable, "-m", "leitai.cli", "run"]
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(command, stdout=output, stderr=output, env=kept | own, cwd=HOME)

    def said(self) -> str:
        """All that stands in its terminal."""
        return self._log.read_text()

    def wait(self, seconds: float) -> None:
        """Until it has greeted and every part of it is well."""
        assert wait_for(lambda: GREETING in self.said(), seconds), self.said()[-3000:]
        assert wait_for(lambda: self.health().get("ok"), 30), self.health()

    def health(self) -> dict[str, Any]:
        """What /healthz says."""
        return dict(requests.get(f"{self.address}/healthz", timeout=10).json())

    def mailed_link(self, to: str) -> str:
        """The link in the newest mail to somebody, as the terminal shows it."""
        pattern = re.compile(rf"To: {re.escape(to)}\n.*?({self.address}/\S+)", re.DOTALL)
        found = wait_for(lambda: pattern.findall(self.said()), 10)
        assert found, f"no mail to {to}"
        return str(found[-1])

    def end(self) -> None:
        """Ctrl-C; then nothing of it is left."""
        mark = installation(Settings(data_dir=self.data, secret_key=(self.data / "secret_key").read_text()))
        family = descendants(self._process.pid)
        self._process.send_signal(signal.SIGINT)
        assert self._process.wait(30) == 0, self.said()[-3000:]
        assert wait_for(lambda: not any(_alive(pid) for pid in family), 15)
        assert wait_for(lambda: not _containers(mark), 15)

    def kill(self) -> None:
        """Whatever became of it."""
        self._process.kill()
        self._process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def _containers(mark: str) -> list[str]:
    """Those whose lease is of this installation, and those that wait for its submissions."""
    client = docker.DockerClient(base_url=address(Settings()))
    try:
        found = client.api.containers(all=True)
    finally:
        client.close()
    labels = [(row["Id"], value) for row in found for value in (row["Labels"] or {}).values()]
    return [id_ for id_, value in labels if value == mark or value.startswith(f"{mark}.")]
