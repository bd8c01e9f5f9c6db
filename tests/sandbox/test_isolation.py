"""What a container is and is not, seen from the engine and from inside."""

import threading
import time
from collections.abc import Callable
from typing import Any

import docker
import pytest

from sandbox import running
from sandbox.docker_engine import DockerSandbox
from sandbox.job import Job, Outcome, SandboxUnavailable, Verdict

pytestmark = pytest.mark.engine
Run = Callable[..., Outcome]


def while_running(
    sandbox: DockerSandbox, engine: docker.DockerClient, job: Job, do: Callable[[Any], None]
) -> Outcome | SandboxUnavailable:
    """Do something with the container of a job that sleeps."""
    ended: list[Outcome | SandboxUnavailable] = []

    def work() -> None:
        try:
            ended.append(sandbox.run(job))
        except SandboxUnavailable as error:
            ended.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    until = time.monotonic() + 20
    found: list[Any] = []
    while not found and time.monotonic() < until:
        found = engine.containers.list(filters={"label": f"leitai.lease={job.lease}"})
        time.sleep(0.05)
    do(found[0])
    thread.join(60)
    return ended[0]


def test_the_engine_shows_every_bound(
    sandbox: DockerSandbox, engine: docker.DockerClient, job: Callable[..., Job]
) -> None:
    seen: dict[str, Any] = {}
    sleeper = job("import time; time.sleep(2)", limits={"cpus": 0.5, "processes": 40})
    outcome = while_running(sandbox, engine, sleeper, lambda container: seen.update(container.attrs))
    assert isinstance(outcome, Outcome)
    host, config = seen["HostConfig"], seen["Config"]
    assert config["NetworkDisabled"] is True
    assert [name for name, row in seen["NetworkSettings"]["Networks"].items() if row["IPAddress"]] == []
    assert host["ReadonlyRootfs"] is True
    assert host["CapDrop"] == ["ALL"]
    assert sorted(name.removeprefix("CAP_") for name in host["CapAdd"]) == ["KILL", "SETGID", "SETUID"]
    assert host["Privileged"] is False
    assert "no-new-privileges:true" in host["SecurityOpt"]
    assert not any("unconfined" in option for option in host["SecurityOpt"])
    assert host["PidsLimit"] == 48
    assert host["Memory"] == host["MemorySwap"] == 256_000_000 + 64 * 1024 * 1024
    assert host["NanoCpus"] == 500_000_000
    assert host["LogConfig"]["Type"] == "none"
    assert {row["Name"]: (row["Soft"], row["Hard"]) for row in host["Ulimits"]} == {"core": (0, 0)}
    assert host["Binds"] in (None, [])
    assert [(row["Destination"], row["RW"]) for row in seen["Mounts"]] == [("/leitai", False)]
    assert config["Labels"]["leitai.lease"] == sleeper.lease
    assert [row for row in config["Env"] or [] if not row.startswith("PATH=")] == []


NO_WAY_OUT = """
import socket
v4 = [(2, ("169.254.169.254", 80)), (2, ("172.17.0.1", 22)), (2, ("8.8.8.8", 53))]
for family, place in [*v4, (10, ("2001:4860:4860::8888", 53))]:
    for kind in (1, 2):
        s = socket.socket(family, kind)
        s.settimeout(2)
        try:
            s.connect(place); s.send(b"x"); print("OUT", place)
        except OSError: pass
try:
    socket.getaddrinfo("example.org", 80); print("RESOLVED")
except OSError: pass
print(open("/proc/net/dev").read().count(":"), open("/proc/net/route").read().count("\\n"))
"""
NO_SECRETS = """
import os
readers = {"/etc/shadow": open, "/proc/kcore": open}
readers |= {f"/proc/1/{link}/etc": os.listdir for link in ("root", "cwd")}
for place in (*(f"/proc/1/{name}" for name in ("environ", "mem", "fd/0", "fd/1", "maps")), *readers):
    try:
        readers.get(place, open)(place); print("READ", place)
    except OSError: pass
print([key for key in os.environ if "LEITAI" in key or "AWS" in key or "SECRET" in key])
"""
NOTHING_TO_WRITE = """
import os
folders = ("/", "/etc", "/usr", "/var", "/root", "/proc/sys/kernel", "/sys/fs/cgroup", "/job/input")
for folder in folders:
    try:
        open(folder + "/mine", "w"); print("WROTE", folder)
    except OSError: pass
try:
    os.rename("/job/input", "/job/away"); print("MOVED")
except OSError: pass
print("done")
"""
NO_PRIVILEGE = """
import os
rows = [row.split(":\\t") for row in open("/proc/self/status").read().splitlines() if ":\\t" in row]
status = dict(rows)
capabilities = [int(status[name], 16) for name in ("CapPrm", "CapEff", "CapAmb")]
print(os.getuid(), os.getgid(), os.getgroups(), *capabilities, status["NoNewPrivs"], status["Seccomp"])
for do in (lambda: os.setuid(0), lambda: os.chroot("/job"), lambda: os.kill(1, 9), lambda: os.nice(-5)):
    try:
        do(); print("DONE")
    except OSError: pass
"""
NO_NAMES = """
import os, socket
print(socket.gethostname(), *map(os.path.exists, ("/etc/machine-id", "/var/run/docker.sock")))
"""
INSIDE = {
    "no way out": (NO_WAY_OUT, b"1 1\n"),
    "nobody's secret": (NO_SECRETS, b"[]\n"),
    "nothing to write to but the work space": (NOTHING_TO_WRITE, b"done\n"),
    "no privilege": (NO_PRIVILEGE, b"10001 10001 [] 0 0 0 1 2\n"),
    "no name that tells something": (NO_NAMES, b"sandbox False False\n"),
}


@pytest.mark.parametrize("what", INSIDE)
def test_from_inside_there_is(run: Run, what: str) -> None:
    program, expected = INSIDE[what]
    outcome = run(program)
    assert (outcome.stdout, outcome.verdict) == (expected, Verdict.OK), outcome.stderr


def test_a_container_killed_from_outside_is_our_trouble(
    sandbox: DockerSandbox, engine: docker.DockerClient, job: Callable[..., Job]
) -> None:
    ended = while_running(sandbox, engine, job("import time; time.sleep(15)"), lambda row: row.kill())
    assert isinstance(ended, SandboxUnavailable)


def test_a_supervisor_that_says_nothing_more_is_given_up(
    sandbox: DockerSandbox,
    engine: docker.DockerClient,
    job: Callable[..., Job],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(running, "OUTER_S", 2.0)
    sleeper = job("import time; time.sleep(60)", limits={"wall_s": 2.0})
    began = time.monotonic()
    ended = while_running(sandbox, engine, sleeper, lambda container: container.pause())
    assert isinstance(ended, SandboxUnavailable)
    assert time.monotonic() - began < 20


def test_clearing_removes_what_no_lease_owns_and_nothing_else(
    sandbox: DockerSandbox, engine: docker.DockerClient, job: Callable[..., Job]
) -> None:
    class AllBut:
        def __contains__(self, lease: object) -> bool:
            return lease != sleeper.lease

    sleeper = job("import time; time.sleep(15)")
    cleared: list[int] = []
    other = engine.containers.create(sleeper.shape.image, ["true"], labels={"leitai.lease": "somebody.else"})
    try:
        ended = while_running(
            sandbox,
            engine,
            sleeper,
            lambda _: cleared.append(sandbox.clear(AllBut()).containers),  # type: ignore[arg-type]  # it holds leases
        )
        assert isinstance(ended, SandboxUnavailable)
        assert cleared == [1]
        assert engine.containers.get(other.id).id == other.id
    finally:
        other.remove(force=True)
