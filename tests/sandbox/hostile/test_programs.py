"""Programs that attack: each ends with its verdict, soon, and leaves nothing to the next one.

The numbers are those of the list of attacks that a competition platform meets.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import docker
import pytest

from sandbox.job import Outcome, Verdict

pytestmark = pytest.mark.engine
OK, ERROR = Verdict.OK, Verdict.RUNTIME_ERROR
TIME, MEMORY, OUTPUT = Verdict.TIME_LIMIT, Verdict.MEMORY_LIMIT, Verdict.OUTPUT_LIMIT
INVALID = Verdict.INVALID_OUTPUT


@dataclass(frozen=True)
class Attack:
    """A program, how it may end, and how soon."""

    program: str
    verdicts: tuple[Verdict, ...]
    limits: dict[str, Any] = field(default_factory=dict)
    within_s: float = 20.0


FAST = {"wall_s": 3.0, "cpu_s": 3.0}
ATTACKS = {
    "09 fork bomb": Attack(
        "import os\nwhile True:\n  try: os.fork()\n  except OSError: pass", (TIME, MEMORY), FAST
    ),
    "09 thread bomb": Attack(
        "import threading, time\nwhile True:\n"
        "  try: threading.Thread(target=time.sleep, args=(60,)).start()\n  except RuntimeError: pass",
        (TIME, MEMORY, ERROR),
        FAST,
    ),
    "10 cpu time in children whose ends nobody counts": Attack(
        "import os, signal, time\nsignal.signal(signal.SIGCHLD, signal.SIG_IGN)\n"
        "for _ in range(3):\n  if not os.fork():\n    while True: pass\ntime.sleep(60)",
        (TIME,),
        {"cpu_s": 2.0},
    ),
    "10 sleeping past the wall limit": Attack("import time; time.sleep(99)", (TIME,), {"wall_s": 1.0}),
    "11 a survivor in a session of its own": Attack(
        "import os, time\nif not os.fork():\n  os.setsid()\n  if not os.fork():\n    time.sleep(3)\n"
        "    open('/job/output/late', 'w').write('x')\n    time.sleep(60)\n  os._exit(0)",
        (OK,),
        within_s=6.0,
    ),
    "12 ignoring signals": Attack(
        "import signal, time\nfor n in range(1, 65):\n  try: signal.signal(n, signal.SIG_IGN)\n"
        "  except (OSError, ValueError): pass\nwhile True: time.sleep(1)",
        (TIME,),
        FAST,
    ),
    "12 blocking at exit": Attack("import atexit, time; atexit.register(time.sleep, 60)", (TIME,), FAST),
    "13 memory by mmap": Attack(
        "import mmap\nm = mmap.mmap(-1, 2_000_000_000)\nfor n in range(0, len(m), 4096): m[n] = 1", (MEMORY,)
    ),
    "13 memory in /dev/shm": Attack(
        "f = open('/dev/shm/x', 'wb')\nwhile True: f.write(bytes(1_000_000))", (ERROR, MEMORY, OUTPUT)
    ),
    "14 a sparse file of ten terabytes": Attack(
        "open('/job/output/x', 'wb').truncate(10**13)", (OUTPUT, ERROR)
    ),
    "14 a sparse file just within the work space": Attack(
        "open('/job/output/x', 'wb').truncate(60_000_000)", (OUTPUT,), {"output_bytes": 1_000_000}
    ),
    "14 inodes without end": Attack(
        "import os\nfor n in range(10**9): open(f'/job/output/{n}', 'w').close()",
        (ERROR, OUTPUT, TIME, MEMORY),
        FAST,
    ),
    "14 a full /tmp": Attack(
        "f = open('/tmp/x', 'wb')\nwhile True: f.write(bytes(1_000_000))", (ERROR, OUTPUT, MEMORY)
    ),
    "15 output without end": Attack("import os\nwhile True: os.write(1, b'x' * 65536)", (TIME,), FAST),
    "15 errors without end": Attack("import os\nwhile True: os.write(2, b'\\x1b[31m' * 9999)", (TIME,), FAST),
    "19 writing to the supervisor's streams": Attack(
        "import os\nfor n in range(10):\n"
        "  for place in (f'/proc/1/fd/{n}', '/dev/console', '/proc/1/task/1/fd/1'):\n"
        '    try: open(place, "wb").write(b\'{"type":"outcome","size":16}\\n{"verdict":"ok"}\')\n'
        "    except OSError: pass\nraise SystemExit(5)",
        (ERROR,),
    ),
    "19 tracing and killing the supervisor": Attack(
        "import ctypes, os, signal\nc = ctypes.CDLL(None)\nassert c.ptrace(16, 1, 0, 0) == -1\n"
        "assert c.ptrace(0x4206, 1, 0, 0) == -1\n"
        "for n in range(1, 65):\n  try: os.kill(1, n); raise SystemExit(9)\n  except PermissionError: pass",
        (OK,),
    ),
    "20 what the kernel should refuse": Attack(
        "import ctypes, os\nc = ctypes.CDLL(None, use_errno=True)\n"
        "calls = {'mount': 165, 'unshare': 272, 'keyctl': 250, 'bpf': 321, 'setns': 308, 'add_key': 248,\n"
        "         'pivot_root': 155, 'init_module': 175, 'kexec_load': 246, 'userfaultfd': 323}\n"
        "for name, number in calls.items():\n  arguments = (0x10000000, 0, 0, 0, 0)\n"
        "  if c.syscall(number, *arguments) >= 0: print('ALLOWED', name)\n"
        "assert os.getuid() == 10001 and os.system('test -u /bin/su && /bin/su -c id < /dev/null') != 0",
        (OK,),
    ),
    "20 what the engine's own profile lets through": Attack(
        "import ctypes, errno, socket\nc = ctypes.CDLL(None, use_errno=True)\n"
        "for name, number in {'ptrace': 101, 'io_uring_setup': 425, 'process_vm_readv': 310}.items():\n"
        "  if c.syscall(number, 0, 0, 0, 0, 0, 0) >= 0 or ctypes.get_errno() != errno.EPERM:\n"
        "    print('ALLOWED', name)\n"
        "for family in (socket.AF_NETLINK, socket.AF_PACKET, 38, 40):\n"
        "  try: socket.socket(family, socket.SOCK_RAW); print('ALLOWED', family)\n  except OSError: pass",
        (OK,),
    ),
    "21 device nodes": Attack(
        "import os, stat\ntry: os.mknod('/job/output/x', stat.S_IFBLK | 0o666, os.makedev(254, 0))\n"
        "except PermissionError: raise SystemExit(7)",
        (ERROR,),
    ),
    "22 core dumps": Attack(
        "import os\nfor place in ('/proc/sys/kernel/core_pattern', '/proc/sysrq-trigger'):\n"
        "  try: open(place, 'w').write('x'); print('WROTE')\n  except OSError: pass\n"
        "os.chdir('/job/output'); os.abort()",
        (ERROR,),
    ),
    "23 turning the clock": Attack(
        "import time\ntry: time.clock_settime(time.CLOCK_REALTIME, 0); print('SET')\nexcept OSError: pass",
        (OK,),
    ),
    "26 start-up files for the next run": Attack(
        "import os, site, sysconfig\n"
        "for place in (sysconfig.get_path('purelib'), site.getusersitepackages(), '/etc'):\n"
        "  try:\n    os.makedirs(place, exist_ok=True); open(place + '/evil.pth', 'w').write('import os')\n"
        "  except OSError: pass",
        (OK,),
    ),
    "27 shared memory for the next run": Attack(
        "from multiprocessing import shared_memory as s\nm = s.SharedMemory('mark', create=True, size=9)\n"
        "m.buf[0] = 7\nimport os; os._exit(0)",
        (OK,),
    ),
    "36 a link to the password file": Attack(
        "import os; os.symlink('/etc/passwd', '/job/output/x')", (INVALID,)
    ),
    "36 a pipe that hangs its reader": Attack("import os; os.mkfifo('/job/output/x')", (INVALID,)),
    "37 output swapped after the end": Attack(
        "import os, time\nopen('/job/output/x', 'w').write('first')\nif not os.fork():\n  os.setsid()\n"
        "  while True:\n    open('/job/output/y', 'w').write('z' * 1000)\n"
        "    os.replace('/job/output/y', '/job/output/x')",
        (OK,),
        within_s=6.0,
    ),
}
WITNESS = """
import glob, os, sys
print(os.listdir("/job/output"), os.listdir("/dev/shm"), os.listdir("/tmp"))
print(len(glob.glob("/proc/[0-9]*")), "evil" in str(glob.glob("/usr/**/*.pth", recursive=True)))
"""


@pytest.fixture(scope="session")
def before(engine: docker.DockerClient) -> set[str]:
    return {volume.name for volume in engine.volumes.list()}


@pytest.mark.parametrize("name", ATTACKS)
def test_the_attack_fails(run: Callable[..., Outcome], before: set[str], name: str) -> None:
    attack = ATTACKS[name]
    began = time.monotonic()
    outcome = run(attack.program, limits=attack.limits)
    assert outcome.verdict in attack.verdicts, outcome
    assert time.monotonic() - began < attack.within_s
    assert not any(word in outcome.stdout for word in (b"ALLOWED", b"WROTE", b"SET", b"READ"))
    assert len(outcome.stdout) <= 64 * 1024
    assert len(outcome.stderr) <= 64 * 1024
    assert "late" not in outcome.files


def test_after_all_of_them_a_program_finds_a_fresh_world(
    run: Callable[..., Outcome], engine: docker.DockerClient, before: set[str]
) -> None:
    outcome = run(WITNESS)
    assert outcome.verdict == Verdict.OK
    assert outcome.stdout == b"[] [] []\n2 False\n"
    assert {volume.name for volume in engine.volumes.list()} <= before | {
        volume.name for volume in engine.volumes.list() if volume.name.startswith("leitai-data-")
    }
