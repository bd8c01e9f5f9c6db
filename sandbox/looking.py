"""A program for the sandbox that says what it sees there: standard library alone, run as a submission is."""

import ctypes
import json
import os
import platform
import re
import resource
import socket
import sys
from pathlib import Path
from typing import Any

NEW_USER = 0x10000000
GET_NO_NEW_PRIVILEGES = 39
# Refused by our profile; the engine's own lets one of them through. The same number on every 64-bit machine.
IO_URING_SETUP = 425
KEYCTL = {"x86_64": 250, "aarch64": 219}
METADATA = ("169.254.169.254", 80)
NAMES_A_MACHINE = re.compile(r"(serial|uuid|guid|wwid|wwn|eui|unique_id|boot_id|machine[-_]id|asset_tag)")
# A new one each time it is read.
NO_NAME = {"/proc/sys/kernel/random/uuid"}
HARDWARE = ("/proc/cmdline", "/proc/bus/pci/devices", "/proc/modules", "/proc/partitions", "/proc/diskstats")
ELSEWHERE = ("/", "/etc", "/usr", "/var", "/root", "/proc/sys/kernel", "/sys/fs/cgroup", "/sys/kernel")
ACCOUNTS = "/sys/fs/cgroup"
MOST_NAMED = 20


def seen() -> dict[str, Any]:
    """Everything at once, as plain values."""
    status = _status()
    return {
        "no_new_privileges": ctypes.CDLL(None).prctl(GET_NO_NEW_PRIVILEGES, 0, 0, 0, 0) == 1,
        "seccomp": int(status.get("Seccomp", 0)),
        "capabilities": int(status.get("CapEff", "0"), 16) | int(status.get("CapPrm", "0"), 16),
        "confinement": _text("/proc/self/attr/apparmor/current") or _text("/proc/self/attr/current"),
        "user": os.getuid(),
        "root_is": int((_text("/proc/self/uid_map").split() or ["0", "0"])[1]),
        "interfaces": re.findall(r"(\S+):", _text("/proc/net/dev")),
        "routes": len(_text("/proc/net/route").splitlines()[1:]),
        "metadata_reached": _reaches(METADATA),
        "core": resource.getrlimit(resource.RLIMIT_CORE),
        "open_files": resource.getrlimit(resource.RLIMIT_NOFILE),
        "memory": _number("memory.max", "memory/memory.limit_in_bytes"),
        "swap": _swap(),
        "processes": _number("pids.max", "pids/pids.max"),
        "processor_time": _number("cpu.max", "cpu/cpu.cfs_quota_us"),
        "names": _names()[:MOST_NAMED],
        "written": [folder for folder in ELSEWHERE if _writes(folder)],
        "variables": sorted(name for name in os.environ if "LEITAI" in name),
        "host_name": socket.gethostname(),
        # Last, for it may change who we are.
        "calls": _calls(),
    }


def _text(path: str) -> str:
    try:
        return Path(path).read_text(errors="replace").strip("\0\n ")
    except OSError:
        return ""


def _status() -> dict[str, str]:
    rows = (line.partition(":") for line in _text("/proc/self/status").splitlines())
    return {name: value.strip() for name, _, value in rows}


def _calls() -> dict[str, bool]:
    """Whether the kernel does what our profile refuses."""
    library = ctypes.CDLL(None, use_errno=True)
    keyctl = KEYCTL.get(platform.machine(), -1)
    return {
        "io_uring": library.syscall(IO_URING_SETUP, 1, ctypes.create_string_buffer(120)) >= 0,
        "keyctl": library.syscall(keyctl, 0, -3, 0) >= 0,
        "unshare": library.unshare(NEW_USER) == 0,
    }


def _reaches(place: tuple[str, int]) -> bool:
    with socket.socket() as asking:
        asking.settimeout(2)
        return asking.connect_ex(place) == 0


def _number(*names: str) -> int | None:
    """The first of these accounts that is there; nothing where it has no bound."""
    found = next(filter(None, (_text(f"{ACCOUNTS}/{name}") for name in names)), "")
    first = found.partition(" ")[0]
    return int(first) if first.isdigit() else None


def _swap() -> int | None:
    """How much may go to the machine's swap; the older account counts memory with it."""
    both, memory = _number("memory/memory.memsw.limit_in_bytes"), _number("memory/memory.limit_in_bytes")
    if both is not None and memory is not None:
        return both - memory
    return _number("memory.swap.max")


def _writes(folder: str) -> bool:
    try:
        (Path(folder) / "leitai-doctor").write_text("")
    except OSError:
        return False
    return True


def _names() -> list[str]:
    """Files that can be read and would tell this machine from another."""
    found = [path for path in HARDWARE if _text(path)]
    for root in ("/sys", "/proc/sys"):
        for folder, _, files in os.walk(root):
            named = (f"{folder}/{name}" for name in files if NAMES_A_MACHINE.search(name))
            found += [path for path in named if path not in NO_NAME and _text(path).strip("0-")]
    return found


def main() -> None:
    """Say it in a file of the output."""
    Path(sys.argv[2], "seen.json").write_text(json.dumps(seen()))


if __name__ == "__main__":
    main()
