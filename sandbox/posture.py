"""What an engine protects, and what it does not: facts in, graded points out. The words stand elsewhere."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

GVISOR = "runsc"
LOCAL = ("unix://", "npipe://", "ssh://", "http+docker://")
SECCOMP_FILTER = 2
OPEN = "is accessible on http://"
QUOTA_DRIVERS = ("btrfs", "zfs")


class Grade(StrEnum):
    """How much a point matters as it was found."""

    GOOD = "good"
    WEAK = "weak"
    SERIOUS = "serious"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Point:
    """One protection: whether it is there, and what was found."""

    name: str
    grade: Grade
    found: str


@dataclass(frozen=True)
class Asked:
    """What the settings ask of the engine."""

    host: str = "unix:///var/run/docker.sock"
    tls: bool = False
    runtime: str = ""
    own_profile: bool = True


@dataclass(frozen=True)
class Quota:
    """Whether the engine bounds what a container, and what a volume, may hold on its disk."""

    containers: bool = False
    volumes: bool = False


@dataclass(frozen=True)
class Facts:
    """What an engine says of itself, and what a program saw in a container; nothing if none could run."""

    info: Mapping[str, Any]
    asked: Asked = Asked()
    seen: Mapping[str, Any] | None = None
    quota: Quota | None = None

    @property
    def options(self) -> dict[str, str]:
        """The engine's security options by name."""
        rows = [row.split(",") for row in self.info.get("SecurityOptions") or []]
        pairs = [dict(part.partition("=")[::2] for part in row) for row in rows]
        return {row.get("name", ""): row.get("profile", "") for row in pairs}

    @property
    def runtime(self) -> str:
        """The runtime that containers get."""
        return self.asked.runtime or str(self.info.get("DefaultRuntime", ""))

    @property
    def gvisor(self) -> bool:
        """Whether that is gVisor, whose kernel is its own."""
        return self.runtime.startswith(GVISOR) and self.runtime in (self.info.get("Runtimes") or {})


def posture(facts: Facts) -> list[Point]:
    """Every point, in the order in which a person reads them."""
    found = (
        engine, cgroup, runtime, users, seccomp, privileges, confinement, network, names, places, memory,
        swap, processes, processors, ulimits, storage, access, restart, experimental,
    )  # fmt: skip
    return [Point(point.__name__, *point(facts)) for point in found]


def serious(points: Iterable[Point]) -> bool:
    """Whether submissions of strangers should not run there."""
    return any(point.grade == Grade.SERIOUS for point in points)


def _if(good: bool | None, found: str, otherwise: Grade, unknown: str = "not tried") -> tuple[Grade, str]:
    if good is None:
        return Grade.UNKNOWN, unknown
    return (Grade.GOOD if good else otherwise), found


def engine(facts: Facts) -> tuple[Grade, str]:
    """Before 20.10.10 a profile cannot say that a call does not exist, and threads fail."""
    version = str(facts.info.get("ServerVersion", ""))
    numbers = tuple(int(part) for part in version.partition("+")[0].split(".")[:3] if part.isdigit())
    system = facts.info.get("KernelVersion", "")
    return _if(numbers >= (20, 10, 10), f"Docker {version}, Linux {system}", Grade.WEAK)


def cgroup(facts: Facts) -> tuple[Grade, str]:
    """Version 2 accounts memory, its write-back and swap together."""
    version = str(facts.info.get("CgroupVersion") or "1")
    return _if(version == "2", f"version {version}, {facts.info.get('CgroupDriver', '')}", Grade.WEAK)


def runtime(facts: Facts) -> tuple[Grade, str]:
    """A runtime that the settings name and the engine lacks means that nothing runs."""
    known = sorted(facts.info.get("Runtimes") or {})
    if facts.runtime not in known:
        return Grade.SERIOUS, f"{facts.runtime}, which this engine does not have"
    if facts.gvisor:
        return Grade.GOOD, facts.runtime
    there = any(name.startswith(GVISOR) for name in known)
    return Grade.WEAK, f"{facts.runtime}; {GVISOR} is {'there, not used' if there else 'not installed'}"


def users(facts: Facts) -> tuple[Grade, str]:
    """Whom the kernel takes a container's root for."""
    root = facts.seen["root_is"] if facts.seen and not facts.gvisor else None
    if "rootless" in facts.options:
        return Grade.GOOD, "rootless engine"
    if "userns" in facts.options:
        tail = f", root is {root} outside" if root else ""
        return _if(root != 0, f"userns-remap{tail}", Grade.WEAK)
    return Grade.WEAK, "no remapping, not rootless"


def seccomp(facts: Facts) -> tuple[Grade, str]:
    """Whether our profile is in force, seen by calls that only it refuses."""
    if facts.gvisor:
        return Grade.GOOD, f"{GVISOR} answers calls itself"
    if "seccomp" not in facts.options:
        return Grade.SERIOUS, "the engine has none"
    if not facts.seen:
        return Grade.UNKNOWN, "not tried"
    done = sorted(name for name, was_done in facts.seen["calls"].items() if was_done)
    if facts.seen["seccomp"] != SECCOMP_FILTER or {"keyctl", "unshare"} & set(done):
        return Grade.SERIOUS, f"not in force; done: {', '.join(done) or 'no call that was tried'}"
    if done or not facts.asked.own_profile:
        return Grade.WEAK, "the engine's own profile or another; not ours"
    return Grade.GOOD, "our profile, seen in force"


def privileges(facts: Facts) -> tuple[Grade, str]:
    """A program is nobody, and cannot become somebody."""
    if not facts.seen:
        return Grade.UNKNOWN, "not tried"
    nobody = facts.seen["user"] != 0 and not facts.seen["capabilities"]
    if nobody and facts.seen["no_new_privileges"]:
        return Grade.GOOD, "no capabilities, no-new-privileges"
    return Grade.SERIOUS, "a program may gain privileges"


def confinement(facts: Facts) -> tuple[Grade, str]:
    """AppArmor or SELinux: a second guard of files, mounts and signals."""
    if facts.gvisor:
        return Grade.GOOD, f"{GVISOR} stands in between"
    name = next((name for name in ("apparmor", "selinux") if name in facts.options), "")
    if not name:
        return Grade.WEAK, "neither AppArmor nor SELinux"
    inside = str(facts.seen["confinement"]) if facts.seen else ""
    if facts.seen and inside in ("", "unconfined"):
        return Grade.WEAK, f"{name} is there, but does not hold containers"
    return Grade.GOOD, f"{name} {inside}".strip()


def network(facts: Facts) -> tuple[Grade, str]:
    """Seen from inside: no interface but the loopback, no route, no metadata service."""
    if not facts.seen:
        return Grade.UNKNOWN, "not tried"
    others = [name for name in facts.seen["interfaces"] if name != "lo"]
    if not others and not facts.seen["routes"] and not facts.seen["metadata_reached"]:
        return Grade.GOOD, "none but loopback, seen from inside"
    return Grade.SERIOUS, f"reaches out: {', '.join(others) or 'the metadata service'}"


def names(facts: Facts) -> tuple[Grade, str]:
    """What would tell this machine from another."""
    if not facts.seen:
        return Grade.UNKNOWN, "not tried"
    # The files of gVisor tell of gVisor.
    found = [*([] if facts.gvisor else facts.seen["names"]), *facts.seen["variables"]]
    return _if(not found, ", ".join(found[:3]) or "no serial, id or variable to be read", Grade.WEAK)


def places(facts: Facts) -> tuple[Grade, str]:
    """Nothing can be written but the work space."""
    if not facts.seen:
        return Grade.UNKNOWN, "not tried"
    written = facts.seen["written"]
    return _if(not written, ", ".join(written) or "only the work space can be written", Grade.SERIOUS)


def memory(facts: Facts) -> tuple[Grade, str]:
    """One program's memory."""
    return _bound(facts, "MemoryLimit", "memory", Grade.SERIOUS)


def swap(facts: Facts) -> tuple[Grade, str]:
    """What goes to the machine's swap beside it."""
    if facts.seen and not facts.gvisor:
        none = facts.seen["swap"] == 0
        return _if(none, "none, seen in force" if none else "not bounded", Grade.WEAK)
    return _bound(facts, "SwapLimit", "swap", Grade.WEAK)


def processes(facts: Facts) -> tuple[Grade, str]:
    """A fork bomb's bound."""
    return _bound(facts, "PidsLimit", "processes", Grade.SERIOUS)


def processors(facts: Facts) -> tuple[Grade, str]:
    """One program's share of the machine's time."""
    return _bound(facts, "CpuCfsQuota", "processor_time", Grade.WEAK)


def _bound(facts: Facts, flag: str, account: str, otherwise: Grade) -> tuple[Grade, str]:
    if facts.seen and facts.seen[account] is not None:
        return Grade.GOOD, "bounded, seen in force"
    # gVisor keeps its accounts outside of what a program sees.
    there = bool(facts.info.get(flag)) and (facts.seen is None or facts.gvisor)
    return _if(there, "the engine can bound it" if there else "not bounded", otherwise)


def ulimits(facts: Facts) -> tuple[Grade, str]:
    """Core files and open files."""
    if not facts.seen:
        return Grade.UNKNOWN, "not tried"
    core, files = facts.seen["core"][1], facts.seen["open_files"][1]
    return _if(core == 0 and 0 < files < 1 << 20, f"core {core}, open files {files}", Grade.WEAK)


def storage(facts: Facts) -> tuple[Grade, str]:
    """Whether the engine can bound what lies on its disk, tried by asking for a bound."""
    status = dict(facts.info.get("DriverStatus") or [])
    driver, below = str(facts.info.get("Driver", "")), status.get("Backing Filesystem", "")
    where = f"{driver} on {below}" if below else driver
    if facts.quota is None:
        return _if(driver in QUOTA_DRIVERS or None, where, Grade.WEAK, f"{where}; quota not tried")
    lacking = [name for name in ("containers", "volumes") if not getattr(facts.quota, name)]
    return _if(
        not lacking, f"{where}; no quota for {' and '.join(lacking)}" if lacking else where, Grade.WEAK
    )


def access(facts: Facts) -> tuple[Grade, str]:
    """Who may speak to the engine is root on its machine."""
    open_at = next((row for row in facts.info.get("Warnings") or [] if OPEN in row), "")
    if open_at:
        return Grade.SERIOUS, open_at.partition(OPEN)[2].split()[0].rstrip("./") + ", without TLS"
    plain = not facts.asked.host.startswith(LOCAL) and not facts.asked.tls
    return _if(not plain, "no TCP without TLS seen" if not plain else "reached without TLS", Grade.SERIOUS)


def restart(facts: Facts) -> tuple[Grade, str]:
    """What becomes of runs when the engine is restarted."""
    on = bool(facts.info.get("LiveRestoreEnabled"))
    return _if(on, "containers outlive the engine" if on else "no live-restore", Grade.WEAK)


def experimental(facts: Facts) -> tuple[Grade, str]:
    """Less tried code that runs as root."""
    on = bool(facts.info.get("ExperimentalBuild"))
    return _if(not on, "on" if on else "off", Grade.WEAK)
