"""What the container used, from the kernel's own accounts (cgroup 1 or 2), which no program can forge."""

import os
from collections.abc import Iterable, Iterator

ROOT = "/sys/fs/cgroup"


def cpu_s() -> float:
    """Processor time of every process of the container so far, children and orphans too."""
    usage = _number(f"{ROOT}/cpuacct/cpuacct.usage")
    if usage is not None:
        return usage / 1e9
    usage = _table([f"{ROOT}/cpu.stat"]).get("usage_usec")
    return usage / 1e6 if usage is not None else _cpu_told_s()


def memory_bytes() -> int:
    """Memory now, without what the kernel merely keeps of files that were read."""
    rows = _table([f"{ROOT}/memory/memory.stat", f"{ROOT}/memory.stat"])
    if "total_rss" in rows:
        return rows["total_rss"] + rows.get("total_shmem", 0)
    return rows.get("anon", 0) + rows.get("shmem", 0) if rows else _memory_told()


def memory_kills() -> int:
    """How many processes the kernel killed for want of memory."""
    return _table([f"{ROOT}/memory/memory.oom_control", f"{ROOT}/memory.events"]).get("oom_kill", 0)


def _cpu_told_s() -> float:
    """Where there are no accounts, as in gVisor: what processes used, and those they have buried."""
    rows = (row.rpartition(") ")[2].split() for row in _of_processes("stat"))
    return sum(sum(map(int, row[11:15])) for row in rows) / os.sysconf("SC_CLK_TCK")


def _memory_told() -> int:
    """The same: what processes hold, shared pages counted by each."""
    rows = (row.split() for row in _of_processes("statm"))
    return sum(int(row[1]) for row in rows if len(row) > 1) * os.sysconf("SC_PAGE_SIZE")


def _of_processes(name: str) -> Iterator[str]:
    for number in os.listdir("/proc"):  # noqa: PTH208 no pathlib in here
        if number.isdigit():
            try:
                with open(f"/proc/{number}/{name}") as file:  # noqa: PTH123 as above
                    yield file.read()
            except OSError:
                continue


def lives(user: int) -> bool:
    """Whether any process belongs to this user, one that only waits to be buried too."""
    mark = f"\nUid:\t{user}\t"
    return any(mark in row for row in _of_processes("status"))


def peak(pid: int) -> int:
    """The most memory that one process had at once; 0 when it is gone."""
    for line in _lines(f"/proc/{pid}/status"):
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


def all_stopped() -> bool:
    """Whether no thread of any process but process 1 can run."""
    for name in os.listdir("/proc"):  # noqa: PTH208 no pathlib in here
        if name.isdigit() and name != "1" and not _is_stopped(f"/proc/{name}/task"):
            return False
    return True


def _is_stopped(tasks: str) -> bool:
    try:
        names = os.listdir(tasks)  # noqa: PTH208 as above
    except OSError:
        return True
    lines = (_lines(f"{tasks}/{name}/stat") for name in names)
    # Stopped, traced, dead, being buried.
    return all(not found or found[0].rpartition(")")[2].split()[0] in "TtZX" for found in lines)


def _lines(path: str) -> list[str]:
    try:
        with open(path) as file:  # noqa: PTH123 no pathlib in here
            return file.readlines()
    except OSError:
        return []


def _number(path: str) -> int | None:
    try:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 read many times a second
            return int(file.read(64))
    except (OSError, ValueError):
        return None


def _table(paths: Iterable[str]) -> dict[str, int]:
    for path in paths:
        try:
            with open(path, "rb", buffering=0) as file:  # noqa: PTH123 read many times a second
                rows = (line.split() for line in file.read(65_536).decode().splitlines())
                return {row[0]: int(row[1]) for row in rows if len(row) == 2 and row[1].isdigit()}
        except OSError:
            continue
    return {}
