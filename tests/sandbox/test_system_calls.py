"""Which system calls a program may make: ours is the shorter list, and what data science needs is on it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docker
import pytest

from sandbox.containers import PROFILE
from sandbox.docker_engine import DockerSandbox
from sandbox.job import Job, Outcome, Verdict

engine_test = pytest.mark.engine
Run = Callable[..., Outcome]

EPERM, ENOSYS, SIGSEGV, SIGCHLD, SIGSYS = 1, 38, 11, 17, 31
# Numbers and arguments on x86-64; arguments that are not given are 0.
REFUSED: dict[str, tuple[int, ...]] = {
    "ptrace": (101, 0), "syslog": (103, 10), "uselib": (134,), "personality": (135, 0x0040000),
    "ustat": (136,), "sysfs": (139, 3), "vhangup": (153,), "modify_ldt": (154,), "pivot_root": (155,),
    "adjtimex": (159,), "chroot": (161,), "sync": (162,), "acct": (163,), "settimeofday": (164,),
    "mount": (165,), "umount2": (166,), "swapon": (167,), "swapoff": (168,), "reboot": (169,),
    "sethostname": (170,), "setdomainname": (171,), "iopl": (172, 3), "ioperm": (173, 0, 1, 1),
    "init_module": (175,), "delete_module": (176,), "quotactl": (179,), "io_setup": (206, 1),
    "lookup_dcookie": (212,), "remap_file_pages": (216,), "clock_settime": (227,), "mbind": (237,),
    "set_mempolicy": (238,), "get_mempolicy": (239,), "kexec_load": (246,), "add_key": (248,),
    "request_key": (249,), "keyctl": (250, 0, -3), "migrate_pages": (256,), "unshare": (272, 0x10000000),
    "vmsplice": (278,), "move_pages": (279,), "perf_event_open": (298,), "fanotify_init": (300,),
    "name_to_handle_at": (303,), "open_by_handle_at": (304,), "clock_adjtime": (305,), "syncfs": (306, 1),
    "setns": (308,), "process_vm_readv": (310,), "process_vm_writev": (311,), "kcmp": (312, 1, 1),
    "finit_module": (313,), "seccomp": (317, 2), "kexec_file_load": (320,), "bpf": (321,),
    "userfaultfd": (323, 1), "io_uring_setup": (425, 1), "io_uring_enter": (426,),
    "io_uring_register": (427,), "open_tree": (428, -100), "move_mount": (429, -100), "fsopen": (430,),
    "fsconfig": (431,), "fsmount": (432,), "fspick": (433, -100), "pidfd_getfd": (438,),
    "process_madvise": (440,), "mount_setattr": (442, -100), "quotactl_fd": (443,),
    "landlock_create_ruleset": (444,), "memfd_secret": (447,), "process_mrelease": (448,),
    **{f"clone {flag:#x}": (56, flag | SIGCHLD) for flag in
       (0x20000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000)},
    **{f"socket {name}": (41, family, kind) for name, family, kind in
       (("AX25", 3, 2), ("NETLINK", 16, 3), ("PACKET", 17, 3), ("CAN", 29, 3), ("TIPC", 30, 1),
        ("BLUETOOTH", 31, 3), ("ALG", 38, 5), ("VSOCK", 40, 1), ("XDP", 44, 3))},
    **{f"socket INET {name}": (41, family, 1, protocol) for name, family, protocol in
       (("SCTP", 2, 132), ("MPTCP", 2, 262), ("SCTP6", 10, 132))},
    "socket above 32 bits": (41, (1 << 32) + 16, 3), "socketpair TIPC": (53, 30, 1),
}  # fmt: skip
# Not refused but not there, as on an older kernel: libraries then take the older call.
ABSENT: dict[str, tuple[int, ...]] = {
    "clone3": (435,), "set_mempolicy_home_node": (450,), "fchmodat2": (452,), "statmount": (457,),
    "listmount": (458,), "open_tree_attr": (467,), "a call of the future": (900,),
}  # fmt: skip
# What the kernel itself would let everybody do: here the profile alone stands in between.
OPEN_TO_ALL = (
    "personality", "sysfs", "sync", "syncfs", "keyctl", "get_mempolicy", "name_to_handle_at",
    "io_uring_setup", "socket NETLINK", "clone 0x10000000", "ptrace", "unshare",
)  # fmt: skip
CALLS = """
import ctypes, json, os, sys
ask = ctypes.CDLL(None, use_errno=True).syscall
for name, (number, *given) in json.loads({calls!r}).items():
    ctypes.set_errno(0)
    result = ask(ctypes.c_long(number), *map(ctypes.c_long, (given + [0] * 6)[:6]))
    if result == 0 and name.startswith("clone"):
        os._exit(0)
    if result > 0 and name.startswith("clone"):
        os.waitpid(result, 0)
    print(json.dumps([name, result, ctypes.get_errno()]), flush=True)
"""
MACHINE_CODE = """
import ctypes, mmap
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(bytes.fromhex({code!r}))
call = ctypes.CFUNCTYPE(ctypes.c_long)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
print("about to call", flush=True)
print("came back with", call(), flush=True)
"""
# mov eax, 20 (getpid of 32 bits, writev of 64); int 0x80; ret
INT_80 = "b814000000cd80c3"
# mov eax, 0x40000027 (getpid of x32); syscall; ret
X32 = "b8270000400f05c3"


def answers(outcome: Outcome) -> dict[str, tuple[int, int]]:
    """What each call gave: its result and its errno."""
    assert outcome.verdict == Verdict.OK, outcome.stderr
    rows = map(json.loads, outcome.stdout.splitlines())
    return {name: (result, errno) for name, result, errno in rows}


@pytest.fixture
def x86(engine: docker.DockerClient) -> None:
    if engine.info()["Architecture"] != "x86_64":
        pytest.skip("the numbers of the calls are those of x86-64")


@engine_test
@pytest.mark.parametrize(("calls", "errno"), [(REFUSED, EPERM), (ABSENT, ENOSYS)])
def test_each_call_is_refused(run: Run, x86: None, calls: dict[str, tuple[int, ...]], errno: int) -> None:
    found = answers(run(CALLS.format(calls=json.dumps(calls))))
    assert found == dict.fromkeys(calls, (-1, errno))


@engine_test
def test_without_the_profile_the_same_calls_are_done(
    job: Callable[..., Job], tmp_path: Path, x86: None, everything: DockerSandbox
) -> None:
    """Else the test above would show nothing."""
    calls = {name: REFUSED[name] for name in OPEN_TO_ALL}
    found = answers(everything.run(job(CALLS.format(calls=json.dumps(calls)))))
    assert [name for name, (_, errno) in found.items() if errno in (EPERM, ENOSYS)] == []


@pytest.fixture
def everything(tmp_path: Path, host: str) -> Iterator[DockerSandbox]:
    """The sandbox under a profile that lets every call through."""
    profile = tmp_path / "everything.json"
    profile.write_text('{"defaultAction": "SCMP_ACT_ALLOW"}')
    own = DockerSandbox(host, seccomp_profile=str(profile))
    yield own
    own.settle()


@engine_test
@pytest.mark.parametrize("code", [INT_80, X32], ids=["32 bits", "x32"])
def test_calls_of_another_architecture_end_the_program(run: Run, x86: None, code: str) -> None:
    outcome = run(MACHINE_CODE.format(code=code))
    assert outcome.stdout == b"about to call\n"
    assert outcome.verdict == Verdict.RUNTIME_ERROR
    assert outcome.signal in (SIGSYS, SIGSEGV)


def rules() -> list[dict[str, Any]]:
    return list(json.loads(PROFILE.read_text())["syscalls"])


def test_the_profile_allows_nothing_that_the_engine_would_not() -> None:
    listed = (Path(__file__).parent / "engine_allows.txt").read_text().splitlines()
    engines = {line for line in listed if not line.startswith("#")}
    ours = {name for rule in rules() if rule["action"] == "SCMP_ACT_ALLOW" for name in rule["names"]}
    assert ours - engines == set()
    assert len(ours) < 260


def test_the_profile_knows_no_second_architecture_of_a_machine() -> None:
    profile = json.loads(PROFILE.read_text())
    assert profile["defaultAction"] == "SCMP_ACT_ERRNO"
    assert [row["subArchitectures"] for row in profile["archMap"]] == [[], []]


def test_each_rule_that_asks_for_arguments_says_why() -> None:
    assert [rule for rule in rules() if not rule.get("comment")] == []
    free = {name for rule in rules() if not rule.get("args") for name in rule["names"]}
    bound = {name for rule in rules() if rule.get("args") for name in rule["names"]}
    assert free & bound == set()
    assert bound == {"clone", "personality", "socket", "socketpair"}


WORKING = {
    "threads": """
import concurrent.futures, threading
with concurrent.futures.ThreadPoolExecutor(8) as pool:
    print(sum(pool.map(lambda n: n * n, range(100))), threading.Barrier(1).wait())
""",
    "processes": """
import multiprocessing
def square(n): return n * n
if __name__ == "__main__":
    for method in ("fork", "spawn", "forkserver"):
        with multiprocessing.get_context(method).Pool(2) as pool:
            print(method, sum(pool.map(square, range(100))))
""",
    "shared memory, locks and queues": """
import multiprocessing as mp
from multiprocessing import shared_memory
def work(name, lock, queue):
    block = shared_memory.SharedMemory(name)
    with lock: block.buf[0] += 1
    queue.put(bytes(block.buf[:1])); block.close()
if __name__ == "__main__":
    block = shared_memory.SharedMemory(create=True, size=4096)
    lock, queue = mp.Lock(), mp.Queue()
    workers = [mp.Process(target=work, args=(block.name, lock, queue)) for _ in range(3)]
    [w.start() for w in workers]; [queue.get() for w in workers]; [w.join() for w in workers]
    print(block.buf[0]); block.close(); block.unlink()
""",
    "joblib": """
import joblib
def square(n): return n * n
for backend in ("loky", "threading", "multiprocessing"):
    print(backend, sum(joblib.Parallel(2, backend=backend)(joblib.delayed(square)(n) for n in range(20))))
""",
    "events, sockets and programs": """
import asyncio, subprocess, sys
async def serve():
    async def echo(reader, writer):
        writer.write(await reader.readline()); writer.close()
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(b"hello\\n"); print(await reader.readline())
asyncio.run(serve())
print(subprocess.run([sys.executable, "-c", "print(1 + 1)"], capture_output=True).stdout)
""",
    "numpy, pandas and polars": """
import numpy as np, pandas as pd, polars as pl
a = np.random.default_rng(0).normal(size=(500, 500))
print(np.linalg.solve(a, a).trace().round(), pd.DataFrame(a).groupby(0).sum().shape)
frame = pl.DataFrame({"g": [1, 2] * 5000, "v": range(10000)})
print(frame.lazy().group_by("g").agg(pl.col("v").sum()).collect().shape)
frame.write_parquet("/tmp/a.parquet"); print(pl.scan_parquet("/tmp/a.parquet").collect().shape)
""",
    "scikit-learn and lightgbm": """
import numpy as np, lightgbm
from sklearn.ensemble import RandomForestRegressor
from sklearn.model_selection import cross_val_score
x = np.random.default_rng(0).normal(size=(300, 5)); y = x.sum(axis=1)
print(cross_val_score(RandomForestRegressor(20, n_jobs=2), x, y, n_jobs=2).shape)
print(lightgbm.LGBMRegressor(n_estimators=5, n_jobs=2, verbose=-1).fit(x, y).predict(x).shape)
""",
}


@engine_test
@pytest.mark.parametrize("what", WORKING)
def test_what_teams_use_works(run: Run, what: str) -> None:
    limits = {"memory_bytes": 1_500_000_000, "wall_s": 60.0, "cpu_s": 60.0, "cpus": 2.0}
    outcome = run(WORKING[what], limits=limits)
    assert (outcome.verdict, outcome.stderr) == (Verdict.OK, b"")
    assert outcome.stdout
