"""Where the kernel is not Linux but gVisor: no accounts, no descriptor of a process, threads of its own."""

import errno
import os
import select

import pytest

from sandbox import containers
from sandbox.containers import Engine
from sandbox.inside import ending, measuring
from sandbox.job import Limits, Shape

# A name may hold what looks like the end of a name.
STAT = "7 (a) b) S 1 7 7 0 -1 4194560 100 0 0 0 {} {} {} {} 20 0 1 0 100 1000 50"


def test_without_accounts_processes_tell_what_they_use(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {
        "stat": [STAT.format(10, 20, 30, 40), STAT.format(1, 2, 3, 4)],
        "statm": ["900 50 1", "800 25 1", ""],
    }
    monkeypatch.setattr(measuring, "ROOT", "/nowhere")
    monkeypatch.setattr(measuring, "_of_processes", lambda name: iter(told[name]))
    assert measuring.cpu_s() == 110 / os.sysconf("SC_CLK_TCK")
    assert measuring.memory_bytes() == 75 * os.sysconf("SC_PAGE_SIZE")
    assert measuring.memory_kills() == 0


def test_processes_are_found_where_the_kernel_keeps_them() -> None:
    assert f"{os.getpid()} (" in "".join(measuring._of_processes("stat"))


def test_the_end_of_a_child_is_told_without_a_descriptor_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(pid: int) -> int:
        raise OSError(errno.ENOSYS, "Function not implemented")

    monkeypatch.setattr(os, "pidfd_open", missing)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.read(reading, 1)
        os._exit(7)
    told = ending.descriptor(child)
    assert select.select([told], [], [], 0.1)[0] == []
    os.write(writing, b"x")
    assert select.select([told], [], [], 10)[0] == [told]
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    for descriptor in (told, reading, writing):
        os.close(descriptor)


def test_gvisor_may_have_threads_of_its_own() -> None:
    shape = Shape("image", Limits(processes=40))
    made = {name: containers.settings(shape, {}, Engine(name, ""), {}) for name in ("", "runsc", "runsc-kvm")}
    assert {name: given["pids_limit"] for name, given in made.items()} == {
        "": 48, "runsc": 416, "runsc-kvm": 416,
    }  # fmt: skip
