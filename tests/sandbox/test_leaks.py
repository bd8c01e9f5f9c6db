"""What a program can learn of the machine: as little as the kernel lets us tell."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docker
import pytest

from sandbox import creating, looking, reaching
from sandbox.creating import MASKED, create
from sandbox.docker_engine import DockerSandbox
from sandbox.images import image_tag
from sandbox.job import Job, Outcome, Verdict

pytestmark = pytest.mark.engine
Run = Callable[..., Outcome]

COMMAND = ("python3", "predict.py", "/job/input", "/job/output")
LOOKING = Path(looking.__file__).read_text()
# Of /proc itself; what is left there has its reason here.
READABLE = {
    "cgroups", "cpuinfo", "execdomains", "filesystems",  # the kernel's features, by which libraries choose
    "loadavg", "meminfo", "stat", "uptime", "vmstat",  # figures that sysinfo(2) tells as well
    "sysvipc",  # of the container's own namespace
}  # fmt: skip
LIST = """
import os
for name in sorted(os.listdir("/proc")):
    path = "/proc/" + name
    if not name.isdigit() and not os.path.islink(path) and name != "sys":
        try:
            if os.path.isdir(path) and os.listdir(path): print(name)
            elif not os.path.isdir(path) and open(path, "rb").read(1): print(name)
        except OSError: pass
"""
DEVICES = """
import os
found = [folder for folder, _, files in os.walk("/sys") for name in files
         if name in ("serial", "wwid", "modalias", "address", "product_uuid", "vendor")
         and not folder.startswith("/sys/devices/system/")]
print(found[:5], os.listdir("/dev/shm"), os.listdir("/dev/mqueue"))
print(open("/sys/devices/system/cpu/online").read().strip() != "", os.path.isdir("/sys/fs/cgroup"))
"""
SURROUNDINGS = """
import locale, os, socket, time
print(socket.gethostname(), os.uname().nodename, time.tzname, locale.getlocale()[1], os.environ["LANG"])
print(sorted(os.environ))
"""
VARIABLES = [
    "HOME", "LANG", "LOKY_MAX_CPU_COUNT", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS",
    "PATH", "POLARS_MAX_THREADS", "PYTHONDONTWRITEBYTECODE", "PYTHONHASHSEED", "PYTHONUNBUFFERED", "TMPDIR",
    "TZ", "USER",
]  # fmt: skip


def seen(outcome: Outcome, output: Path) -> dict[str, Any]:
    assert outcome.verdict == Verdict.OK, outcome.stderr
    found: dict[str, Any] = json.loads((output / "seen.json").read_text())
    return found


def test_no_file_names_the_machine(run: Run, tmp_path: Path) -> None:
    found = seen(run(LOOKING, command=COMMAND), tmp_path / "output")
    assert (found["names"], found["variables"], found["written"]) == ([], [], [])


def test_without_the_masks_files_would(
    sandbox: DockerSandbox, job: Callable[..., Job], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the test above would show nothing."""
    monkeypatch.setattr(creating, "MASKED", creating.ENGINES)
    found = seen(sandbox.run(job(LOOKING, command=COMMAND)), tmp_path / "output")
    assert {"/proc/cmdline", "/proc/sys/kernel/random/boot_id"} <= set(found["names"])


def test_of_proc_there_is_only_what_has_a_reason(run: Run) -> None:
    assert set(run(LIST).stdout.decode().split()) - READABLE == set()


def test_no_device_of_the_machine_is_seen(run: Run) -> None:
    outcome = run(DEVICES)
    assert outcome.stdout.splitlines() == [b"[] [] []", b"True True"], outcome.stderr


def test_surroundings_are_the_same_everywhere(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LEITAI_SECRET_KEY", "AWS_SECRET_ACCESS_KEY", "HTTP_PROXY"):
        monkeypatch.setenv(name, "nobody's business")
    outcome = run(SURROUNDINGS)
    names, variables = outcome.stdout.decode().splitlines()
    assert names == "sandbox sandbox ('UTC', 'UTC') UTF-8 C.UTF-8"
    assert variables == str(VARIABLES)


@pytest.fixture
def made(engine: docker.DockerClient) -> Iterator[list[str]]:
    """Containers to be removed again."""
    names: list[str] = []
    yield names
    for name in names:
        engine.api.remove_container(name, force=True)


IDLE = {"image": image_tag("runtime"), "command": ["true"], "network_disabled": True}


def test_ours_cover_what_the_engine_masks_by_itself(engine: docker.DockerClient, made: list[str]) -> None:
    made += [create(engine, **IDLE), engine.api.create_container(**IDLE)["Id"]]
    ours, engines = (engine.api.inspect_container(name)["HostConfig"]["MaskedPaths"] for name in made)
    assert ours == list(MASKED)
    assert set(engines) - set(ours) == set()


def test_proxies_of_the_account_stay_outside(
    host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: list[str]
) -> None:
    proxies = {"default": {"httpProxy": "http://me:secret@proxy.example:3128"}}
    (tmp_path / "config.json").write_text(json.dumps({"proxies": proxies}))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    client = reaching.client(host, 30)
    made.append(create(client, **IDLE))
    assert "secret" not in str(client.api.inspect_container(made[0])["Config"]["Env"])
    client.close()
