"""What an engine's own words, and what was seen in a container, say of its protections."""

from pathlib import Path
from typing import Any

import docker
import pytest

from sandbox.examining import examine
from sandbox.images import image_tag
from sandbox.job import SandboxUnavailable
from sandbox.posture import Asked, Facts, Grade, Point, Quota, posture, serious

# As recorded of engines, without what no point asks for.
DEBIAN_12: dict[str, Any] = {
    "ServerVersion": "20.10.24+dfsg1", "KernelVersion": "6.1.0", "CgroupDriver": "cgroupfs",
    "CgroupVersion": "1", "Runtimes": {"runc": {"path": "runc"}, "io.containerd.runc.v2": {"path": "runc"}},
    "DefaultRuntime": "runc", "SecurityOptions": ["name=seccomp,profile=default"], "Driver": "overlay2",
    "DriverStatus": [["Backing Filesystem", "extfs"], ["Supports d_type", "true"]], "MemoryLimit": True,
    "SwapLimit": True, "PidsLimit": True, "CpuCfsPeriod": True, "CpuCfsQuota": True,
    "LiveRestoreEnabled": False, "ExperimentalBuild": False,
    "Warnings": ["WARNING: IPv4 forwarding is disabled"],
}  # fmt: skip
HARDENED = DEBIAN_12 | {
    "ServerVersion": "28.2.2", "CgroupVersion": "2", "CgroupDriver": "systemd", "Warnings": None,
    "Runtimes": {"runc": {"path": "runc"}, "runsc": {"path": "/usr/bin/runsc"}}, "LiveRestoreEnabled": True,
    "SecurityOptions": ["name=apparmor", "name=seccomp,profile=builtin", "name=userns", "name=cgroupns"],
}  # fmt: skip
ROOTLESS = HARDENED | {"SecurityOptions": ["name=seccomp,profile=builtin", "name=rootless", "name=cgroupns"]}
SEEN: dict[str, Any] = {
    "no_new_privileges": True, "seccomp": 2, "capabilities": 0, "user": 10001, "root_is": 0,
    "calls": {"io_uring": False, "keyctl": False, "unshare": False}, "confinement": "", "interfaces": ["lo"],
    "routes": 0, "metadata_reached": False, "core": [0, 0], "open_files": [1024, 1024], "memory": 323108864,
    "swap": 0, "processes": 136, "processor_time": 100000, "names": [], "written": [], "variables": [],
    "host_name": "sandbox",
}  # fmt: skip
GOOD, WEAK, SERIOUS, UNKNOWN = Grade.GOOD, Grade.WEAK, Grade.SERIOUS, Grade.UNKNOWN


def points(info: dict[str, Any], seen: dict[str, Any] | None = SEEN, **more: Any) -> dict[str, Point]:
    return {point.name: point for point in posture(Facts(info, seen=seen, **more))}


def grades(found: dict[str, Point], *wanted: Grade) -> set[str]:
    return {name for name, point in found.items() if point.grade in wanted}


def test_a_plain_engine_of_debian_lacks_nothing_serious() -> None:
    found = points(DEBIAN_12, quota=Quota())
    assert grades(found, WEAK) == {"cgroup", "runtime", "users", "confinement", "storage", "restart"}
    assert grades(found, SERIOUS, UNKNOWN) == set()
    assert not serious(found.values())
    assert found["storage"].found == "overlay2 on extfs; no quota for containers and volumes"


def test_a_hardened_engine_lacks_nothing() -> None:
    seen = SEEN | {"confinement": "docker-default (enforce)", "root_is": 100000}
    found = points(HARDENED, seen, asked=Asked(runtime="runsc"), quota=Quota(containers=True, volumes=True))
    assert grades(found, WEAK, SERIOUS, UNKNOWN) == set()
    found = points(HARDENED, seen, quota=Quota(containers=True, volumes=True))
    assert grades(found, WEAK) == {"runtime"}
    assert found["runtime"].found == "runc; runsc is there, not used"
    assert found["users"].found == "userns-remap, root is 100000 outside"


def test_gvisor_keeps_its_accounts_and_its_answers_to_itself() -> None:
    unbounded = dict.fromkeys(("memory", "swap", "processes", "processor_time"))
    calls = {"io_uring": True, "keyctl": False, "unshare": True}
    seen = SEEN | unbounded | {"seccomp": 0, "calls": calls, "names": ["/proc/cmdline"]}
    found = points(HARDENED, seen, asked=Asked(runtime="runsc"), quota=Quota())
    assert grades(found, WEAK, SERIOUS, UNKNOWN) == {"storage"}


def test_a_rootless_engine_needs_no_remapping() -> None:
    found = points(ROOTLESS)
    assert found["users"] == Point("users", GOOD, "rootless engine")
    assert found["confinement"].grade == WEAK


def test_what_nobody_could_look_into_is_not_called_good() -> None:
    found = points(DEBIAN_12, None)
    unseen = {"seccomp", "privileges", "network", "names", "places", "ulimits", "storage"}
    assert grades(found, UNKNOWN) == unseen
    assert found["memory"] == Point("memory", GOOD, "the engine can bound it")


@pytest.mark.parametrize(
    ("name", "info", "grade"),
    [
        ("engine", {"ServerVersion": "19.03.15"}, WEAK),
        ("engine", {"ServerVersion": "20.10.7"}, WEAK),
        ("engine", {"ServerVersion": "24.0.0-rc.1"}, GOOD),
        ("engine", {"ServerVersion": "dev"}, WEAK),
        ("cgroup", {"CgroupVersion": "2"}, GOOD),
        ("cgroup", {"CgroupVersion": ""}, WEAK),
        ("runtime", {"DefaultRuntime": "kata"}, SERIOUS),
        ("runtime", {"Runtimes": {"runsc-kvm": {}}, "DefaultRuntime": "runsc-kvm"}, GOOD),
        ("seccomp", {"SecurityOptions": []}, SERIOUS),
        ("confinement", {"SecurityOptions": ["name=selinux"]}, WEAK),
        ("experimental", {"ExperimentalBuild": True}, WEAK),
        ("restart", {"LiveRestoreEnabled": True}, GOOD),
        ("storage", {"Driver": "btrfs", "DriverStatus": None}, GOOD),
    ],
)
def test_the_engine_says(name: str, info: dict[str, Any], grade: Grade) -> None:
    assert points(DEBIAN_12 | info)[name].grade == grade


@pytest.mark.parametrize(
    ("flag", "name", "grade"),
    [
        ("MemoryLimit", "memory", SERIOUS),
        ("PidsLimit", "processes", SERIOUS),
        ("SwapLimit", "swap", WEAK),
        ("CpuCfsQuota", "processors", WEAK),
    ],
)
def test_a_bound_that_the_kernel_cannot_keep_is_missing(flag: str, name: str, grade: Grade) -> None:
    assert points(DEBIAN_12 | {flag: False}, None)[name] == Point(name, grade, "not bounded")


@pytest.mark.parametrize(
    ("name", "seen", "grade"),
    [
        ("seccomp", {"seccomp": 0}, SERIOUS),
        ("seccomp", {"calls": {"io_uring": False, "keyctl": True, "unshare": False}}, SERIOUS),
        ("seccomp", {"calls": {"io_uring": True, "keyctl": False, "unshare": False}}, WEAK),
        ("privileges", {"no_new_privileges": False}, SERIOUS),
        ("privileges", {"capabilities": 1}, SERIOUS),
        ("privileges", {"user": 0}, SERIOUS),
        ("network", {"interfaces": ["lo", "eth0"]}, SERIOUS),
        ("network", {"routes": 1}, SERIOUS),
        ("network", {"metadata_reached": True}, SERIOUS),
        ("names", {"names": ["/sys/block/vda/serial"]}, WEAK),
        ("names", {"variables": ["LEITAI_SECRET_KEY"]}, WEAK),
        ("places", {"written": ["/etc"]}, SERIOUS),
        ("memory", {"memory": None}, SERIOUS),
        ("processes", {"processes": None}, SERIOUS),
        ("swap", {"swap": None}, WEAK),
        ("swap", {"swap": 323108864}, WEAK),
        ("processors", {"processor_time": None}, WEAK),
        ("ulimits", {"core": [0, -1]}, WEAK),
        ("ulimits", {"open_files": [1024, 1073741816]}, WEAK),
    ],
)
def test_what_a_program_saw_weighs_more_than_what_the_engine_says(
    name: str, seen: dict[str, Any], grade: Grade
) -> None:
    assert points(DEBIAN_12)[name].grade == GOOD
    assert points(DEBIAN_12, SEEN | seen)[name].grade == grade


def test_userns_remap_that_is_not_in_force_is_told() -> None:
    assert points(HARDENED, SEEN | {"root_is": 0})["users"].grade == WEAK


def test_apparmor_that_does_not_hold_containers_is_told() -> None:
    assert points(HARDENED, SEEN | {"confinement": "unconfined"})["confinement"].grade == WEAK


def test_an_engine_that_listens_to_everybody_is_told() -> None:
    warning = (
        "WARNING: API is accessible on http://0.0.0.0:2375 without encryption.\n"
        "         Access to the remote API is equivalent to root access on the host."
    )
    found = points(DEBIAN_12 | {"Warnings": [warning]})["access"]
    assert found == Point("access", SERIOUS, "0.0.0.0:2375, without TLS")


@pytest.mark.parametrize(
    ("asked", "grade"),
    [
        (Asked("tcp://10.0.0.5:2375"), SERIOUS),
        (Asked("tcp://10.0.0.5:2376", tls=True), GOOD),
        (Asked("ssh://scorer"), GOOD),
    ],
)
def test_the_way_to_the_engine_counts(asked: Asked, grade: Grade) -> None:
    assert points(DEBIAN_12, asked=asked)["access"].grade == grade


@pytest.mark.engine
def test_the_real_engine_is_looked_into(host: str, engine: docker.DockerClient) -> None:
    facts, trouble = examine(host, "", "", image_tag("runtime"))
    assert trouble == ""
    assert grades({point.name: point for point in posture(facts)}, SERIOUS, UNKNOWN) == set()
    assert engine.api.containers(all=True, filters={"name": "leitai-doctor"}) == []
    assert engine.volumes.list(filters={"name": "leitai-doctor"}) == []


@pytest.mark.engine
def test_our_profile_is_told_from_the_engines_and_from_none(host: str, tmp_path: Path) -> None:
    everything = tmp_path / "everything.json"
    everything.write_text('{"defaultAction": "SCMP_ACT_ALLOW"}')
    found = {}
    for profile in ("engine", str(everything)):
        facts, _ = examine(host, "", profile, image_tag("runtime"))
        found[profile] = {point.name: point.grade for point in posture(facts)}["seccomp"]
    assert found == {"engine": WEAK, str(everything): SERIOUS}


@pytest.mark.engine
def test_an_image_or_runtime_that_is_not_there_is_said(host: str) -> None:
    facts, trouble = examine(host, "", "", "leitai-runtime:nobody-built-it")
    assert facts.seen is None
    assert "leitai images build" in trouble
    facts, trouble = examine(host, "runsc-of-nobody", "", image_tag("runtime"))
    assert "runsc-of-nobody" in trouble
    assert serious(posture(facts))


def test_no_engine_is_no_posture() -> None:
    with pytest.raises(SandboxUnavailable):
        examine("unix:///nowhere/docker.sock", "", "", "leitai-runtime:any")
