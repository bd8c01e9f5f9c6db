"""The Docker engine: found where it answers; installed and started only on Debian, and only as root."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from docker.errors import DockerException

from leitai.launch.ground import GroundError, apt_install, is_debian_root
from leitai.settings import Settings
from sandbox import reaching

LOCAL = "unix:///var/run/docker.sock"
# iptables is absent on purpose: an engine of ours has no network to give.
PACKAGES = ["docker.io", "debootstrap"]
# Submissions run without any network, so our engine lays no bridge and touches no firewall.
NO_NETWORK = [
    "--bridge=none",
    "--iptables=false",
    "--ip6tables=false",
    "--ip-forward=false",
    "--ip-masq=false",
]
START_S = 60.0
STOP_S = 20.0


class EngineError(GroundError):
    """No engine answers, and we may not or cannot start one; the text says what to do."""


class OwnEngine:
    """An engine that we started, and that ends with us."""

    def __init__(self, keeper: "subprocess.Popen[bytes]") -> None:
        self._keeper = keeper

    def stop(self) -> None:
        """End it, and its containers with it."""
        self._keeper.terminate()
        self._keeper.wait(STOP_S + 5)


def address(settings: Settings) -> str:
    """Where the engine is expected: the setting, else DOCKER_HOST, else the local socket."""
    return settings.sandbox.docker_host or os.environ.get("DOCKER_HOST", "") or LOCAL


def trouble(host: str) -> str:
    """Why the engine does not answer; empty when it does."""
    try:
        client = reaching.client(host, 5)
        try:
            client.ping()
        finally:
            client.close()
    except (DockerException, OSError) as error:
        return str(error)
    return ""


def ensure(settings: Settings, tell: Callable[[str], None], *, outlive: bool = False) -> OwnEngine | None:
    """Have an engine that answers. Returns the one we started, to be stopped; None where one stood already.

    With `outlive` an engine of ours goes on after us.

    Raises:
        EngineError: there is none and we may not start one, or ours did not come up.
    """
    host = address(settings)
    why = trouble(host)
    if not why:
        return None
    if host != LOCAL or not is_debian_root():
        raise EngineError(remedy(host, why))
    log = settings.path("log")
    if not shutil.which("dockerd") or not shutil.which("debootstrap"):
        tell("installing docker.io and debootstrap")
        apt_install(PACKAGES, log / "apt.log")
    if _system_starts_it():
        return None
    tell("starting dockerd")
    return start(host, NO_NETWORK, log / "dockerd.log", outlive=outlive)


def remedy(host: str, why: str) -> str:
    """One sentence on what a person can do."""
    if "ermission denied" in why:
        return (
            f"The Docker engine at {host} does not let this account in: "
            "as root, `usermod -aG docker NAME`, then sign in again."
        )
    if host != LOCAL:
        return f"No Docker engine answers at {host}: check the address (DOCKER_HOST) and that it runs."
    return (
        "No Docker engine answers on this machine: install and start Docker "
        "(Debian: `apt-get install docker.io`), or name an engine elsewhere with DOCKER_HOST."
    )


def start(host: str, options: list[str], log: Path, *, outlive: bool) -> OwnEngine | None:
    """Start dockerd and wait until it answers.

    Raises:
        EngineError: it ended or did not answer in time; the end of its log is in the text.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    command = ["dockerd", f"--host={host}", *options]
    if not outlive:
        keeper = [sys.executable, "-m", "leitai.launch.keep", "--once", "--patience", str(STOP_S)]
        command = keeper + command
    with log.open("ab") as output:
        running = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
    _wait_until_it_answers(host, running, log)
    return None if outlive else OwnEngine(running)


def _wait_until_it_answers(host: str, running: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + START_S
    while trouble(host):
        if running.poll() is not None or time.monotonic() > until:
            running.terminate()
            rows = [row for row in log.read_text(errors="replace").splitlines() if "level=info" not in row]
            end = "\n".join(rows[-5:])
            raise EngineError(f"dockerd did not come up. The end of {log}:\n{end}")
        time.sleep(0.2)


def _system_starts_it() -> bool:
    if not Path("/run/systemd/system").is_dir():
        return False
    subprocess.run(["systemctl", "start", "docker"], capture_output=True, check=False)
    return not trouble(LOCAL)
